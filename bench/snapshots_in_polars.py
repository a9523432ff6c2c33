"""The features of use and of contracts that the bench compares, written by hand in Polars."""

import os
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import polars as pl

DAY = pl.col("day")


def look(place: Path, dates: Sequence[date], output: Path) -> int:
    """Write the features at the dates and give the number of rows."""
    usage = pl.scan_parquet(place / "usage.parquet")
    usage = usage.filter(max(dates) > DAY, pl.col("quantity") > 0)
    by_kind = usage.group_by("account_id", "day", "event").agg(pl.col("quantity").sum())
    activity = ((1 + pl.col("quantity").cast(pl.Float64)).log(2) * 10_000).round().cast(pl.Int64)
    by_day = by_kind.group_by("account_id", "day").agg(activity=activity.sum())
    people = usage.select("account_id", "day", "user_id").unique()
    contracts = pl.scan_parquet(place / "subscriptions.parquet")
    parts = [_on(t, contracts, by_day, by_kind, people) for t in dates]
    found = pl.concat(parts).sort("observation_date", "account_id").collect(engine="streaming")
    found.write_parquet(output)
    return len(found)


def _on(
    t: date, contracts: pl.LazyFrame, by_day: pl.LazyFrame, by_kind: pl.LazyFrame, people: pl.LazyFrame
) -> pl.LazyFrame:
    """Give the features of one date."""
    recent = by_day.filter(_in(t, 180)).group_by("account_id")
    activity = {f"activity_{k}": pl.col("activity").filter(_in(t, k)).sum() for k in (30, 90, 120, 180)}
    last = by_day.filter(t > DAY).group_by("account_id").agg(last=DAY.max())
    kinds = by_kind.filter(_in(t, 180)).group_by("account_id", "event").agg(now=_in(t, 30).any())
    users = people.filter(_in(t, 120)).group_by("account_id")
    parts = (
        recent.agg(active_days_30d=_in(t, 30).sum(), **activity),
        last,
        kinds.group_by("account_id").agg(n_event_kinds_30d=pl.col("now").sum(), kinds=pl.len()),
        users.agg(
            n_users_30d=pl.col("user_id").filter(_in(t, 30)).n_unique(),
            people_30=_in(t, 30).sum(),
            people_120=pl.len(),
        ),
    )
    joined = _held(contracts, t)
    for part in parts:
        joined = joined.join(part, on="account_id", how="left")
    return _finished(joined, t)


def _finished(joined: pl.LazyFrame, t: date) -> pl.LazyFrame:
    return joined.select(
        "account_id",
        pl.lit(t).alias("observation_date"),
        "annual_revenue",
        "seats",
        "tenure_days",
        *((_known(f"activity_{k}") / 10_000 / k).alias(f"usage_{k}d") for k in (30, 90, 180)),
        _known("active_days_30d"),
        _known("n_event_kinds_30d"),
        _known("n_users_30d"),
        usage_trend_30d=_trend("activity", 30, 120),
        usage_trend_90d=_trend("activity", 90, 180),
        users_trend_30d=_trend("people", 30, 120),
        kinds_kept_30d=_ratio(_known("n_event_kinds_30d"), _known("kinds")),
        days_since_last_use=(pl.lit(t) - pl.col("last")).dt.total_days(),
        seat_utilisation=_ratio(_known("n_users_30d"), pl.col("seats")),
    )


def _held(contracts: pl.LazyFrame, t: date) -> pl.LazyFrame:
    begun = pl.col("started_on") <= t
    held = contracts.filter(begun, pl.col("ended_on").is_null() | (pl.col("ended_on") > t))
    tenure = (pl.lit(t) - pl.col("started_on").cast(pl.Date)).dt.total_days()
    return held.select("account_id", "seats", annual_revenue="amount", tenure_days=tenure)


def _in(t: date, k: int) -> pl.Expr:
    return DAY.is_between(t - timedelta(days=k), t, closed="left")


def _known(name: str) -> pl.Expr:
    return pl.col(name).fill_null(0)


def _trend(what: str, days: int, whole: int) -> pl.Expr:
    now, both = _known(f"{what}_{days}"), _known(f"{what}_{whole}")
    tenure = pl.col("tenure_days")
    ours, theirs = now / days, (both - now) / (tenure - days).clip(1, 90)
    change = pl.when((ours > 0) & (theirs > 0)).then((ours / theirs).log().clip(-3, 3))
    change = change.when(ours > 0).then(3.0).when(theirs > 0).then(-3.0)
    return pl.when(tenure >= {30: 60, 90: 120}[days]).then(change.round(6))


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole).round(6)
