"""How many accounts are not asked about at each date, and why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from standfast.features.labels import gone_in_lead
from standfast.features.policy import LabelPolicy, SnapshotPolicy
from standfast.features.standing import ACTIVE, GONE, IN_GAP, IN_TRIAL, NOT_YET, TOO_YOUNG, standing
from standfast.features.windows import observation_calendar
from standfast.schema import OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

GONE_IN_LEAD = "gone in the lead time"
REASONS = (GONE, IN_GAP, NOT_YET, IN_TRIAL, TOO_YOUNG, GONE_IN_LEAD)
"""Why an account that had appeared is not asked about; each is left out for one of them."""


def left_out_by_date(
    book: "Mapping[str, ir.Table]",
    *,
    dates: Sequence[date],
    as_of: date,
    labels: LabelPolicy,
    policy: SnapshotPolicy,
) -> dict[date, dict[str, int]]:
    """Give for each observation date the number of accounts left out, by reason; zeros are left unsaid.

    An account is counted from the day on which it had appeared: by a subscription, a trial, activity or
    ``started_on`` of accounts. Gone in the lead time is known only where that has passed.
    """
    days = sorted(set(dates))
    found: dict[date, dict[str, int]] = {day: {} for day in days}
    if not days:
        return found
    stood = standing(book, observation_calendar(days), policy=policy)
    apart = stood.filter(stood.state != ACTIVE)
    _add(found, apart.group_by([OBSERVATION_DATE, "state"]).agg(n=apart.count()))
    if labels.lead_days:
        gone = gone_in_lead(book, dates=days, as_of=as_of, policy=labels, churn=policy.churn)
        _add(found, gone.group_by(OBSERVATION_DATE).agg(n=gone.count()).mutate(state=_text(GONE_IN_LEAD)))
    return {day: {reason: found[day][reason] for reason in REASONS if reason in found[day]} for day in days}


def total_left_out(by_date: Mapping[Any, Mapping[str, int]]) -> dict[str, int]:
    """Give the numbers of all dates together, by reason, in the reasons' order.

    >>> total_left_out({date(2024, 1, 1): {"too young": 2}, date(2024, 2, 1): {"too young": 1}})
    {'too young': 3}
    """
    sums = {reason: sum(counts.get(reason, 0) for counts in by_date.values()) for reason in REASONS}
    return {reason: number for reason, number in sums.items() if number}


def _add(found: dict[date, dict[str, int]], counts: "ir.Table") -> None:
    for row in counts.to_pyarrow().to_pylist():
        found[row[OBSERVATION_DATE]][row["state"]] = row["n"]


def _text(text: str) -> "ir.StringScalar":
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    return ibis.literal(text)
