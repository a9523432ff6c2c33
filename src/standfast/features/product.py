"""How the product was used before each date: level, trend, recency, and the share of what was paid for."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from standfast.features.policy import SnapshotPolicy
from standfast.features.windows import (
    BUCKETED_DAYS,
    KEYS,
    UNITS,
    FeatureTable,
    bounded,
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
_WINDOWS = (30, 90, 120, 180)
_PEAKS = ("limit_share", "people")
_YOUNGEST_TREND_DAYS = {30: 60, 90: 120}
"""A trend needs a past: it is missing for accounts with fewer days of tenure."""


def usage_features(usage: "ir.Table", dates: Sequence[date], *, policy: SnapshotPolicy) -> list[FeatureTable]:
    """Give sums, recency and peaks of use per account and date; ``finish_usage`` turns them into features.

    A row without a quantity is one use; a row with a quantity of zero or less is none. Quantities of
    different kinds do not add up (calls of a machine, people who log in), so what is summed is *activity*:
    log2(1 + quantity) of each day and kind of use.
    """
    buckets, spans = day_buckets(dates)
    used = _rows_of_use(usage, last_day=max(dates))
    first_day = min(dates) - timedelta(days=max(BUCKETED_DAYS))
    recent, before = used.filter(used.day >= first_day), used.filter(used.day < first_day)
    sums = _window_sums(_in_buckets(_by_day(recent, before, policy=policy), buckets), spans)
    counts = ("raw_activity", "raw_people_days", "active_days")
    counted = [name for name in sums.columns if name.startswith(counts)]
    parts = [FeatureTable(sums, zeros=tuple(counted))]
    if "event" in used.columns:
        parts.append(_kinds(recent, buckets, spans))
    if "user_id" in used.columns:
        parts += _users(recent, buckets, spans)
    return parts


def finish_usage(known: "Mapping[str, Any]", *, tenure_days: Any) -> "dict[str, ir.Value]":
    """Give activity per day, trends, days since the last use, and the share of seats and limits in use."""
    levels = {k: from_units(known[f"raw_activity_{k}"]) for k in _LEVELS}
    added: dict[str, ir.Value] = {f"usage_{k}d": level / k for k, level in levels.items()}
    for days, whole in ((30, 120), (90, 180)):
        now, both = known[f"raw_activity_{days}"], known[f"raw_activity_{whole}"]
        added[f"usage_trend_{days}d"] = _trend(now, both - now, days=days, tenure_days=tenure_days)
    added["days_since_last_use"] = days_since(known[OBSERVATION_DATE], known["raw_last_day"])
    if "raw_kinds_180" in known:
        added["kinds_kept_30d"] = ratio(known["n_event_kinds_30d"], known["raw_kinds_180"])
    people = "raw_user_days" if "n_users_30d" in known else "raw_people_days"
    if f"{people}_30" in known:
        now, both = known[f"{people}_30"], known[f"{people}_120"]
        added["users_trend_30d"] = _trend(now, both - now, days=30, tenure_days=tenure_days)
    if "raw_limit_share" in known:
        added["usage_limit_share"] = known["raw_limit_share"]
    if (seen := _people_seen(known)) is not None:
        added["seat_utilisation"] = ratio(seen, known["seats"])
    return added


def _rows_of_use(usage: "ir.Table", *, last_day: date) -> "ir.Table":
    """Give the rows that are use, on days before the last date."""
    quantity = usage.quantity.cast("float64").fill_null(1.0) if "quantity" in usage.columns else 1.0
    used = usage.mutate(quantity=quantity)
    return used.filter(used.day < last_day, used.quantity > 0)


def _by_day(recent: "ir.Table", before: "ir.Table", *, policy: SnapshotPolicy) -> "ir.Table":
    """Give one row per account and day with use: many rows become few before any window is looked at.

    Of what came ``before`` all windows the last day alone counts.
    """
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    kind = ["event"] if "event" in recent.columns else []
    units = exact_units(recent.quantity)
    measures = {"units": units.sum()}
    if "limit" in recent.columns:
        measures["limit_share"] = ratio(recent.quantity, recent["limit"]).max()
    if {"event", "quantity"} <= set(recent.columns):
        is_people = recent.event.lower().isin(policy.people_events)
        measures["people"] = is_people.ifelse(units, None).max()
    by_kind = recent.group_by([ACCOUNT_ID, "day", *kind]).agg(**measures)
    peaks = {name: by_kind[name].max() for name in _PEAKS if name in by_kind.columns}
    activity = ((by_kind.units.cast("float64") / UNITS + 1.0).ln() * (UNITS / math.log(2.0))).round()
    by_day = by_kind.group_by([ACCOUNT_ID, "day"]).agg(activity=activity.cast("int64").sum(), **peaks)
    last = before.group_by(ACCOUNT_ID).agg(day=before.day.max())
    kinds = by_day.schema()
    unknown = {name: ibis.null(kinds[name]) for name in by_day.columns[2:]}
    return by_day.union(last.mutate(**unknown))


def _in_buckets(rows: "ir.Table", buckets: "ir.Table") -> "ir.Table":
    """Add the bucket of each row's day; 0 is all that came before the first."""
    joined = rows.left_join(buckets, "day", rname="{name}__right")
    return joined.mutate(bucket=joined.bucket.fill_null(0))


def _window_sums(by_day: "ir.Table", spans: "ir.Table") -> "ir.Table":
    """Give the sums of each lookback per account and observation date."""
    peaks = [name for name in _PEAKS if name in by_day.columns]
    people = {"people_days": by_day.people.sum()} if "people" in peaks else {}
    parts = by_day.group_by([ACCOUNT_ID, "bucket"]).agg(
        activity=by_day.activity.sum(),
        n_days=by_day.count(),
        last_day=by_day.day.max(),
        **people,
        **{name: by_day[name].max() for name in peaks},
    )
    parts = parts.inner_join(spans, "bucket")
    sums = {f"raw_activity_{k}": parts[f"in_{k}"].ifelse(parts.activity, 0).sum() for k in _WINDOWS}
    sums |= {f"raw_{name}": parts.in_30.ifelse(parts[name], None).max() for name in peaks}
    for name in people:
        met = parts[name].fill_null(0)
        sums |= {f"raw_{name}_{k}": parts[f"in_{k}"].ifelse(met, 0).sum() for k in (30, 120)}
    return parts.group_by(list(KEYS)).agg(
        active_days_30d=parts.in_30.ifelse(parts.n_days, 0).sum(), raw_last_day=parts.last_day.max(), **sums
    )


def _kinds(recent: "ir.Table", buckets: "ir.Table", spans: "ir.Table") -> FeatureTable:
    """Give the different kinds of use of 30 and of 180 days."""
    rows = recent.filter(recent.event.notnull()).select(ACCOUNT_ID, "day", "event")
    kinds = _in_buckets(rows, buckets).select(ACCOUNT_ID, "bucket", "event").distinct()
    met = kinds.inner_join(spans.filter(spans.in_180), "bucket")
    by_kind = met.group_by([*KEYS, "event"]).agg(in_30=met.in_30.cast("int64").max())
    counts = by_kind.group_by(list(KEYS)).agg(
        n_event_kinds_30d=by_kind.in_30.sum(), raw_kinds_180=by_kind.count()
    )
    return FeatureTable(counts, zeros=("n_event_kinds_30d", "raw_kinds_180"))


def _users(recent: "ir.Table", buckets: "ir.Table", spans: "ir.Table") -> list[FeatureTable]:
    """Give the different users of 30 days, and on how many days each user came."""
    rows = recent.filter(recent.user_id.notnull()).select(ACCOUNT_ID, "day", "user_id").distinct()
    days = _in_buckets(rows, buckets)
    users = days.group_by([ACCOUNT_ID, "bucket", "user_id"]).agg(n=days.count())
    met = users.inner_join(spans.filter(spans.in_30), "bucket")
    met = met.group_by([*KEYS, "user_id"]).agg(n=met.n.sum())
    now = met.group_by(list(KEYS)).agg(n_users_30d=met.count(), raw_user_days_30=met.n.sum())
    sums = users.group_by([ACCOUNT_ID, "bucket"]).agg(n=users.n.sum())
    whole = sums.inner_join(spans.filter(spans.in_120), "bucket")
    whole = whole.group_by(list(KEYS)).agg(raw_user_days_120=whole.n.sum())
    return [
        FeatureTable(now, zeros=("n_users_30d", "raw_user_days_30")),
        FeatureTable(whole, zeros=("raw_user_days_120",)),
    ]


def _trend(now: Any, before: Any, *, days: int, tenure_days: Any) -> "ir.Value":
    """Compare use per day of the last ``days`` with that of the 90 days before (as far as it lived)."""
    lived = bounded(tenure_days - days, 1, 90)
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
