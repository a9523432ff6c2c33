import pandas as pd
import pytest

from standfast.report.matrix_view import grid, risk_rows, tiers_of
from standfast.report.wording import UNKNOWN
from standfast.schema import RISK_TIERS


def test_every_cell_is_on_the_grid_once(matrix):
    """R3: nine cells, most urgent risk first, highest value first."""
    rows = grid(matrix)
    assert [row.risk for row in rows] == list(RISK_TIERS)
    assert [cell.priority for row in rows for cell in row.cells] == [
        "1",
        "2",
        "7",
        "3",
        "5",
        "8",
        "4",
        "6",
        "9",
    ]


def test_an_empty_cell_says_so_and_keeps_its_name(matrix):
    cell = grid(matrix)[0].cells[1]
    assert (cell.segment, cell.accounts, cell.revenue, cell.bar) == ("Rescue", "no accounts", UNKNOWN, 0)


def test_the_bar_compares_revenue_at_risk_with_the_worst_cell(matrix):
    bars = {cell.priority: cell.bar for row in grid(matrix) for cell in row.cells}
    assert (bars["1"], bars["5"], bars["9"]) == (100, 20, 11)


def test_a_matrix_of_two_by_two_has_two_rows_of_two(matrix):
    """R3: other cuts by settings."""
    small = matrix[matrix["risk_tier"].ne("medium") & matrix["value_tier"].ne("medium")]
    rows = grid(small)
    assert [(row.risk, len(row.cells)) for row in rows] == [("high", 2), ("low", 2)]
    assert tiers_of(small) == (("high", "low"), ("high", "low"))


def test_a_book_without_value_counts_risk_tiers_instead(matrix, scores):
    assert grid(matrix.iloc[:0]) == []
    assert risk_rows(scores) == [("high", "1"), ("medium", "1"), ("low", "2")]


def test_a_book_of_two_risk_tiers_counts_two():
    assert risk_rows(pd.DataFrame({"risk_tier": ["low", "high", "low"]})) == [("high", "1"), ("low", "2")]


@pytest.mark.parametrize("how", ["absent", "empty"])
def test_without_a_risk_model_there_are_no_risk_tiers(scores, how):
    bare = scores.drop(columns="risk_tier") if how == "absent" else scores.assign(risk_tier=None)
    assert risk_rows(bare) == []
