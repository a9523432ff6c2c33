"""The book as it stood on the morning of a day: later rows gone, what was filled in later blank."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from standfast.features.dates import DAY_OF
from standfast.features.policy import SnapshotPolicy
from standfast.schema import ACCOUNT_ID, STATIC_ACCOUNT_COLUMNS

if TYPE_CHECKING:
    import ibis.expr.types as ir

_FILLED_LATER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "subscriptions": ("ended_on", ()),
    "invoices": ("paid_on", ("attempts",)),
    "tickets": ("closed_at", ("reopens", "satisfaction")),
    "contacts": ("left_on", ()),
    "opportunities": ("closed_on", ("won",)),
}
"""The column that is filled in when its day has come, and those that are known with it."""


def as_known(book: "Mapping[str, ir.Table]", day: date, *, policy: SnapshotPolicy) -> "dict[str, ir.Table]":
    """Give the tables as they stood before ``day``; subscriptions that start on it are in force.

    Accounts have no history: they come with the columns that do not move with their fate. A list of contacts
    without ``joined_on`` is today's and is left out.
    """
    known: dict[str, ir.Table] = {}
    for name, table in book.items():
        if name == "accounts":
            known[name] = _accounts(table, day, policy=policy)
        elif name in DAY_OF and DAY_OF[name] in table.columns:
            known[name] = _without_later(name, table, day)
    return known


def _accounts(accounts: "ir.Table", day: date, *, policy: SnapshotPolicy) -> "ir.Table":
    names = dict.fromkeys((ACCOUNT_ID, *STATIC_ACCOUNT_COLUMNS, *policy.static))
    there = accounts.select(*(name for name in names if name in accounts.columns))
    if "started_on" not in there.columns:
        return there
    return there.filter(there.started_on.isnull() | (there.started_on <= day))


def _without_later(name: str, table: "ir.Table", day: date) -> "ir.Table":
    begun = table[DAY_OF[name]].cast("date")
    is_known = begun <= day if name == "subscriptions" else begun < day
    if name == "contacts":
        is_known |= begun.isnull()
    rows = table.filter(is_known)
    filled, with_it = _FILLED_LATER.get(name, ("", ()))
    blank = [column for column in (filled, *with_it) if column in rows.columns]
    if filled not in rows.columns:
        return rows.drop(*blank)
    came = (rows[filled].cast("date") < day).fill_null(False)
    return rows.mutate(**{column: came.ifelse(rows[column], None) for column in blank})
