"""On which days an account did something, and when it was first heard of."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from standfast.errors import InputError
from standfast.features.dates import DAY_OF, EVENT_COLUMNS
from standfast.features.policy import ChurnPolicy
from standfast.schema import ACCOUNT_ID

if TYPE_CHECKING:
    import ibis.expr.types as ir

_HEARD_OF = (*EVENT_COLUMNS, "subscriptions")
"""Tables whose rows show that an account was there."""


def activity_days(book: "Mapping[str, ir.Table]", *, churn: ChurnPolicy) -> "ir.Table":
    """Give each account's days with activity (``day``), once each.

    An invoice is activity when its amount is above zero; a row of usage when its quantity is, or is not
    given; a row of any other table that ``[churn] activity`` names when it has a date.

    Raises
    ------
    InputError
        No table tells of activity, or one that is named does not.
    """
    names = churn.settled(book).activity
    if not names:
        raise InputError(
            "churn by inactivity needs a table that tells who was active, and the book has neither invoices "
            "nor usage: name another under [churn] activity, or give subscriptions under [book]"
        )
    return _together([_active_days(book, name) for name in names]).distinct()


def first_days(book: "Mapping[str, ir.Table]") -> "ir.Table | None":
    """Give the day each account was first heard of in any table (``first_heard_on``), if one has events."""
    heard = [_days(book[name], DAY_OF[name]) for name in _HEARD_OF if name in book]
    if not heard:
        return None
    days = _together(heard)
    return days.group_by(ACCOUNT_ID).agg(first_heard_on=days.day.min())


def _active_days(book: "Mapping[str, ir.Table]", name: str) -> "ir.Table":
    if name not in EVENT_COLUMNS or name not in book:
        there = [known for known in EVENT_COLUMNS if known in book]
        raise InputError(
            f"[churn] activity names {name!r}, which is no table of events in this book; it has {there}"
        )
    rows = book[name]
    if name == "invoices" and "amount" in rows.columns:
        rows = rows.filter((rows.amount > 0).fill_null(False))
    if name == "usage" and "quantity" in rows.columns:
        rows = rows.filter((rows.quantity > 0).fill_null(True))
    return _days(rows, DAY_OF[name])


def _days(rows: "ir.Table", column: str) -> "ir.Table":
    rows = rows.filter(rows[ACCOUNT_ID].notnull(), rows[column].notnull())
    return rows.select(ACCOUNT_ID, day=rows[column].cast("date"))


def _together(parts: "list[ir.Table]") -> "ir.Table":
    return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]
