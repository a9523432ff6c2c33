"""C10: every line says why, in one sentence."""

import numpy as np
import pytest

from standfast.decision.bundles import BUNDLES, Bundle
from standfast.decision.guards import OPEN, REASONS
from standfast.decision.words import Decision, number_words, touch_words, why

CALLS_AND_REVIEW = BUNDLES.index(Bundle(1, 1, 3, 1, 0))
ONE_CALL = BUNDLES.index(Bundle(n_call=1, n_digital=3))
DIGITAL = BUNDLES.index(Bundle(n_digital=3))


def sentence(**parts: object) -> str:
    given = {
        "closed": OPEN, "choice": CALLS_AND_REVIEW, "first": ONE_CALL, "value_per_hour": 412.0,
        "first_per_hour": 900.0, "cut_off": 131.0, "kept": False, "list_full": False, "grows": False,
            "churn_probability": 0.28,
        "upsell_probability": 0.12, "annual_revenue": 96_000.0, "upsell_value": 19_200.0, **parts,
    }  # fmt: skip
    return why(Decision(**{name: np.array([part]) for name, part in given.items()}), bundles=BUNDLES).item()


LEFT = {"value_per_hour": np.nan, "choice": 0}


LEAVES = "28 % likely to leave, 96,000 a year at stake: "
GROWS = "12 % likely to expand, by 19,200 a year: "
AUTOMATED = {**LEFT, "choice": DIGITAL, "first_per_hour": 74.0}
CALLED = {"choice": ONE_CALL}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, LEAVES + "1 review, 3 calls and 1 e-mail are worth 412 an hour; the cut-off is 131"),
        (CALLED, LEAVES + "1 call is worth 412 an hour; the cut-off is 131"),
        ({**CALLED, "grows": True}, GROWS + "1 call is worth 412 an hour; the cut-off is 131"),
        (
            {**CALLED, "churn_probability": np.nan},
            "churn risk unknown, 96,000 a year at stake: 1 call is worth 412 an hour; the cut-off is 131",
        ),
        (
            {**CALLED, "value_per_hour": 100.0},
            LEAVES + "1 call is worth 100 an hour, which uses hours left below the cut-off of 131",
        ),
        (
            {**CALLED, "value_per_hour": 100.0, "kept": True},
            LEAVES + "1 call is worth 100 an hour, kept from the last plan below the cut-off of 131",
        ),
        (
            {**CALLED, "cut_off": 0.0},
            LEAVES + "1 call is worth 412 an hour; there are hours for all that pays",
        ),
        (
            {**LEFT, "first_per_hour": 74.0},
            "left: 1 call would be worth 74 an hour, below the cut-off of 131",
        ),
        (
            {**LEFT, "first_per_hour": 131.2},
            "left: 1 call would be worth 131 an hour, but the hours are used up",
        ),
        (
            {**LEFT, "first_per_hour": 900.0, "list_full": True},
            "left: 1 call would be worth 900 an hour, but its owner's list is full",
        ),
        ({**LEFT, "first_per_hour": 0.0}, "left: no personal touch is worth its cost"),
        (AUTOMATED, "automated messages only: 1 call would be worth 74 an hour, below the cut-off of 131"),
        ({**LEFT, "closed": 0}, "already churned"),
        ({**LEFT, "closed": 1}, "annual_revenue is unknown"),
    ],
)
def test_each_case_has_its_sentence(parts, expected):
    assert sentence(**parts) == expected


@pytest.mark.parametrize("closed", range(len(REASONS)))
def test_every_closed_account_shows_its_reason(closed):
    assert sentence(**LEFT, closed=closed) == REASONS[closed]


@pytest.mark.parametrize(
    ("bundle", "words"),
    [
        (Bundle(), "nothing"),
        (Bundle(n_call=2), "2 calls"),
        (Bundle(3, 1, 1, 2, 3), "2 visits, 1 review, 1 call and 2 e-mails"),
    ],
)
def test_touches_are_counted_in_words(bundle, words):
    assert touch_words(bundle) == words


def test_automated_messages_are_named_where_asked():
    assert touch_words(Bundle(n_digital=3), with_digital=True) == "3 automated messages"


def test_numbers_have_thousands_and_no_negative_zero():
    assert number_words(np.array([1234567.4, -0.2, 12.5])).tolist() == ["1,234,567", "0", "12"]
