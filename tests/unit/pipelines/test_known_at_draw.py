"""U4, U5: what was known at a draw is kept with the arm, for the book of that day cannot be asked again."""

from dataclasses import replace

import numpy as np
import pandas as pd

from standfast.learning.holdout import CHANCE_WANTED
from standfast.pipelines.known_at_draw import known_at_draw, known_of, with_known
from standfast.settings import Settings

SETTINGS = Settings()
NAMED = replace(
    SETTINGS,
    learning=replace(SETTINGS.learning, modifiers=("churn_probability", "seat_utilisation", "nobody_has_it")),
)


def drawn():
    return pd.DataFrame(
        {
            "account_id": ["a", "b"], "churn_probability": 0.1, "auto_renew": [True, False],
            "seat_utilisation": [0.2, np.nan], "sponsor_engagement": 0.1, "open_critical": 0,
            CHANCE_WANTED: 0.25,
        }
    )  # fmt: skip


def test_signs_chance_and_modifiers_are_kept_and_what_is_not_known_is_left_out():
    known = known_at_draw(drawn(), NAMED)
    assert known.tolist() == [
        {"signs_of_sleep": 4, "chance_wanted": 0.25, "seat_utilisation": 0.2},
        {"signs_of_sleep": 2, "chance_wanted": 0.25},
    ]


def test_each_thing_known_becomes_a_column_and_rows_of_before_have_none():
    rows = pd.DataFrame({"known": [*known_at_draw(drawn(), NAMED), None]})
    told = with_known(rows)
    assert told["seat_utilisation"].tolist()[:1] == [0.2]
    assert told["seat_utilisation"].isna().tolist() == [False, True, True]
    assert told["signs_of_sleep"].tolist()[:2] == [4, 2]
    assert known_of(rows, "chance_wanted").isna().tolist() == [False, False, True]
    assert known_of(rows[[]], "chance_wanted").isna().all()
