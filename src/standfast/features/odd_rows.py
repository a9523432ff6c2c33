"""Rows that cannot be true as they stand: dates out of order or ahead, negative amounts, double contracts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from standfast.features.active import dated_rows
from standfast.features.dates import DAY_OF
from standfast.features.findings import Finding, Severity
from standfast.schema import ACCOUNT_ID

if TYPE_CHECKING:
    import ibis.expr.types as ir

_FEW = 0.05
"""Share of a table's rows from which what lies ahead is a matter of the date asked for, not of the rows."""


@dataclass(frozen=True)
class _Order:
    """Two dates of a row of which the second cannot come before the first."""

    table: str
    first: str
    second: str
    says: str
    severity: Severity = "warning"


_ORDERS = (
    _Order("accounts", "started_on", "churned_on", "churned before they started"),
    _Order("subscriptions", "started_on", "ended_on", "ended before they started; they count as never held"),
    _Order("invoices", "issued_on", "paid_on", "were paid before they were issued", "note"),
    _Order("invoices", "issued_on", "due_on", "were due before they were issued"),
    _Order("tickets", "opened_at", "closed_at", "were closed before they were opened"),
    _Order("opportunities", "opened_on", "closed_on", "were closed before they were opened"),
    _Order("contacts", "joined_on", "left_on", "left before they joined"),
)

_AHEAD: Mapping[str, Mapping[str, Severity]] = {
    "accounts": {"started_on": "warning", "churned_on": "warning"},
    "subscriptions": {"started_on": "note"},
    "invoices": {"issued_on": "warning", "paid_on": "warning"},
    "usage": {"day": "warning"},
    "tickets": {"opened_at": "warning", "closed_at": "warning"},
    "surveys": {"answered_at": "warning"},
    "contacts": {"joined_on": "warning"},
    "touches": {"day": "note"},
    "opportunities": {"opened_on": "warning", "closed_on": "note"},
}
"""Dates that tell what happened. The next term, a planned touch and a hoped-for closing may lie ahead."""

_NEGATIVE: Mapping[str, Mapping[str, tuple[Severity, str]]] = {
    "accounts": {"employees": ("warning", "are read as they are")},
    "subscriptions": {
        "amount": ("warning", "lower the revenue of their accounts"),
        "seats": ("warning", "lower the seats of their accounts"),
    },
    "invoices": {"amount": ("note", "count as credits")},
    "usage": {
        "quantity": ("warning", "lower what their accounts used"),
        "limit": ("warning", "are read as they are"),
    },
    "touches": {"minutes": ("warning", "are read as they are")},
    "opportunities": {"amount": ("note", "are read as they are")},
}


def odd_row_counts(name: str, table: "ir.Table", *, as_of: date) -> "dict[str, ir.IntegerValue]":
    """Give, by the finding's name, whether each row is odd (1) or not (0)."""
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    here = set(table.columns)
    today = ibis.literal(as_of, type="date")
    odd: dict[str, ir.BooleanValue] = {}
    for order in _ORDERS:
        if order.table == name and {order.first, order.second} <= here:
            odd[f"order:{name}.{order.second}"] = table[order.second] < table[order.first]
    for column in _AHEAD.get(name, {}):
        if column in here:
            odd[f"future:{name}.{column}"] = table[column].cast("date") > today
    for column in _NEGATIVE.get(name, {}):
        if column in here:
            odd[f"negative:{name}.{column}"] = table[column] < 0
    return {finding: flag.fill_null(False).cast("int64") for finding, flag in odd.items()}


def odd_row_findings(counts: Mapping[str, int], *, table: str, n_rows: int, as_of: date) -> Iterator[Finding]:
    """Say of each kind of odd row how many there are and what to do."""
    for name, n_odd in counts.items():
        if not n_odd:
            continue
        kind, _, place = name.partition(":")
        column = place.partition(".")[2]
        told = f"{n_odd:,} of {n_rows:,} rows of {table}"
        if kind == "order":
            order = next(one for one in _ORDERS if (one.table, one.second) == (table, column))
            yield Finding(
                name=name, severity=order.severity, table=table, column=None,
                explanation=f"{told} {order.says} ({order.second} before {order.first}).",
                way_out="correct them at the source; were day and month swapped?",
            )  # fmt: skip
        elif kind == "future":
            yield _ahead(name, table, column, told=told, share=n_odd / n_rows, as_of=as_of)
        else:
            severity, effect = _NEGATIVE[table][column]
            yield Finding(
                name=name, severity=severity, table=table,
                explanation=f"{told} have a negative {column}; they {effect}.",
                way_out="" if severity == "note" else "correct them at the source",
            )  # fmt: skip


def _ahead(name: str, table: str, column: str, *, told: str, share: float, as_of: date) -> Finding:
    if share > _FEW and column == DAY_OF[table] and _AHEAD[table][column] == "warning":
        explanation = f"{told} have a {column} after {as_of}, when the book is looked at: they play no part."
        return Finding(name=name, severity="note", table=table, explanation=explanation)
    planned = _AHEAD[table][column] == "note"
    return Finding(
        name=name,
        severity=_AHEAD[table][column],
        table=table,
        explanation=f"{told} have a {column} after {as_of}, the date the book is looked at"
        f"{'; they are read as plans' if planned else '; nobody could know them yet'}.",
        way_out="" if planned else "correct them at the source, or look from a later date with --as-of",
    )


def overlapping_subscriptions(subscriptions: "ir.Table") -> "ir.Table":
    """Give one row: subscription rows that begin while another of the account and product runs.

    ``n_overlapping`` rows of ``n_accounts`` accounts.
    """
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    rows = dated_rows(subscriptions)
    same = [ACCOUNT_ID, *(["product"] if "product" in rows.columns else [])]
    before = ibis.window(group_by=same, order_by=[rows.started_on, rows.ended_on], rows=(None, -1))
    rows = rows.mutate(until_before=rows.ended_on.max().over(before))
    overlapping = rows.filter(rows.until_before > rows.started_on)
    return overlapping.agg(n_overlapping=overlapping.count(), n_accounts=overlapping[ACCOUNT_ID].nunique())


def overlap_finding(*, n_overlapping: int, n_accounts: int, n_rows: int) -> Iterator[Finding]:
    """Say how many subscription rows run beside another of the same account and product."""
    if n_overlapping:
        yield Finding(
            name="overlap:subscriptions",
            severity="warning" if n_overlapping > _FEW * n_rows else "note",
            table="subscriptions",
            explanation=f"{n_overlapping:,} of {n_rows:,} subscription rows begin while another of the same "
            f"account and product still runs ({n_accounts:,} accounts); their amounts and seats add up.",
            way_out="fine for add-ons; where a row replaces another, give the old one its ended_on",
        )
