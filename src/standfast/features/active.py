"""When an account was active: subscription rows merged into periods, and the rows in force at a date."""

from datetime import date
from typing import TYPE_CHECKING

from standfast.features.windows import KEYS, exact_units
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

if TYPE_CHECKING:
    import ibis.expr.types as ir

OPEN_END = date(9999, 12, 31)
"""The end of what has none yet."""


def known_rows(subscriptions: "ir.Table", *, allowed_gap_days: int) -> "ir.Table":
    """Give the subscription rows with the active period each belongs to, and until when it counts.

    Rows that overlap, touch, or follow each other after at most ``allowed_gap_days`` are one active period
    (``period_started_on``, ``period_ended_on``). A row counts until ``held_until``: its end, or, where a gap
    behind it was bridged, the start of the next row. Rows that end on the day they start, or before, never
    were in force and are left out.
    """
    rows = subscriptions.filter(subscriptions[ACCOUNT_ID].notnull(), subscriptions.started_on.notnull())
    ended_on = rows.ended_on.fill_null(OPEN_END) if "ended_on" in rows.columns else _open_end()
    rows = rows.mutate(ended_on=ended_on)
    rows = rows.filter(rows.started_on < rows.ended_on)
    spans = _merged_spans(
        rows.select(ACCOUNT_ID, "started_on", "ended_on").distinct(), allowed_gap_days=allowed_gap_days
    )
    keys = [ACCOUNT_ID, "started_on", "ended_on"]
    return rows.inner_join(spans, keys)


def active_accounts(rows: "ir.Table", calendar: "ir.Table") -> "ir.Table":
    """Give one row per account and observation date on which it was active, with the dates of its period."""
    periods = rows.select(ACCOUNT_ID, "period_started_on", "period_ended_on").distinct()
    running = [
        periods.period_started_on <= calendar[OBSERVATION_DATE],
        periods.period_ended_on > calendar[OBSERVATION_DATE],
    ]
    return periods.inner_join(calendar, running).select(*KEYS, "period_started_on", "period_ended_on")


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
        ACCOUNT_ID, "started_on", "ended_on", "period_started_on", "period_ended_on",
        held_until=is_last.ifelse(joined.next_started_on, joined.ended_on),
    )  # fmt: skip


def _islands(spans: "ir.Table") -> "ir.Table":
    """Give one row per island with its end, the next island's start, and the dates of its period."""
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
    ).drop("island_started_on")
