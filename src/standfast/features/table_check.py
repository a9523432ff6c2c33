"""What the tables of a book look like before anything is built from them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from standfast.features.account_match import (
    early_findings,
    match_findings,
    silent_findings,
    uncontracted_findings,
)
from standfast.features.blank_spells import blank_findings
from standfast.features.column_drift import number_finding, text_finding
from standfast.features.date_gaps import gap_findings, stale_findings, stray_findings
from standfast.features.dates import DAY_OF, EVENT_COLUMNS
from standfast.features.findings import CheckPolicy, Finding, percent
from standfast.features.odd_rows import odd_row_findings, overlap_finding, overlapping_subscriptions
from standfast.features.stopped import known_body
from standfast.features.table_facts import MonthFacts, ReadTable, TableFacts
from standfast.features.table_look import OF_TODAY, TableLook, columns_of, look_at
from standfast.features.updated_columns import updated_findings
from standfast.schema import TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ODD = ("order:", "future:", "negative:")
_UNIQUE_SHARE = 0.9
_ALMOST_ALL_TWICE = 0.1
_FAR_AHEAD_DAYS = 90
_CAN_BE_CONSTANT = {"is_trial", "language", "limit"}


@dataclass(frozen=True, kw_only=True)
class BookCheck:
    """The tables of a book in figures, and what is worth knowing of them."""

    tables: tuple[TableFacts, ...] = ()
    findings: tuple[Finding, ...] = ()


def check_tables(
    book: "Mapping[str, ir.Table]",
    *,
    read: Mapping[str, ReadTable],
    current: pd.DataFrame,
    dates: Sequence[date],
    as_of: date,
    policy: CheckPolicy,
) -> BookCheck:
    """Give the tables of a book with events in figures, and what is worth knowing of them.

    Parameters
    ----------
    read
        What reading each table told about its rows.
    current
        The accounts as they stand at ``as_of``.
    dates
        The observation dates to learn from.
    """
    looks = {name: look_at(book, name, as_of=as_of) for name in TABLES if name in DAY_OF and name in book}
    facts = {name: _facts(look, read[name], book[name]) for name, look in looks.items()}
    found: list[Finding] = []
    for name, look in looks.items():
        found += _of_time(look, as_of=as_of, policy=policy)
        found += _of_accounts(look, facts[name], current, policy=policy)
        found += _of_rows(look, facts[name], as_of=as_of)
        found += _of_values(look, book[name], dates=dates, policy=policy)
    if "subscriptions" in book:
        (overlap,) = overlapping_subscriptions(book["subscriptions"]).to_pyarrow().to_pylist()
        found += overlap_finding(**overlap, n_rows=looks["subscriptions"].n_rows)
    found += updated_findings(book)
    found += _of_the_date(book, looks, as_of=as_of)
    return BookCheck(tables=tuple(facts.values()), findings=tuple(found))


def _facts(look: TableLook, read: ReadTable, table: "ir.Table") -> TableFacts:
    known = look.n_by_day
    n_rows = max(look.n_rows, 1)
    filled = [column for column in look.by_day.columns if column.startswith("filled ")]
    blanks = {name.removeprefix("filled "): 1.0 - int(look.by_day[name].sum()) / n_rows for name in filled}
    return TableFacts(
        name=look.name,
        n_rows=read.n_rows,
        n_used=read.n_used,
        n_orphans=look.n_strangers,
        n_accounts=int((look.by_account > 0).sum()),
        n_book=len(look.by_account),
        n_duplicates=look.n_rows - int(table.distinct().count().to_pyarrow().as_py()),
        first=known.index.min().date() if len(known) else None,
        last=known.index.max().date() if len(known) else None,
        reasons=dict(read.reasons),
        missing=blanks,
        months=tuple(_months(look, filled)),
    )


def _months(look: TableLook, filled: Sequence[str]) -> Iterator[MonthFacts]:
    for month, row in look.by_month.iterrows():
        shares = {name.removeprefix("filled "): round(float(row[name] / row["n"]), 4) for name in filled}
        yield MonthFacts(month=pd.Timestamp(str(month)).date(), n_rows=int(row["n"]), filled=shares)


def _of_time(look: TableLook, *, as_of: date, policy: CheckPolicy) -> Iterator[Finding]:
    by_day = look.n_by_day
    if by_day.empty:
        return
    yield from stray_findings(look.name, DAY_OF[look.name], by_day, as_of=as_of)
    if look.name not in EVENT_COLUMNS:
        return
    body = known_body(by_day, as_of=as_of)
    if len(body):
        yield from gap_findings(look.name, body)
        yield from stale_findings(look.name, body, as_of=as_of, quiet_days=policy.stale_days)


def _of_accounts(
    look: TableLook, facts: TableFacts, current: pd.DataFrame, *, policy: CheckPolicy
) -> Iterator[Finding]:
    if look.name == "accounts":
        return
    yield from match_findings(facts, strangers=look.strangers, policy=policy)
    yield from silent_findings(facts, look.by_account, current)
    yield from uncontracted_findings(facts)
    if "early" in look.by_day:
        yield from early_findings(facts, int(look.by_day["early"].sum()), policy=policy)


def _of_rows(look: TableLook, facts: TableFacts, *, as_of: date) -> Iterator[Finding]:
    odd = {name: int(look.by_day[name].sum()) for name in look.by_day.columns if name.startswith(_ODD)}
    yield from odd_row_findings(odd, table=look.name, n_rows=look.n_rows, as_of=as_of)
    if facts.n_duplicates:
        share = facts.n_duplicates / max(facts.n_used, 1)
        yield Finding(
            name=f"duplicates:{look.name}",
            severity="warning" if share >= _ALMOST_ALL_TWICE else "note",
            table=look.name,
            explanation=f"{facts.n_duplicates:,} of {facts.n_used:,} rows of {look.name} ({percent(share)}) "
            "repeat another row in every column; each counts.",
            way_out="if the export was joined or appended twice, export it again",
        )


def _of_values(
    look: TableLook, table: "ir.Table", *, dates: Sequence[date], policy: CheckPolicy
) -> Iterator[Finding]:
    yield from _of_spread(look, n_least=policy.few_rows)
    if look.name in OF_TODAY or look.n_by_day.empty:
        return
    by_month = look.by_month
    columns = [name.removeprefix("filled ") for name in by_month.columns if name.startswith("filled ")]
    told = [column for column in columns if column != DAY_OF[look.name]]
    yield from blank_findings(look.name, by_month, columns=told, dates=dates, n_least=policy.few_rows)
    for kind, finding in (("number", number_finding), ("text", text_finding)):
        for column in columns_of(kind, look.name, table):
            if column in look.by_value:
                yield from finding(look.name, column, look.by_value, least=policy.shift_index)


def _of_spread(look: TableLook, *, n_least: int) -> Iterator[Finding]:
    """Say which columns hold one value alone, or another one in each row."""
    kinds = {column.name: column.kind for column in TABLES[look.name].columns}
    for column, spread in look.spreads.items():
        if look.name == "accounts" or spread.n_filled < n_least:
            continue
        place = f"{look.name}.{column}"
        if spread.n_distinct == 1 and column not in _CAN_BE_CONSTANT:
            yield Finding(
                name=f"constant:{place}", severity="note", table=look.name,
                explanation=f"{column} of {look.name} has the same value in all {spread.n_filled:,} filled "
                "rows, so it tells no accounts apart.",
            )  # fmt: skip
        elif kinds[column] == "text" and spread.n_distinct >= _UNIQUE_SHARE * spread.n_filled:
            yield Finding(
                name=f"unique:{place}", severity="note", table=look.name,
                explanation=f"{column} of {look.name} has {spread.n_distinct:,} values in "
                f"{spread.n_filled:,} rows: an identifier or free text, no kind of thing.",
                way_out=f"map the column that says what kind it is under [columns.{look.name}]",
            )  # fmt: skip


def _of_the_date(
    book: "Mapping[str, ir.Table]", looks: Mapping[str, TableLook], *, as_of: date
) -> Iterator[Finding]:
    """Say which later date of a row, such as paid_on, alone pushes the book's date far ahead."""
    days = [look.n_by_day for name, look in looks.items() if name in EVENT_COLUMNS]
    newest = max((day.index.max().date() for day in days if len(day)), default=None)
    if newest is None or (as_of - newest).days <= _FAR_AHEAD_DAYS:
        return
    later = [(table, column) for table, columns in EVENT_COLUMNS.items() for column in columns[1:]]
    for table, column in later:
        if table not in book or column not in book[table].columns:
            continue
        last = book[table][column].cast("date").max().to_pyarrow().as_py()
        if last is not None and last + timedelta(days=1) == as_of:
            yield Finding(
                name=f"late:{table}.{column}",
                severity="error",
                table=table,
                explanation=f"the newest {column} of {table} is {last}, {(last - newest).days:,} days after "
                f"any other row of the book, and so the book is looked at as of {as_of}.",
                way_out=f"correct it at the source, or look from --as-of {newest + timedelta(days=1)}",
            )
