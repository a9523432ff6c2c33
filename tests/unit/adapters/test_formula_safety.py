"""Formula injection: what a spreadsheet would run is made harmless, and comes back exactly."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from standfast.adapters.formula_safety import defuse, undefuse

STARTS = ["", "=", "+", "-", "@", "\t", "\r", "'", "''", "'=", "'''@", "a"]
texts = st.one_of(
    st.none(), st.text(max_size=8), st.builds(str.__add__, st.sampled_from(STARTS), st.text(max_size=4))
)


@given(st.lists(texts, min_size=1, max_size=6), texts.filter(bool))
def test_undefuse_gives_back_exactly_what_was(cells: list[str | None], name: str) -> None:
    frame = pd.DataFrame({name: pd.Series(cells, dtype="str")})
    assert_frame_equal(undefuse(defuse(frame)), frame)


@given(st.lists(texts, min_size=1, max_size=6))
def test_no_defused_text_starts_like_a_formula(cells: list[str | None]) -> None:
    defused = defuse(pd.DataFrame({"name": pd.Series(cells, dtype="str")}))["name"].dropna()
    assert not any(text[:1] in set("=+-@\t\r") and text for text in defused)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''x"])
def test_dangerous_text_gets_one_apostrophe(cell: str) -> None:
    assert defuse(pd.DataFrame({"name": [cell]}))["name"].tolist() == ["'" + cell]


@pytest.mark.parametrize("cell", ["Acme", "'quoted'", "'", "O'Neill", "", "a=b"])
def test_harmless_text_stays(cell: str) -> None:
    assert defuse(pd.DataFrame({"name": [cell]}))["name"].tolist() == [cell]


def test_negative_numbers_are_no_formulas() -> None:
    frame = pd.DataFrame({"value": [-1.5, 2.0], "priority": [-1, 1]})
    assert_frame_equal(defuse(frame), frame)


def test_column_names_and_categories_are_cells_too() -> None:
    defused = defuse(pd.DataFrame({"=cmd": pd.Series(["@x", "ok"], dtype="category")}))
    assert list(defused.columns) == ["'=cmd"]
    assert defused.iloc[:, 0].tolist() == ["'@x", "ok"]


def test_the_frame_given_is_not_changed() -> None:
    frame = pd.DataFrame({"name": ["=1"]})
    defuse(frame)
    assert frame["name"].tolist() == ["=1"]
