"""Reasons and what travels along with the scores."""

import pandas as pd

from standfast.pipelines.scoring import _as_number, _plain, revenue_of


def test_reasons_hold_plain_values():
    assert _plain(float("nan")) is None
    assert _plain(pd.NA) is None
    assert _plain(pd.NaT) is None
    assert _plain(True) is True
    assert _plain(3.0) == 3
    assert isinstance(_plain(3.0), int)
    assert _plain(1.23456789) == 1.2346
    assert _plain("x") == "x"


def test_flags_and_numbers_that_travel_are_numbers_and_other_words_are_unknown():
    words = pd.Series(["yes", "No", "0.5", "warm", "", None, "TRUE"])
    assert _as_number(words).fillna(-1).tolist() == [1, 0, 0.5, -1, -1, -1, 1]


def test_a_book_without_revenue_has_unknown_revenue():
    assert revenue_of(pd.DataFrame({"account_id": ["a"]})).isna().all()
