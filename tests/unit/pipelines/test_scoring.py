"""Reasons and what travels along with the scores."""

import pandas as pd

from standfast.pipelines.reason_text import plain_value
from standfast.pipelines.scoring import _as_number, revenue_of


def test_reasons_hold_plain_values():
    assert plain_value(float("nan")) is None
    assert plain_value(pd.NA) is None
    assert plain_value(pd.NaT) is None
    assert plain_value(True) is True
    assert plain_value(3.0) == 3
    assert isinstance(plain_value(3.0), int)
    assert plain_value(1.23456789) == 1.2346
    assert plain_value("x") == "x"


def test_flags_and_numbers_that_travel_are_numbers_and_other_words_are_unknown():
    words = pd.Series(["yes", "No", "0.5", "warm", "", None, "TRUE"])
    assert _as_number(words).fillna(-1).tolist() == [1, 0, 0.5, -1, -1, -1, 1]


def test_a_book_without_revenue_has_unknown_revenue():
    assert revenue_of(pd.DataFrame({"account_id": ["a"]})).isna().all()
