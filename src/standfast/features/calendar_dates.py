"""Dates that fixed work is made from: the next renewal, and when a person was last in touch."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from standfast.features.active import known_rows, rows_on
from standfast.features.policy import SnapshotPolicy
from standfast.features.windows import before_dates, days_since, observation_calendar
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

RENEWS_ON = "renews_on"
LAST_HUMAN_TOUCH_ON = "last_human_touch_on"


def renewal_dates(
    book: "Mapping[str, ir.Table]", *, as_of: date, policy: SnapshotPolicy, least_term_days: int
) -> "ir.Table | None":
    """Give the nearest renewal ahead, ``renews_on``, of each account's rows in force at the as-of date.

    Only terms of ``least_term_days`` or more count, from the row's start to its renewal: a contract that
    renews each month has no renewal to prepare. None where the book does not tell renewals.
    """
    if "subscriptions" not in book or RENEWS_ON not in book["subscriptions"].columns:
        return None
    rows = known_rows(
        book["subscriptions"],
        allowed_gap_days=policy.allowed_gap_days,
        trial_plans=policy.churn.trial_plans,
    )
    held = rows_on(rows, observation_calendar([as_of]))
    ahead = held.filter(
        held[RENEWS_ON] >= held[OBSERVATION_DATE],
        days_since(held[RENEWS_ON], held.started_on) >= least_term_days,
    )
    return ahead.group_by(ACCOUNT_ID).agg(**{RENEWS_ON: ahead[RENEWS_ON].min()})


def human_touch_dates(
    book: "Mapping[str, ir.Table]", *, as_of: date, human_channels: Collection[str]
) -> "ir.Table | None":
    """Give the day before the as-of date on which each account was last called or seen by a person.

    None where past touches, or their channels, are not known.
    """
    if "touches" not in book or "channel" not in book["touches"].columns:
        return None
    touches = book["touches"]
    human = touches.filter(touches.channel.strip().lower().isin(sorted(human_channels)))
    made = before_dates(human, observation_calendar([as_of]), day="day")
    return made.group_by(ACCOUNT_ID).agg(**{LAST_HUMAN_TOUCH_ON: made.day.max()})
