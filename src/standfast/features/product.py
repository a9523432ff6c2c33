"""How the product was used before each date: level, trend, recency, and the share of what was paid for."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from standfast.features.policy import SnapshotPolicy
from standfast.features.windows import (
    KEYS,
    UNITS,
    FeatureTable,
    day_buckets,
    days_since,
    exact_units,
    from_units,
    log_ratio,
    ratio,
)
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LEVELS = (30, 90, 180)
_PEAKS = ("limit_share", "people")
_YOUNGEST_TREND_DAYS = {30: 60, 90: 120}
"""A trend needs a past: it is missing for accounts with fewer days of tenure."""


def usage_features(usage: "ir.Table", dates: Sequence[date], *, policy: SnapshotPolicy) -> list[FeatureTable]:
    """Give sums, recency and peaks of use per account and date; ``finish_usage`` turns them into features.

    A row without a quantity is one use; a row with a quantity of zero or less is none.
    """
    days, spans = day_buckets(dates)
    used = _in_buckets(usage, days, last_day=max(dates))
    sums = _window_sums(_by_day(used, policy=policy), spans)
    counted = [name for name in sums.columns if name.startswith(("raw_units", "raw_activity", "active_days"))]
    parts = [FeatureTable(sums, zeros=tuple(counted))]
    for name, column in (("n_event_kinds_30d", "event"), ("n_users_30d", "user_id")):
        if column in used.columns:
            parts.append(FeatureTable(_distinct_30d(used, spans, column=column, name=name), zeros=(name,)))
    return parts


def finish_usage(known: "Mapping[str, Any]", *, tenure_days: Any) -> "dict[str, ir.Value]":
    """Give quantities per day, trends, days since the last use, and the share of seats and limits in use.

    Trends compare *activity*, log2(1 + quantity) summed over rows, so that one burst of machine calls does
    not drown what people did.
    """
    added: dict[str, ir.Value] = {f"usage_{k}d": from_units(known[f"raw_units_{k}"]) / k for k in _LEVELS}
    for days, whole in ((30, "raw_activity_120"), (90, "raw_activity_180")):
        now = known[f"raw_activity_{days}"]
        before = known[whole] - now
        added[f"usage_trend_{days}d"] = _trend(now, before, days=days, tenure_days=tenure_days)
    added["days_since_last_use"] = days_since(known[OBSERVATION_DATE], known["raw_last_day"])
    if "raw_limit_share" in known:
        added["usage_limit_share"] = known["raw_limit_share"]
    if (seen := _people_seen(known)) is not None:
        added["seat_utilisation"] = ratio(seen, known["seats"])
    return added


def _in_buckets(usage: "ir.Table", days: "ir.Table", *, last_day: date) -> "ir.Table":
    """Give the rows of use before the last date, with their bucket and exact measures."""
    quantity = usage.quantity.cast("float64").fill_null(1.0) if "quantity" in usage.columns else 1.0
    used = usage.mutate(quantity=quantity)
    used = used.filter(used.day < last_day, used.quantity > 0)
    activity = ((used.quantity + 1.0).ln() * (UNITS / math.log(2.0))).round().cast("int64")
    joined = used.left_join(days, "day", rname="{name}__right")
    bucket = joined.bucket.fill_null(0)
    return joined.mutate(bucket=bucket, units=exact_units(joined.quantity), activity=activity)


def _by_day(used: "ir.Table", *, policy: SnapshotPolicy) -> "ir.Table":
    """Give one row per account and day with use: many rows become few before any window is looked at."""
    measures = {"units": used.units.sum(), "activity": used.activity.sum()}
    if "limit" in used.columns:
        measures["limit_share"] = ratio(used.quantity, used["limit"]).max()
    if {"event", "quantity"} <= set(used.columns):
        is_people = used.event.strip().lower().isin(policy.people_events)
        measures["people"] = is_people.ifelse(used.units, None).max()
    return used.group_by([ACCOUNT_ID, "bucket", "day"]).agg(**measures)


def _window_sums(by_day: "ir.Table", spans: "ir.Table") -> "ir.Table":
    """Give the sums of each lookback per account and observation date."""
    peaks = [name for name in _PEAKS if name in by_day.columns]
    parts = by_day.group_by([ACCOUNT_ID, "bucket"]).agg(
        units=by_day.units.sum(),
        activity=by_day.activity.sum(),
        n_days=by_day.count(),
        last_day=by_day.day.max(),
        **{name: by_day[name].max() for name in peaks},
    )
    parts = parts.inner_join(spans, "bucket")
    sums = {f"raw_units_{k}": parts[f"in_{k}"].ifelse(parts.units, 0).sum() for k in _LEVELS}
    sums |= {
        f"raw_activity_{k}": parts[f"in_{k}"].ifelse(parts.activity, 0).sum() for k in (30, 90, 120, 180)
    }
    sums |= {f"raw_{name}": parts.in_30.ifelse(parts[name], None).max() for name in peaks}
    return parts.group_by(list(KEYS)).agg(
        active_days_30d=parts.in_30.ifelse(parts.n_days, 0).sum(), raw_last_day=parts.last_day.max(), **sums
    )


def _distinct_30d(used: "ir.Table", spans: "ir.Table", *, column: str, name: str) -> "ir.Table":
    """Count the distinct values of a column in the last 30 days."""
    met = used.filter(used[column].notnull()).select(ACCOUNT_ID, "bucket", column).distinct()
    recent = met.inner_join(spans.filter(spans.in_30), "bucket")
    return recent.group_by(list(KEYS)).agg(**{name: recent[column].nunique()})


def _trend(now: Any, before: Any, *, days: int, tenure_days: Any) -> "ir.Value":
    """Compare activity per day of the last ``days`` with that of the 90 days before (as far as it lived)."""
    lived = (tenure_days - days).clip(lower=1, upper=90)
    change = log_ratio(now.cast("float64") / days, before.cast("float64") / lived)
    return (tenure_days >= _YOUNGEST_TREND_DAYS[days]).ifelse(change, None)


def _people_seen(known: "Mapping[str, Any]") -> Any:
    """Give the distinct users of 30 days, else the most people on one of those days.

    Missing where there was use but nobody was named, rather than zero; None where no column can tell.
    """
    if "seats" not in known:
        return None
    is_silent = known["active_days_30d"] == 0
    if "n_users_30d" in known:
        users = known["n_users_30d"]
        return ((users > 0) | is_silent).ifelse(users, None)
    if "raw_people" not in known:
        return None
    return is_silent.ifelse(0.0, from_units(known["raw_people"]))
