"""A column that is filled only since some month is told; one that fills up later, or is thin, is not."""

from datetime import date

import pandas as pd
import pytest

from standfast.features.blank_spells import blank_findings
from standfast.features.findings import Finding

MONTHS = pd.date_range("2024-01-01", periods=12, freq="MS", unit="s")
DATES = (date(2024, 3, 1), date(2024, 4, 1), date(2024, 9, 1))


def found(filled: list[int], *, column: str = "closed_at", rows: int = 100) -> list[Finding]:
    by_month = pd.DataFrame({"n": rows, f"filled {column}": filled}, index=MONTHS)
    return list(blank_findings("tickets", by_month, columns=[column], dates=DATES, n_least=50))


def test_a_column_filled_only_since_a_month_blinds_the_dates_before() -> None:
    (finding,) = found([0, 0, 0, 0] + [90] * 8)
    assert (finding.name, finding.severity) == ("blank_since:tickets.closed_at", "warning")
    assert "filled only from 2024-05 on (0 of 400 rows before)" in finding.explanation
    assert "2 of 3 observation dates" in finding.explanation


def test_it_is_a_note_where_no_date_lies_before() -> None:
    assert [finding.severity for finding in found([0] + [90] * 11)] == ["note"]


def test_a_column_no_longer_filled_is_a_warning() -> None:
    (finding,) = found([90] * 10 + [0, 0], column="priority")
    assert (finding.name, finding.severity) == ("blank_from:tickets.priority", "warning")
    assert "from 2024-11 on (as good as blank in 200 rows)" in finding.explanation


@pytest.mark.parametrize(
    ("column", "n_blank", "n_found"),
    [("closed_at", 2, 0), ("closed_at", 3, 1), ("paid_on", 2, 0), ("ended_on", 6, 0), ("won", 6, 0)],
)
def test_what_is_known_only_later_may_be_blank_lately(column: str, n_blank: int, n_found: int) -> None:
    assert len(found([90] * (12 - n_blank) + [0] * n_blank, column=column)) == n_found


@pytest.mark.parametrize("filled", [[90] * 12, [0] * 12, [0, 0] + [3] * 10, [90, 0] * 6])
def test_filled_blank_thin_and_patchy_columns_have_no_spell(filled: list[int]) -> None:
    assert found(filled, column="priority") == []


def test_a_spell_needs_rows() -> None:
    assert found([0] * 4 + [9] * 8, rows=10, column="priority") == []
