"""Which dates to look from: the day after the newest event, and steps back from the newest matured one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from standfast.errors import InputError
from standfast.features.policy import ChurnPolicy

if TYPE_CHECKING:
    import ibis.expr.types as ir

EVENT_COLUMNS = {
    "usage": ("day",),
    "tickets": ("opened_at", "closed_at"),
    "surveys": ("answered_at",),
    "invoices": ("issued_on", "paid_on"),
    "touches": ("day",),
    "opportunities": ("opened_on",),
}
"""Columns that say when something happened. Ends, renewals and due dates may lie ahead and do not count."""

DAY_OF = {
    "accounts": "started_on",
    "subscriptions": "started_on",
    "contacts": "joined_on",
    **{name: columns[0] for name, columns in EVENT_COLUMNS.items()},
}
"""The column of each table that says when a row came to be."""

_STARTS = {"subscriptions": ("started_on",)}
_ACCOUNT_DATES = {"accounts": ("started_on", "churned_on")}
_CHURN = ChurnPolicy()


def observation_dates(
    *,
    first_event: date,
    as_of: date,
    horizon_days: int,
    lead_days: int = 0,
    allowed_gap_days: int = 30,
    step_days: int = 30,
    warm_up_days: int = 90,
    most: int = 24,
) -> tuple[date, ...]:
    """Give the dates to learn from, oldest first: the newest whose labels have matured, and steps back.

    None lies before ``first_event`` + ``warm_up_days``; there may be none at all.

    >>> observation_dates(first_event=date(2024, 1, 1), as_of=date(2024, 9, 1), horizon_days=90)
    (datetime.date(2024, 4, 4), datetime.date(2024, 5, 4))
    """
    newest = as_of - timedelta(days=lead_days + horizon_days + allowed_gap_days)
    oldest = first_event + timedelta(days=warm_up_days)
    steps = (newest - timedelta(days=step_days * n) for n in range(most))
    return tuple(sorted(day for day in steps if day >= oldest))


def newest_event(book: "Mapping[str, ir.Table]") -> date:
    """Give the date of the newest thing that happened in the book.

    Subscription starts count only where nothing else does: the next term's row is often written ahead. Dates
    of accounts count only where there is no table of events at all.

    Raises
    ------
    InputError
        No table holds a single dated event.
    """
    for columns in (EVENT_COLUMNS, _STARTS, _ACCOUNT_DATES):
        if days := _known([day.max() for day in _dates(book, columns)]):
            return max(days)
    raise InputError(
        "the book holds no dated event, so there is no date to look from; check its date columns"
    )


def first_event(book: "Mapping[str, ir.Table]", *, churn: ChurnPolicy = _CHURN) -> date:
    """Give the date from which the book's history is complete enough to look back.

    That is the first start of what tells who is active (a subscription; activity; by column any event, else
    a start of accounts) or the first day of usage, whichever came later: before the first day of usage every
    account would look silent.

    Raises
    ------
    InputError
        None of these tables holds a date.
    """
    begins = _known([day.min() for day in _dates(book, _tells_activity(churn.settled(book)))])
    if not begins and churn.by == "column":
        begins = _known([day.min() for day in _dates(book, {"accounts": ("started_on",)})])
    used = _known([day.min() for day in _dates(book, {"usage": EVENT_COLUMNS["usage"]})])
    if not begins and not used:
        raise InputError(
            "the book holds neither a subscription start nor a day of usage or other activity; check those "
            "columns"
        )
    return max([*([min(begins)] if begins else []), *used])


def _tells_activity(churn: ChurnPolicy) -> Mapping[str, tuple[str, ...]]:
    """Give the columns that tell since when accounts were seen, for how churn is told."""
    if churn.by == "subscription":
        return _STARTS
    happened = {name: (DAY_OF[name],) for name in EVENT_COLUMNS}
    if churn.by == "inactivity":
        return {name: happened[name] for name in churn.activity if name in happened}
    return happened | _STARTS


def _dates(book: "Mapping[str, ir.Table]", columns: Mapping[str, tuple[str, ...]]) -> "list[ir.DateColumn]":
    """Give each of these columns that is there, as dates."""
    return [
        book[table][name].cast("date")
        for table, names in columns.items()
        if table in book
        for name in names
        if name in book[table].columns
    ]


def _known(days: "list[ir.DateScalar]") -> list[date]:
    """Run each expression and give the dates that are there."""
    values = [day.to_pyarrow().as_py() for day in days]
    return [value for value in values if value is not None]
