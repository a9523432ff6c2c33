"""Single calls to accounts without routine hours: when an alert fires, and once a year (C3, C7)."""

import numpy as np

from standfast.decision.calendar_book import CalendarBook, Days
from standfast.decision.calendar_policy import KINDS, CalendarPolicy, FixedKind
from standfast.decision.columns import Bools, Floats, Ints
from standfast.decision.touch_rows import CHANNELS, TouchRows
from standfast.schema import VALUE_TIERS

NEVER_TOUCHED = "no call or visit on record"


def alert_calls(book: CalendarBook, *, policy: CalendarPolicy, minutes: int) -> TouchRows:
    """Return one call per low value account with a risk alert opened lately, the newest alerts first."""
    since = book.start - np.timedelta64(policy.alert_days, "D")
    is_low = book.tier == len(VALUE_TIERS) - 1
    wanted = is_low & book.may_be_answered & (book.alerted >= since) & (book.alerted <= book.start)
    account = np.flatnonzero(wanted)
    account = account[np.argsort(-_numbers(book.alerted[account]), kind="stable")]
    within = (book.end - book.start)[account].astype(np.int64) - 1
    ahead = np.minimum(policy.alert_due_days, within).astype("timedelta64[D]")
    opened = "alert opened on " + _named(book.alerted[account])
    reason = book.alert_reason[account]
    why = opened + np.where(reason == "", "", ": ").astype(object) + reason
    late = np.zeros(len(account), dtype=bool)
    return _calls("alert", book, account, book.start[account] + ahead, minutes=minutes, why=why, is_late=late)


def yearly_calls(book: CalendarBook, *, met: Bools, policy: CalendarPolicy, minutes: int) -> TouchRows:
    """Return one call per account that nobody has called or visited for a year, or will not have by then.

    Who was silent longest comes first. Where no touch is on record, nobody knows for how long: those accounts
    have a day of the year each, by their id, so that a part of them is due in each horizon. Where past
    touches are not known at all, none are made up.

    Parameters
    ----------
    met
        Accounts that get another fixed touch in this horizon.
    """
    due = silent_until(book, policy=policy)
    wanted = book.may_be_called & ~met & (due < book.end)
    account = np.flatnonzero(wanted)
    account = account[np.argsort(_numbers(due[account]), kind="stable")]
    touched = book.touched[account]
    why = np.where(np.isnat(touched), NEVER_TOUCHED, "last call or visit on " + _named(touched))
    late = due[account] < book.start[account]
    return _calls("yearly_call", book, account, due[account], minutes=minutes, why=why, is_late=late)


def silent_until(book: CalendarBook, *, policy: CalendarPolicy) -> Days:
    """Return the day by which each account is to hear from a person; empty where it is not to, or unknown."""
    most = np.array([*(int(policy.silent_days.of(tier)) for tier in VALUE_TIERS), 0])[book.tier]
    if not book.knows_touches:
        return np.full(len(book), np.datetime64("NaT", "D"))
    offset = (book.chance % np.maximum(most, 1).astype(np.uint64)).astype(np.int64)
    past = (np.where(np.isnat(book.start), 0, book.start.astype(np.int64)) - offset) % np.maximum(most, 1)
    its_day = book.start + ((-past) % np.maximum(most, 1)).astype("timedelta64[D]")
    due = np.where(np.isnat(book.touched), its_day, book.touched + most.astype("timedelta64[D]"))
    return np.where(most > 0, due, np.datetime64("NaT", "D"))


def _calls(
    kind: FixedKind,
    book: CalendarBook,
    account: Ints,
    due: Days,
    *,
    minutes: int,
    why: np.ndarray,
    is_late: Bools,
) -> TouchRows:
    """Return one call per account; the minutes of its play go before those of a pooled call."""
    n, own = len(account), book.play_minutes.get(kind, np.zeros(len(book), np.int64))[account]
    return TouchRows(
        account=account,
        due=due,
        minutes=np.where(own > 0, own, minutes),
        channel=np.full(n, CHANNELS.index("call"), dtype=np.int64),
        kind=np.full(n, KINDS.index(kind), dtype=np.int64),
        why=why.astype(object),
        is_late=is_late,
    )


def _numbers(days: Days) -> Floats:
    return days.astype(np.int64).astype(np.float64)


def _named(days: Days) -> np.ndarray:
    return np.datetime_as_string(days, unit="D").astype(object)
