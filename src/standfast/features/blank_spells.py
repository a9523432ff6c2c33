"""Columns that are filled only since some month, or no longer: features before it, or since, are blind."""

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from standfast.features.findings import Finding

_BLANK = 0.01
_CHANCE = 1e-6
_LEAST_FILLED = 0.05
_PATCHY = 0.2
_MATURING = {
    "closed_at": 3, "paid_on": 3, "satisfaction": 3,
    "ended_on": None, "left_on": None, "closed_on": None, "won": None,
    "churned_on": None,
}  # fmt: skip
"""Columns that are filled some time after the row is made: months the newest may lack, None for ever."""


def blank_findings(
    table: str, by_month: pd.DataFrame, *, columns: Sequence[str], dates: Sequence[date], n_least: int
) -> Iterator[Finding]:
    """Say which columns were blank in all of the first months, or are in all of the newest.

    Parameters
    ----------
    by_month
        Rows (``n``) and ``filled COLUMN`` by month, in order.
    n_least
        Rows a blank spell needs.
    """
    for column in columns:
        filled, rows = by_month[f"filled {column}"], by_month["n"]
        if (n_first := _blank_months(filled, rows)) and _is_no_accident(filled, rows, n_first, n_least):
            yield _since(table, column, by_month, n_first, dates=dates)
        newest, all_rows = filled.iloc[::-1], rows.iloc[::-1]
        patience = _MATURING.get(column, 1)
        n_last = _blank_months(newest, all_rows)
        if patience is not None and n_last >= patience and _is_no_accident(newest, all_rows, n_last, n_least):
            yield _until(table, column, by_month, n_last)


def _blank_months(filled: pd.Series, rows: pd.Series) -> int:
    """Count the months, from the first on, in which as good as no row is filled; 0 where that is all."""
    so_far = filled.cumsum() <= _BLANK * rows.cumsum()
    blank = (filled <= _BLANK * rows) & so_far
    n_blank = len(blank) if blank.all() else int((~blank).to_numpy().argmax())
    return 0 if n_blank == len(blank) else n_blank


def _is_no_accident(filled: pd.Series, rows: pd.Series, n_blank: int, n_least: int) -> bool:
    """Tell whether so many blanks are beyond luck, at the rate the column is filled elsewhere.

    Where other months are blank too, the column comes and goes, and the spell says nothing.
    """
    rest = filled.iloc[n_blank:] <= _BLANK * rows.iloc[n_blank:]
    if rest.mean() > _PATCHY:
        return False
    n_rows = int(rows.iloc[:n_blank].sum())
    share = float(filled.iloc[n_blank:].sum() / rows.iloc[n_blank:].sum())
    return n_rows >= n_least and share >= _LEAST_FILLED and (1.0 - share) ** n_rows < _CHANCE


def _since(
    table: str, column: str, by_month: pd.DataFrame, n_first: int, *, dates: Sequence[date]
) -> Finding:
    since = by_month.index[n_first]
    blank = by_month.iloc[:n_first]
    n_filled, n_rows = int(blank[f"filled {column}"].sum()), int(blank["n"].sum())
    n_blind = sum(day <= since.date() for day in dates)
    blind = f"{n_blind} of {len(dates)} observation dates lie before and see nothing of it"
    return Finding(
        name=f"blank_since:{table}.{column}",
        severity="warning" if n_blind else "note",
        table=table,
        explanation=f"{column} of {table} is filled only from {since:%Y-%m} on ({n_filled:,} of {n_rows:,} "
        f"rows before){f'; {blind}' if n_blind else ''}.",
        way_out=f"look from later dates alone, [snapshots] dates, or leave the column out: [columns.{table}]"
        if n_blind
        else "",
    )


def _until(table: str, column: str, by_month: pd.DataFrame, n_last: int) -> Finding:
    first = by_month.index[len(by_month) - n_last]
    n_rows = int(by_month["n"].iloc[-n_last:].sum())
    return Finding(
        name=f"blank_from:{table}.{column}",
        severity="warning",
        table=table,
        explanation=f"{column} of {table} is no longer filled from {first:%Y-%m} on (as good as blank in "
        f"{n_rows:,} rows), so what is scored now is told apart without it.",
        way_out="export it again, or leave the column out",
    )
