"""A flat table's figures come as text."""

import numpy as np
import pandas as pd

from standfast.pipelines.typed_rows import typed_rows


def test_figures_written_as_text_are_numbers_and_ids_and_words_stay():
    rows = pd.DataFrame(
        {"account_id": ["1", "2", "3"], "fee": ["1.5", "", "7"], "plan": ["a", "b", "a"],
         "churned": [True, False, True]}
    )  # fmt: skip
    typed = typed_rows(rows)
    assert np.array_equal(typed["fee"], [1.5, np.nan, 7.0], equal_nan=True)
    assert typed.drop(columns="fee").equals(rows.drop(columns="fee"))


def test_words_under_the_name_of_one_of_our_figures_are_unknown_and_break_no_rule():
    """U4: "10 to 20" seats is no number of seats."""
    typed = typed_rows(pd.DataFrame({"seats": ["10 to 20", "more", "many"], "tickets_30d": ["x", "x", "x"]}))
    assert typed["seats"].isna().all()
    assert typed["tickets_30d"].dtype == float
