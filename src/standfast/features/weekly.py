"""What happened at each account week by week, for people to look at; no model sees it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from standfast.features.activity import activity_days
from standfast.features.dates import DAY_OF
from standfast.features.policy import ChurnPolicy
from standfast.features.windows import days_since
from standfast.schema import ACCOUNT_ID

if TYPE_CHECKING:
    import ibis.expr.types as ir

DAYS_PER_WEEK = 7
ACTIVE = ("usage", "invoices")
"""Tables of which days with something are counted: quantities of different kinds do not add up."""


def weekly_marks(book: "Mapping[str, ir.Table]", *, as_of: date, weeks: int) -> "ir.Table | None":
    """Give how often something happened at each account in each of the weeks before ``as_of``.

    Columns: account_id, ``what`` (usage, invoices: on how many days of the week; tickets: how many were
    opened), ``weeks_ago`` (0: the seven days before ``as_of``), ``n``. Weeks without anything have no row.
    None where the book has none of these tables.
    """
    parts = [
        activity_days(book, churn=ChurnPolicy(by="inactivity", activity=(name,)))
        for name in ACTIVE
        if name in book
    ]
    names = [name for name in ACTIVE if name in book]
    if "tickets" in book:
        opened = book["tickets"].filter(book["tickets"][ACCOUNT_ID].notnull())
        parts.append(opened.select(ACCOUNT_ID, day=opened[DAY_OF["tickets"]].cast("date")))
        names.append("tickets")
    counted = [
        _by_week(days, what, as_of=as_of, weeks=weeks) for days, what in zip(parts, names, strict=True)
    ]
    return counted[0].union(*counted[1:]) if len(counted) > 1 else counted[0] if counted else None


def _by_week(days: "ir.Table", what: str, *, as_of: date, weeks: int) -> "ir.Table":
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    first = as_of - timedelta(days=DAYS_PER_WEEK * weeks)
    known = days.filter(days.day >= ibis.date(first), days.day < ibis.date(as_of))
    ago = (days_since(ibis.date(as_of), known.day) - 1) // DAYS_PER_WEEK
    placed = known.mutate(what=ibis.literal(what), weeks_ago=ago.cast("int64"))
    return placed.group_by(ACCOUNT_ID, "what", "weeks_ago").agg(n=placed.count().cast("int64"))
