"""What happened after each observation date: churned, contracted, expanded."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from standfast.features.active import active_accounts, known_rows, revenue_units_on
from standfast.features.policy import LabelPolicy
from standfast.features.windows import KEYS, FeatureTable, canonical_columns, join_features
from standfast.schema import LABELS, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["LabelPolicy", "add_labels", "build_labels"]

_DEFAULTS = LabelPolicy()


def add_labels(
    snapshots: "ir.Table",
    subscriptions: "ir.Table",
    *,
    dates: Sequence[date],
    as_of: date,
    policy: LabelPolicy = _DEFAULTS,
) -> "ir.Table":
    """Give the snapshots with their labels, without those of accounts gone before the horizon began."""
    labels = build_labels(subscriptions, dates=dates, as_of=as_of, policy=policy)
    return snapshots.inner_join(labels, list(KEYS))


def build_labels(
    subscriptions: "ir.Table", *, dates: Sequence[date], as_of: date, policy: LabelPolicy = _DEFAULTS
) -> "ir.Table":
    """Give ``churned``, ``contracted`` and ``expanded`` per active account and observation date t.

    - The churn date is the end of the merged active period; churned = it lies in
      [t + lead, t + lead + horizon). An account whose churn in [t, t + lead) is certain is left out.
    - contracted, expanded: recurring revenue on the last day of that window at most ``contracted_at`` x, at
      least ``expanded_at`` x that at t; empty for churners and where revenue is unknown. An account that paid
      nothing at t cannot contract, and expands when it pays.
    - All three are empty until t + lead + horizon + allowed gap <= ``as_of``: before, a pause may still turn
      out to be churn, and an end that lies ahead is only a plan.
    """
    subscriptions = canonical_columns("subscriptions", subscriptions)
    rows = known_rows(subscriptions, allowed_gap_days=policy.allowed_gap_days)
    calendar = _label_calendar(dates, as_of=as_of, policy=policy)
    observed = active_accounts(rows, calendar).inner_join(calendar, OBSERVATION_DATE)
    gone = (observed.period_ended_on < observed.window_start) & (
        observed.period_ended_on <= observed.settled_on
    )
    observed = observed.filter(~gone)
    ended = (observed.period_ended_on >= observed.window_start) & (
        observed.period_ended_on < observed.window_end
    )
    observed = observed.mutate(churned=observed.is_matured.ifelse(ended, None))
    return _add_revenue_labels(observed, rows, calendar, policy=policy)


def _label_calendar(dates: Sequence[date], *, as_of: date, policy: LabelPolicy) -> "ir.Table":
    """Give the observation dates with their label windows, and the day up to which churn is certain."""
    import ibis  # noqa: PLC0415  (settings import this module and must stay light)

    dates = sorted(set(dates))
    starts = [day + timedelta(days=policy.lead_days) for day in dates]
    ends = [day + timedelta(days=policy.horizon_days) for day in starts]
    settled_on = as_of - timedelta(days=policy.allowed_gap_days)
    columns = {
        OBSERVATION_DATE: dates,
        "window_start": starts,
        "window_end": ends,
        "last_day": [day - timedelta(days=1) for day in ends],
        "settled_on": [settled_on] * len(dates),
        "is_matured": [day + timedelta(days=policy.maturity_days) <= as_of for day in dates],
    }
    return ibis.memtable(columns, schema={**dict.fromkeys(columns, "date"), "is_matured": "boolean"})


def _add_revenue_labels(
    observed: "ir.Table", rows: "ir.Table", calendar: "ir.Table", *, policy: LabelPolicy
) -> "ir.Table":
    """Compare exact revenue at both ends; thresholds in whole thousandths, so that 110 is 1.1 x 100."""
    if "amount" not in rows.columns:
        unknown = observed.churned.nullif(observed.churned)
        return observed.select(*KEYS, "churned", contracted=unknown, expanded=unknown)
    days = {"units_now": OBSERVATION_DATE, "units_end": "last_day"}
    parts = [FeatureTable(revenue_units_on(rows, calendar, day=day, name=name)) for name, day in days.items()]
    joined, known = join_features(observed, parts)
    now, end = joined.units_now.cast("float64"), joined.units_end.cast("float64") * 1000.0
    stayed = joined.is_matured & ~joined.churned & now.notnull() & end.notnull()
    contracted = (now > 0) & (end <= now * float(round(policy.contracted_at * 1000)))
    expanded = (end > 0) & (end >= now * float(round(policy.expanded_at * 1000)))
    known |= {"contracted": stayed.ifelse(contracted, None), "expanded": stayed.ifelse(expanded, None)}
    return joined.select(**{name: known[name] for name in (*KEYS, *LABELS)})
