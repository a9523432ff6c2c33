"""What the account had bought at each date: revenue, seats, plan, products, and when it renews."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from standfast.features.active import rows_on
from standfast.features.windows import (
    KEYS,
    FeatureTable,
    days_since,
    exact_units,
    from_units,
    ratio,
)
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

_MAIN = ("plan", "product", "auto_renew")
_YEAR_DAYS = 365


def contract_features(rows: "ir.Table", calendar: "ir.Table") -> list[FeatureTable]:
    """Give revenue, seats, plan, products, auto-renewal and the renewal date per account and date.

    ``rows`` are ``known_rows``. Only what a row said when it started is used, never its end: an end that
    came by cancellation was not known before. So ``days_to_renewal`` looks at ``renews_on`` alone, is
    missing where that has passed, and absent where the table has no such column; the anniversary of the
    active period's start is there for every book.
    """
    held = rows_on(rows, calendar)
    parts = _held_sums(held, when="now") + _held_sums(rows_on(rows, calendar, day="day_180"), when="then")
    if "amount" in rows.columns:
        parts.append(FeatureTable(_price_changes(rows, calendar), zeros=("n_price_changes_365d",)))
    if names := tuple(name for name in _MAIN if name in rows.columns):
        parts.append(FeatureTable(_main_row(held, names)))
    if "product" in rows.columns:
        products = held.group_by(list(KEYS)).agg(n_products=held["product"].nunique())
        parts.append(FeatureTable(products))
    if "renews_on" in rows.columns:
        parts.append(FeatureTable(_renewal(held)))
    return parts


def finish_contract(known: "Mapping[str, Any]", *, periods_per_year: int) -> "dict[str, ir.Value]":
    """Give tenure, the anniversary, revenue per year and per seat, and changes as shares of what was."""
    today = known[OBSERVATION_DATE]
    added: dict[str, ir.Value] = {
        "tenure_days": days_since(today, known["raw_first_started_on"]),
        "days_to_anniversary": _YEAR_DAYS - days_since(today, known["raw_period_started_on"]) % _YEAR_DAYS,
    }
    if "raw_seats_now" in known:
        seats, seats_then = (from_units(known[f"raw_seats_{when}"]) for when in ("now", "then"))
        added["seats"] = seats
        added["seats_change_180d"] = ratio(seats - seats_then, seats_then)
    if "raw_amount_now" in known:
        now, then = known["raw_amount_now"], known["raw_amount_then"]
        added[ANNUAL_REVENUE] = from_units(now, times=periods_per_year)
        added["revenue_change_180d"] = ratio(now - then, then)
        if "seats" in added:
            added["revenue_per_seat"] = ratio(added[ANNUAL_REVENUE], seats)
            price_then = ratio(from_units(then, times=periods_per_year), seats_then)
            added["price_change_180d"] = ratio(added["revenue_per_seat"] - price_then, price_then)
    return added


def _held_sums(held: "ir.Table", *, when: str) -> list[FeatureTable]:
    """Give amount and seats of the rows in force, in exact units."""
    there = [name for name in ("amount", "seats") if name in held.columns]
    sums = {f"raw_{name}_{when}": exact_units(held[name]).sum() for name in there}
    return [FeatureTable(held.group_by(list(KEYS)).agg(**sums))] if sums else []


def _main_row(held: "ir.Table", names: tuple[str, ...]) -> "ir.Table":
    """Give ``names`` of the row that brings the most; ties by what was known then, never by the row's end."""
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    order = [held.amount.fill_null(0).desc()] if "amount" in held.columns else []
    order += [held.started_on.desc(), *(held[name].cast("string").fill_null("") for name in names)]
    ranked = held.mutate(place=ibis.row_number().over(ibis.window(group_by=list(KEYS), order_by=order)))
    main = ranked.filter(ranked.place == 0).select(*KEYS, *names)
    return main.mutate(auto_renew=main.auto_renew.cast("float64")) if "auto_renew" in names else main


def _price_changes(rows: "ir.Table", calendar: "ir.Table") -> "ir.Table":
    """Count the rows of the last 365 days whose amount differs from the row before (of the same product)."""
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    line = [ACCOUNT_ID, *(["product"] if "product" in rows.columns else [])]
    priced = rows.filter(rows.amount.notnull())
    starts = priced.select(*line, "started_on", units=exact_units(priced.amount))
    in_order = ibis.window(group_by=line, order_by=[starts.started_on, starts.units])
    starts = starts.mutate(units_before=starts.units.lag().over(in_order))
    changes = starts.filter(starts.units_before.notnull(), starts.units != starts.units_before)
    recent = [changes.started_on > calendar.day_365, changes.started_on <= calendar[OBSERVATION_DATE]]
    joined = changes.inner_join(calendar, recent)
    return joined.group_by(list(KEYS)).agg(n_price_changes_365d=joined.count())


def _renewal(held: "ir.Table") -> "ir.Table":
    """Give the days to the nearest renewal date ahead of the rows in force."""
    ahead = held.filter(held.renews_on >= held[OBSERVATION_DATE])
    soonest = ahead.group_by(list(KEYS)).agg(renews_on=ahead.renews_on.min())
    return soonest.select(*KEYS, days_to_renewal=days_since(soonest.renews_on, soonest[OBSERVATION_DATE]))
