"""What columns beside the amounts say they are in, looked at before the cells are typed."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from standfast.adapters.book_cells import as_text, quoted
from standfast.adapters.book_files import RawTable
from standfast.errors import InputError
from standfast.features.findings import Finding, some
from standfast.features.read_findings import currency_finding, interval_finding
from standfast.features.read_policy import MONEY_COLUMNS, TIMES_PER_YEAR, Reading
from standfast.schema import Table

Run = Callable[[str], list[tuple[Any, ...]]]


def refuse_unknown_units(table: Table, raw: RawTable, reading: Reading, *, run: Run) -> None:
    """Refuse a table that lacks a column the settings name, or holds money nobody said how to convert.

    Raises
    ------
    InputError
        Names the column and the nearest one there is, or the currencies without a rate.
    """
    for column in reading.policy.extra_columns:
        refuse_absent(column, raw, asked_by=f"[read.{table.name}]")
    if reading.policy.currency is None:
        return
    met = _words(raw, reading.policy.currency, case="upper", run=run)
    unknown = {name: n_rows for name, n_rows in met.items() if name not in reading.rate_of}
    if unknown:
        named = some(f"{name} ({n_rows:,} rows)" for name, n_rows in unknown.items())
        rates = ", ".join(f"{name} = ..." for name in [*unknown][:5])
        raise InputError(
            f"{raw.called} holds money in {named}; say what one unit of each is worth in {reading.currency}: "
            f"rates = {{{rates}}} under [units]"
        )


def refuse_absent(column: str, raw: RawTable, *, asked_by: str) -> None:
    """Refuse a table without a column that is asked for by name.

    Raises
    ------
    InputError
        Names the column and the nearest one there is.
    """
    if column not in raw.types:
        near = get_close_matches(column, list(raw.types), n=1, cutoff=0.0)
        raise InputError(
            f"{raw.called} has no column {column!r}, which {asked_by} names; the nearest is {near[0]!r}"
        )


def unit_findings(table: Table, raw: RawTable, reading: Reading, *, run: Run) -> Iterator[Finding]:
    """Say which intervals nobody knows, and which currencies nobody converts."""
    policy = reading.policy
    if policy.interval is not None:
        met = _words(raw, policy.interval, case="lower", run=run)
        odd = {word: n_rows for word, n_rows in met.items() if word not in TIMES_PER_YEAR}
        if odd:
            yield interval_finding(table.name, policy.interval, odd)
    column = next((name for name in raw.types if name.casefold() == "currency"), None)
    if policy.currency is None and column is not None and table.name in MONEY_COLUMNS:
        met = _words(raw, column, case="upper", run=run)
        if set(met) - {reading.currency.upper()}:
            yield currency_finding(table.name, column, met, currency=reading.currency)


def _words(raw: RawTable, column: str, *, case: str, run: Run) -> Mapping[str, int]:
    """Give the different words of a column, in upper or lower ``case``, with their rows, the most first."""
    text = f"{case}({as_text(quoted(column), raw.types[column], kind='flag')})"
    with raw.explaining():
        rows = run(f"SELECT {text}, count(*) FROM {raw.relation} GROUP BY 1 ORDER BY 2 DESC, 1")
    return {word: n_rows for word, n_rows in rows if word is not None}
