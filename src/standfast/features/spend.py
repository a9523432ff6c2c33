"""What accounts without contracts had bought before each date: how much, how often, and how long ago."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from standfast.features.windows import (
    KEYS,
    FeatureTable,
    before_dates,
    days_since,
    exact_units,
    from_units,
    log_ratio,
    ratio,
)
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

_SPANS = (30, 90, 180, 365)


def spend_features(invoices: "ir.Table", calendar: "ir.Table") -> list[FeatureTable]:
    """Give what was spent and on how many days something was bought, per account and date.

    A day counts as a purchase when an invoice of it is above zero; credit notes and returns lower what
    was spent. ``finish_spend`` turns these sums into features.
    """
    if "amount" not in invoices.columns:
        return []
    made = before_dates(_by_day(invoices), calendar, day="issued_on")
    sums: dict[str, ir.Value] = {}
    for k in _SPANS:
        recent = made.issued_on >= made[f"day_{k}"]
        sums[f"raw_spent_{k}"] = recent.ifelse(made.units, 0).sum()
        sums[f"purchases_{k}d"] = recent.ifelse(made.is_purchase, 0).sum()
    bought_on = (made.is_purchase == 1).ifelse(made.issued_on, None)
    found = made.group_by(list(KEYS)).agg(
        raw_n_purchases=made.is_purchase.sum(),
        raw_first_purchase=bought_on.min(),
        raw_last_purchase=bought_on.max(),
        **sums,
    )
    return [FeatureTable(found, zeros=tuple(sums))]


def finish_spend(known: "Mapping[str, Any]") -> "dict[str, ir.Value]":
    """Give spend, its trend, the purchase rhythm, and the revenue of a year: the last 365 days (T1)."""
    added: dict[str, ir.Value] = {f"spend_{k}d": from_units(known[f"raw_spent_{k}"]) for k in _SPANS}
    silence = days_since(known[OBSERVATION_DATE], known["raw_last_purchase"])
    span = days_since(known["raw_last_purchase"], known["raw_first_purchase"])
    rhythm = ratio(span, known["raw_n_purchases"] - 1)
    added["spend_trend_90d"] = log_ratio(
        known["raw_spent_90"], known["raw_spent_180"] - known["raw_spent_90"]
    )
    added["mean_purchase"] = ratio(from_units(known["raw_spent_365"]), known["purchases_365d"])
    added["days_since_last_purchase"] = silence
    added["days_between_purchases"] = rhythm
    added["purchase_overdue"] = ratio(silence, rhythm)
    added[ANNUAL_REVENUE] = from_units(known["raw_spent_365"])
    return added


def _by_day(invoices: "ir.Table") -> "ir.Table":
    """Give one row per account and day with what was spent and whether anything was bought."""
    rows = invoices.filter(invoices.amount.notnull(), invoices.issued_on.notnull())
    return rows.group_by([ACCOUNT_ID, "issued_on"]).agg(
        units=exact_units(rows.amount).sum(), is_purchase=(rows.amount > 0).cast("int64").max()
    )
