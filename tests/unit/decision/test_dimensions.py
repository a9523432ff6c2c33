"""S1: what a book can be segmented by."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.dimensions import (
    MOST_GROUPS,
    DimensionPolicy,
    available_dimensions,
    group_by_dimension,
    order_groups,
)
from standfast.errors import InputError

POLICY = DimensionPolicy()
BOOK = pd.DataFrame(
    {
        "annual_revenue": [100.0, 50.0, 10.0, np.nan], "industry": ["Retail", "RETAIL", None, "Finance"],
        "plan": "Pro", "product": ["a", "b", "a", "b"], "tenure_days": [10.0, 100.0, 900.0, np.nan],
        "observation_date": pd.Timestamp("2026-01-01"), "owner": None, "seats": [1, 2, 3, 3],
        "is_key": [True, False, True, False],
    }
)  # fmt: skip


def groups(name: str, frame: pd.DataFrame = BOOK) -> list[str]:
    return group_by_dimension(frame, name, policy=POLICY).tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("revenue", ["high", "medium", "low", "unknown"]), ("list", ["A", "B", "D", "unknown"]),
        ("plan", ["Pro"] * 4), ("lifecycle", ["onboarding", "adoption", "growth", "unknown"]),
        ("start_year", ["2025", "2025", "2023", "unknown"]), ("seats", ["1", "2", "3", "3"]),
        ("is_key", ["yes", "no", "yes", "no"]), ("owner", ["unknown"] * 4),
        ("lifecycle+product", ["onboarding, a", "adoption, b", "growth, a", "unknown, b"]),
    ],
)  # fmt: skip
def test_every_dimension_gives_each_account_one_group(name, expected):
    assert groups(name) == expected


def test_words_are_one_group_whatever_their_case_under_the_spelling_most_rows_use():
    book = pd.DataFrame({"industry": ["retail", "Retail", " Retail", "FINANCE", ""]})
    assert groups("industry", book) == ["Retail", "Retail", "Retail", "FINANCE", "unknown"]


def test_many_numbers_are_cut_in_four_bands_named_by_their_ends():
    book = pd.DataFrame({"usage": [float(n) for n in range(100)] + [np.nan]})
    told = group_by_dimension(book, "usage", policy=POLICY)
    assert told.iloc[[0, 99, 100]].tolist() == ["0 to 24", "74 to 99", "unknown"]
    assert order_groups(told) == ["0 to 24", "24 to 49", "49 to 74", "74 to 99", "unknown"]
    assert told.value_counts().max() <= 26


def test_many_words_keep_the_largest_groups_and_count_the_rest():
    book = pd.DataFrame({"city": [f"c{n // 2}" for n in range(60)] + ["c0"]})
    told = group_by_dimension(book, "city", policy=POLICY)
    assert told.nunique() == MOST_GROUPS
    assert "16 smaller ones" in set(told)


def test_groups_come_in_their_own_order_else_the_largest_first_and_unknown_last():
    assert order_groups(pd.Series(["low", "low", "unknown", "high"])) == ["high", "low", "unknown"]
    assert order_groups(pd.Series(["2024 Q2", "2023 Q4", "2023 Q4", "2024 Q1"])) == [
        "2023 Q4",
        "2024 Q1",
        "2024 Q2",
    ]
    assert order_groups(pd.Series(["x", "unknown", "y", "y", "unknown", "unknown"])) == ["y", "x", "unknown"]


def test_a_name_that_is_neither_dimension_nor_column_names_the_nearest():
    with pytest.raises(InputError, match="'industri' to segment by; the nearest is 'industry'"):
        groups("industri")
    with pytest.raises(InputError, match="'country' needs the column 'country'"):
        groups("country")


def test_only_dimensions_with_something_to_tell_are_offered():
    assert available_dimensions(BOOK) == (
        "revenue", "list", "plan", "product", "start_year", "start_quarter", "industry", "lifecycle",
    )  # fmt: skip


@given(
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), min_size=1, max_size=80)
)
def test_no_account_is_lost_and_the_order_of_rows_changes_nothing(values):
    book = pd.DataFrame({"usage": values}, dtype=float)
    told = group_by_dimension(book, "usage", policy=POLICY)
    assert sum((told == name).sum() for name in order_groups(told)) == len(values)
    backwards = group_by_dimension(book[::-1], "usage", policy=POLICY)
    assert backwards[::-1].tolist() == told.tolist()
