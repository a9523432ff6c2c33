"""When an account had a contract: subscription rows merged into periods, and the rows in force at a date."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from standfast.features.policy import ChurnPolicy
from standfast.features.windows import KEYS, exact_units
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

OPEN_END = date(9999, 12, 31)
"""The end of what has none yet."""


_TRIAL_PLANS = ChurnPolicy().trial_plans


def known_rows(
    subscriptions: "ir.Table", *, allowed_gap_days: int, trial_plans: Collection[str] = _TRIAL_PLANS
) -> "ir.Table":
    """Give the subscription rows, without trials, with the active period each belongs to, and its end.

    Rows that overlap, touch, or follow each other after at most ``allowed_gap_days`` are one active period
    (``period_started_on``, ``period_ended_on``); those that overlap or touch are one island of it. A row
    counts until ``held_until``: its end, or, where a gap behind it was bridged, the start of the next row.
    Rows that end on the day they start, or before, never were in force and are left out.
    """
    rows = dated_rows(subscriptions)
    rows = rows.filter(~is_trial_row(rows, trial_plans=trial_plans))
    spans = _merged_spans(
        rows.select(ACCOUNT_ID, "started_on", "ended_on").distinct(), allowed_gap_days=allowed_gap_days
    )
    keys = [ACCOUNT_ID, "started_on", "ended_on"]
    return rows.inner_join(spans, keys)


def dated_rows(subscriptions: "ir.Table") -> "ir.Table":
    """Give the subscription rows that were in force on at least one day, open ends as ``OPEN_END``."""
    rows = subscriptions.filter(subscriptions[ACCOUNT_ID].notnull(), subscriptions.started_on.notnull())
    ended_on = rows.ended_on.fill_null(OPEN_END) if "ended_on" in rows.columns else _open_end()
    rows = rows.mutate(ended_on=ended_on)
    return rows.filter(rows.started_on < rows.ended_on)


def is_trial_row(rows: "ir.Table", *, trial_plans: Collection[str] = _TRIAL_PLANS) -> "ir.BooleanValue":
    """Give whether a subscription row is a trial: it says so, or its plan is called one."""
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    said: ir.BooleanValue = ibis.literal(value=False)
    if "is_trial" in rows.columns:
        said = rows.is_trial.fill_null(False)
    if "plan" in rows.columns and trial_plans:
        said |= rows.plan.strip().lower().isin(sorted(trial_plans)).fill_null(False)
    return said


def rows_on(rows: "ir.Table", calendar: "ir.Table", *, day: str = OBSERVATION_DATE) -> "ir.Table":
    """Give each row once per observation date on whose ``day`` (a column of the calendar) it counted."""
    counted = [rows.started_on <= calendar[day], rows.held_until > calendar[day]]
    return rows.inner_join(calendar, counted)


def revenue_units_on(rows: "ir.Table", calendar: "ir.Table", *, day: str, name: str) -> "ir.Table":
    """Give per account and observation date the recurring revenue on ``day``, in exact units per period."""
    counted = rows_on(rows.filter(rows.amount.notnull()), calendar, day=day)
    return counted.group_by(list(KEYS)).agg(**{name: exact_units(counted.amount).sum()})


def _open_end() -> "ir.DateScalar":
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    return ibis.literal(OPEN_END, type="date")


def _merged_spans(spans: "ir.Table", *, allowed_gap_days: int) -> "ir.Table":
    """Add to each distinct span its period's dates and ``held_until``.

    An island is an unbroken stretch; a period is islands with allowed gaps between them. Spans are distinct,
    so their order, and with it every running sum, is the same at every run.
    """
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    order = [spans.started_on, spans.ended_on]
    before = ibis.window(group_by=ACCOUNT_ID, order_by=order, rows=(None, -1))
    spans = spans.mutate(end_before=spans.ended_on.max().over(before))
    gap_days = spans.started_on.delta(spans.end_before.fill_null(spans.started_on), unit="day")
    spans = spans.mutate(
        opens_island=(spans.end_before.isnull() | (gap_days > 0)).cast("int64"),
        opens_period=(spans.end_before.isnull() | (gap_days > allowed_gap_days)).cast("int64"),
    )
    so_far = ibis.window(group_by=ACCOUNT_ID, order_by=[spans.started_on, spans.ended_on], rows=(None, 0))
    spans = spans.mutate(
        island=spans.opens_island.sum().over(so_far), period=spans.opens_period.sum().over(so_far)
    )
    islands = _islands(spans)
    joined = spans.inner_join(islands, [ACCOUNT_ID, "period", "island"])
    is_last = (joined.ended_on == joined.island_ended_on) & joined.next_started_on.notnull()
    return joined.select(
        ACCOUNT_ID, "started_on", "ended_on", "island_started_on", "island_ended_on", "period_started_on",
        "period_ended_on", held_until=is_last.ifelse(joined.next_started_on, joined.ended_on),
    )  # fmt: skip


def _islands(spans: "ir.Table") -> "ir.Table":
    """Give one row per island with its dates, the next island's start, and the dates of its period."""
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    islands = spans.group_by([ACCOUNT_ID, "period", "island"]).agg(
        island_started_on=spans.started_on.min(), island_ended_on=spans.ended_on.max()
    )
    within = ibis.window(group_by=[ACCOUNT_ID, "period"])
    in_order = ibis.window(group_by=[ACCOUNT_ID, "period"], order_by=islands.island_started_on)
    return islands.mutate(
        next_started_on=islands.island_started_on.lead().over(in_order),
        period_started_on=islands.island_started_on.min().over(within),
        period_ended_on=islands.island_ended_on.max().over(within),
    )
