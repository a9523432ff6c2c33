"""What a contract asks for: guidance of new accounts, and the steps before a renewal (C6)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from standfast.decision.calendar_book import CalendarBook, Days
from standfast.decision.calendar_policy import KINDS, ONBOARDING, RENEWAL_CHANNELS, CalendarPolicy, FixedKind
from standfast.decision.columns import Ints
from standfast.decision.touch_rows import CHANNELS, TouchRows
from standfast.schema import VALUE_TIERS


@dataclass(frozen=True, eq=False)
class _Rhythm:
    """Steps around a date: days after it (before it: negative), channels, hours by weight, and the words."""

    kind: FixedKind
    words: tuple[str, str]
    days: Sequence[int]
    channels: Sequence[str]
    hours: float
    weights: Sequence[float]

    def minutes(self, play_minutes: Ints) -> Ints:
        """Return the minutes of each step, (accounts, steps); a play's own minutes go before the hours."""
        share = np.cumsum(self.weights) / np.sum(self.weights) if len(self.weights) else np.zeros(0)
        total = np.where(play_minutes > 0, play_minutes, round(self.hours * 60))
        return np.diff(np.rint(share * total[:, None]), prepend=0, axis=1).astype(np.int64)


def onboarding_sessions(book: CalendarBook, *, policy: CalendarPolicy) -> TouchRows:
    """Return the sessions of accounts that are new, as far as they lie within the horizon."""
    return TouchRows.together(
        *(_steps(book, tier, book.started, _guidance(tier, policy)) for tier in VALUE_TIERS)
    )


def renewal_steps(book: CalendarBook, *, policy: CalendarPolicy) -> TouchRows:
    """Return the steps before each renewal that lie within the horizon; a tier without hours has none."""
    return TouchRows.together(
        *(_steps(book, tier, book.renews, _preparation(tier, policy)) for tier in VALUE_TIERS)
    )


def _guidance(tier: str, policy: CalendarPolicy) -> _Rhythm:
    sessions = ONBOARDING[tier]
    return _Rhythm(
        "onboarding",
        ("started on ", ": day {} of onboarding"),
        [session.day for session in sessions],
        [session.channel for session in sessions],
        policy.onboarding_hours.of(tier),
        [session.weight for session in sessions],
    )


def _preparation(tier: str, policy: CalendarPolicy) -> _Rhythm:
    channels, days = RENEWAL_CHANNELS[tier], policy.renewal_days
    return _Rhythm(
        "renewal",
        ("renews on ", ": {} days before"),
        [-day for day in days],
        [channels[min(place, len(channels) - 1)] for place in range(len(days))],
        policy.renewal_hours.of(tier),
        [1.0] * len(days),
    )


def _steps(book: CalendarBook, tier: str, dates: Days, rhythm: _Rhythm) -> TouchRows:
    """Return the steps of one tier's accounts that lie within the horizon and ahead."""
    is_member = (book.tier == VALUE_TIERS.index(tier)) & book.has_contract_work & ~np.isnat(dates)
    members = np.flatnonzero(is_member)
    due = dates[members, None] + np.array(rhythm.days, dtype="timedelta64[D]")
    minutes = rhythm.minutes(book.play_minutes.get(rhythm.kind, np.zeros(len(book), np.int64))[members])
    within = (due >= book.start[members, None]) & (due < book.end[members, None]) & (minutes > 0)
    row, step = np.nonzero(within)
    account = members[row]
    named = np.datetime_as_string(dates[account], unit="D").astype(object)
    endings = np.array([rhythm.words[1].format(abs(day)) for day in rhythm.days], dtype=object)
    channels = np.array([CHANNELS.index(name) for name in rhythm.channels], dtype=np.int64)
    return TouchRows(
        account=account,
        due=due[row, step],
        minutes=minutes[row, step],
        channel=channels[step],
        kind=np.full(len(account), KINDS.index(rhythm.kind), dtype=np.int64),
        why=rhythm.words[0] + named + endings[step],
        is_late=np.zeros(len(account), dtype=bool),
    )
