"""What happened after each observation date: churned, contracted, expanded."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from standfast.features.active import known_rows, revenue_units_on
from standfast.features.activity import activity_days
from standfast.features.policy import ChurnPolicy, LabelPolicy, SnapshotPolicy
from standfast.features.spend_labels import spend_in_windows
from standfast.features.standing import ACTIVE, standing
from standfast.features.windows import KEYS, UNITS, FeatureTable, join_features
from standfast.schema import LABELS, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["LabelPolicy", "add_labels", "build_labels", "build_outcomes", "gone_in_lead"]

_DEFAULTS = LabelPolicy()
_CHURN = ChurnPolicy()


def add_labels(
    snapshots: "ir.Table",
    book: "Mapping[str, ir.Table]",
    *,
    dates: Sequence[date],
    as_of: date,
    policy: LabelPolicy = _DEFAULTS,
    churn: ChurnPolicy = _CHURN,
) -> "ir.Table":
    """Give the snapshots with their labels, without those of accounts gone before the horizon began."""
    labels = build_labels(book, dates=dates, as_of=as_of, policy=policy, churn=churn)
    return snapshots.inner_join(labels, list(KEYS))


def build_labels(
    book: "Mapping[str, ir.Table]",
    *,
    dates: Sequence[date],
    as_of: date,
    policy: LabelPolicy = _DEFAULTS,
    churn: ChurnPolicy = _CHURN,
) -> "ir.Table":
    """Give ``churned``, ``contracted`` and ``expanded`` per active account and observation date t.

    The label window is [t + lead, t + lead + horizon). Who is active at t, ``standing`` says.

    - churned by subscription: the merged active period ends in the window. By column: ``churned_on`` lies in
      it. By inactivity: no activity in it. An account whose end in [t, t + lead) is certain is left out.
    - contracted, expanded: money then at most ``contracted_at`` x, at least ``expanded_at`` x money now plus
      ``expanded_margin``; empty for churners and where money is unknown. An account that paid nothing before
      cannot contract, and expands when it pays. Money is the recurring revenue on the last day of the window
      against that at t; without contracts, what invoices of the window come to against those of
      [t - horizon, t).
    - All three are empty until t + lead + horizon + allowed gap <= ``as_of``: before, a pause may still turn
      out to be churn, and an end that lies ahead is only a plan. Only subscriptions have a gap.

    Raises
    ------
    InputError
        The book lacks what the definition of churn looks at.
    """
    every = build_outcomes(book, dates=dates, as_of=as_of, policy=policy, churn=churn)
    return every.select(*KEYS, *LABELS)


def build_outcomes(
    book: "Mapping[str, ir.Table]",
    *,
    dates: Sequence[date],
    as_of: date,
    policy: LabelPolicy = _DEFAULTS,
    churn: ChurnPolicy = _CHURN,
) -> "ir.Table":
    """Give the labels of ``build_labels``, whether they have matured, and the money that decided them.

    ``units_then`` is money at the end of the label window in exact units; empty where the book tells none.
    """
    churn = churn.settled(book)
    calendar = _label_calendar(dates, as_of=as_of, policy=policy)
    fates = _fates(book, calendar, policy=policy, churn=churn)
    stayed = fates.filter(~fates.is_gone_in_lead)
    return _add_money_labels(stayed, _money(book, calendar, policy=policy, churn=churn), policy=policy)


def gone_in_lead(
    book: "Mapping[str, ir.Table]",
    *,
    dates: Sequence[date],
    as_of: date,
    policy: LabelPolicy = _DEFAULTS,
    churn: ChurnPolicy = _CHURN,
) -> "ir.Table":
    """Give the active accounts and dates that have no label, because churn before the horizon is certain."""
    calendar = _label_calendar(dates, as_of=as_of, policy=policy)
    fates = _fates(book, calendar, policy=policy, churn=churn.settled(book))
    return fates.filter(fates.is_gone_in_lead).select(*KEYS)


def _fates(
    book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, policy: LabelPolicy, churn: ChurnPolicy
) -> "ir.Table":
    """Give each active account and date with ``churned`` (empty until matured) and ``is_gone_in_lead``."""
    snapshot_policy = SnapshotPolicy(allowed_gap_days=policy.allowed_gap_days, churn=churn)
    stood = standing(book, calendar, policy=snapshot_policy)
    active = stood.filter(stood.state == ACTIVE).inner_join(calendar, OBSERVATION_DATE)
    if churn.by == "inactivity":
        came_back = _active_in_window(book, calendar, churn=churn)
        active = active.left_join(came_back, list(KEYS), rname="{name}_back")
        churned, gone = active.came_back.isnull(), active.window_end < active.window_start
    else:
        ended_on = active.period_ended_on
        churned = (ended_on >= active.window_start) & (ended_on < active.window_end)
        gone = (ended_on < active.window_start) & (ended_on <= active.settled_on)
    return active.select(
        *KEYS, "is_matured", churned=active.is_matured.ifelse(churned, None), is_gone_in_lead=gone
    )


def _active_in_window(
    book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, churn: ChurnPolicy
) -> "ir.Table":
    """Give the accounts and dates with activity in the label window."""
    days = activity_days(book, churn=churn)
    inside = [days.day >= calendar.window_start, days.day < calendar.window_end]
    return days.inner_join(calendar, inside).select(*KEYS).distinct().mutate(came_back=1)


def _label_calendar(dates: Sequence[date], *, as_of: date, policy: LabelPolicy) -> "ir.Table":
    """Give the observation dates with their label windows, and the day up to which churn is certain."""
    import ibis  # noqa: PLC0415  (settings import this module and must stay light)

    dates = sorted(set(dates))
    starts = [day + timedelta(days=policy.lead_days) for day in dates]
    ends = [day + timedelta(days=policy.horizon_days) for day in starts]
    settled_on = as_of - timedelta(days=policy.allowed_gap_days)
    columns = {
        OBSERVATION_DATE: dates,
        "horizon_before": [day - timedelta(days=policy.horizon_days) for day in dates],
        "window_start": starts,
        "window_end": ends,
        "last_day": [day - timedelta(days=1) for day in ends],
        "settled_on": [settled_on] * len(dates),
        "is_matured": [day + timedelta(days=policy.maturity_days) <= as_of for day in dates],
    }
    return ibis.memtable(columns, schema={**dict.fromkeys(columns, "date"), "is_matured": "boolean"})


def _money(
    book: "Mapping[str, ir.Table]", calendar: "ir.Table", *, policy: LabelPolicy, churn: ChurnPolicy
) -> list[FeatureTable]:
    """Give ``units_now`` and ``units_then`` in exact units: recurring revenue, else spend."""
    contracts = None if churn.by == "inactivity" else book.get("subscriptions")
    if contracts is not None and "amount" in contracts.columns:
        rows = known_rows(contracts, allowed_gap_days=policy.allowed_gap_days, trial_plans=churn.trial_plans)
        days = {"units_now": OBSERVATION_DATE, "units_then": "last_day"}
        return [
            FeatureTable(revenue_units_on(rows, calendar, day=day, name=name)) for name, day in days.items()
        ]
    if churn.by != "subscription" and "amount" in getattr(book.get("invoices"), "columns", ()):
        return spend_in_windows(book["invoices"], calendar)
    return []


def _add_money_labels(
    stayed: "ir.Table", money: Sequence[FeatureTable], *, policy: LabelPolicy
) -> "ir.Table":
    """Compare both ends; thresholds in whole thousandths, so that 110 is 1.1 x 100."""
    if not money:
        unknown = stayed.churned.nullif(stayed.churned)
        nothing = unknown.cast("int64")
        return stayed.select(
            *KEYS, "is_matured", "churned", contracted=unknown, expanded=unknown, units_then=nothing
        )
    joined, known = join_features(stayed, money)
    now, then = known["units_now"].cast("float64"), known["units_then"].cast("float64") * 1000.0
    kept = joined.is_matured & ~joined.churned & now.notnull() & then.notnull()
    contracted = (now > 0) & (then <= now * float(round(policy.contracted_at * 1000)))
    margin = float(round(policy.expanded_margin * UNITS) * 1000)
    expanded = (then > 0) & (then >= now * float(round(policy.expanded_at * 1000)) + margin)
    known |= {"contracted": kept.ifelse(contracted, None), "expanded": kept.ifelse(expanded, None)}
    return joined.select(**{name: known[name] for name in (*KEYS, "is_matured", *LABELS, "units_then")})
