"""Fixed work as data: which touches an account is owed by the calendar, and how many hours they may take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

from standfast.decision.channel_words import HUMAN_WORDS
from standfast.errors import InputError

FixedKind = Literal["onboarding", "renewal", "yearly_call", "alert"]

KINDS: tuple[FixedKind, ...] = ("onboarding", "renewal", "alert", "yearly_call")
"""Kinds of fixed work; where hours run out the last of them goes first."""


@dataclass(frozen=True)
class Session:
    """One step of onboarding: days after the start, its weight among the tier's hours, and the channel."""

    day: int
    weight: float
    channel: str = "call"


ONBOARDING: Mapping[str, tuple[Session, ...]] = {
    "high": (
        Session(3, 4), Session(10, 3), Session(17, 3), Session(28, 2.5), Session(42, 2),
        Session(60, 2), Session(85, 1.5),
    ),
    "medium": (Session(3, 3), Session(17, 2.5), Session(42, 2), Session(80, 1.5)),
    "low": (Session(7, 1),),
}  # fmt: skip
"""Close guidance first, then a taper (C6): sessions get shorter and come further apart."""

RENEWAL_CHANNELS: Mapping[str, tuple[str, ...]] = {
    "high": ("call", "review", "call", "call"),
    "medium": ("call",),
    "low": ("call",),
}
"""The channel of each renewal step, the earliest first; the last one serves all further steps."""


@dataclass(frozen=True, kw_only=True)
class ByValue:
    """One number per value tier."""

    high: Annotated[float, Ge(0), Doc("High value tier.")]
    medium: Annotated[float, Ge(0), Doc("Medium value tier.")]
    low: Annotated[float, Ge(0), Doc("Low value tier.")]

    def of(self, tier: str) -> float:
        """Return the number of a tier."""
        return float(getattr(self, tier))


@dataclass(frozen=True, kw_only=True)
class CalendarPolicy:
    """Fixed work, planned before outreach, and the share of each owner's hours it may take."""

    onboarding_hours: Annotated[ByValue, Doc("Hours of guidance in the 90 days from an account's start.")] = (
        ByValue(high=9, medium=3, low=0.5)
    )
    renewal_hours: Annotated[
        ByValue, Doc("Hours of one renewal, over all its steps; 0 is an automated notice.")
    ] = ByValue(high=10, medium=2, low=0)
    renewal_days: Annotated[
        tuple[int, ...], Doc("Days before the renewal at which its steps fall due, the earliest first.")
    ] = (120, 90, 60, 30)
    least_term_days: Annotated[
        int, Gt(0), Doc("Terms shorter than this, such as monthly ones, renew without a calendar.")
    ] = 180
    human_channels: Annotated[
        tuple[str, ...], Doc("Channels of a past touch in which a person was called or seen, lower case.")
    ] = HUMAN_WORDS
    silent_days: Annotated[
        ByValue, Doc("Days without a call or visit after which a pooled call is due; 0 is never.")
    ] = ByValue(high=365, medium=365, low=365)
    alert_days: Annotated[
        int, Ge(0), Doc("A low value account gets a call for a risk alert opened within so many days.")
    ] = 30
    alert_due_days: Annotated[int, Ge(0), Doc("Days within which such a call is to be made.")] = 5
    contract_share: Annotated[
        float, Interval(ge=0, le=1), Doc("Most of an owner's hours for onboarding and renewals.")
    ] = 0.4
    alert_share: Annotated[float, Interval(ge=0, le=1), Doc("The same for alert calls.")] = 0.1
    yearly_share: Annotated[float, Interval(ge=0, le=1), Doc("The same for yearly calls.")] = 0.2
    most_share: Annotated[
        float, Interval(ge=0, le=1), Doc("Most of an owner's hours for all fixed work together.")
    ] = 0.6

    def __post_init__(self) -> None:
        """Refuse renewal steps out of order."""
        days = self.renewal_days
        if any(day < 0 for day in days) or list(days) != sorted(set(days), reverse=True):
            raise InputError(
                f"[calendar] renewal_days = {list(days)} must fall, such as [120, 90, 60, 30]: days before "
                "the renewal, the earliest step first"
            )
