"""Half-open windows of days before observation dates, and sums that are the same at every run."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE, TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

KEYS = (ACCOUNT_ID, OBSERVATION_DATE)
LOOKBACK_DAYS = (30, 90, 120, 180, 365)
BUCKETED_DAYS = (30, 90, 120, 180)
UNITS = 10_000
"""Money and quantities are summed as whole ten-thousandths: sums of floats differ from run to run."""

_MOST_UNITS = 9.0e14
_MILLION = 1e6
_NO_SIGN = 0.0
"""Added to zero, it takes away the minus that some engines leave when they round -0.2."""


def canonical_columns(name: str, table: "ir.Table", *, more: Sequence[str] = ()) -> "ir.Table":
    """Give a book's table with its canonical columns alone (accounts: and ``more``); others could clash."""
    known = {*TABLES[name].names, *(more if name == "accounts" else ())}
    return table.select(*(column for column in table.columns if column in known))


def observation_calendar(dates: Sequence[date]) -> "ir.Table":
    """Give a table of the observation dates with the first day of each lookback (``day_30``, ``day_90`` ...).

    An event lies in the lookback of k days when ``day_k <= day < observation_date``.
    """
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    dates = sorted(set(dates))
    columns = {OBSERVATION_DATE: dates}
    columns |= {f"day_{k}": [day - timedelta(days=k) for day in dates] for k in LOOKBACK_DAYS}
    return ibis.memtable(columns, schema=dict.fromkeys(columns, "date"))


def day_buckets(dates: Sequence[date]) -> "tuple[ir.Table, ir.Table]":
    """Give two small tables that turn window sums over many rows into sums over few.

    The first maps each day to a bucket: the days between two neighbouring edges of any lookback of any
    date. The second says for each bucket and observation date after it in which lookbacks the bucket lies.
    Bucket 0 is all that came before the first edge; its days are not listed.
    """
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    dates = sorted(set(dates))
    edges = sorted({day - timedelta(days=k) for day in dates for k in (0, *BUCKETED_DAYS)})
    days = [edges[0] + timedelta(days=n) for n in range((edges[-1] - edges[0]).days)]
    of_day = {"day": days, "bucket": [bisect_right(edges, day) for day in days]}
    before = [(b, day) for day in dates for b in range(len(edges)) if edges[b] <= day]
    of_date: dict[str, list[Any]] = {
        "bucket": [b for b, _ in before],
        OBSERVATION_DATE: [t for _, t in before],
    }
    for k in BUCKETED_DAYS:
        of_date[f"in_{k}"] = [b > 0 and edges[b - 1] >= t - timedelta(days=k) for b, t in before]
    flags = dict.fromkeys((f"in_{k}" for k in BUCKETED_DAYS), "boolean")
    return (
        ibis.memtable(of_day, schema={"day": "date", "bucket": "int64"}),
        ibis.memtable(of_date, schema={"bucket": "int64", OBSERVATION_DATE: "date", **flags}),
    )


def before_dates(events: "ir.Table", calendar: "ir.Table", *, day: str) -> "ir.Table":
    """Give each event once per observation date after it; ``day`` names the events' date column."""
    return events.inner_join(calendar, events[day] < calendar[OBSERVATION_DATE])


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """Columns per account and observation date; ``zeros`` are counts that are 0 where there is no row."""

    table: "ir.Table"
    zeros: tuple[str, ...] = ()


def join_features(
    snapshots: "ir.Table", parts: Sequence[FeatureTable]
) -> "tuple[ir.Table, dict[str, ir.Value]]":
    """Give the snapshots joined with all parts, and each of its columns by name, counts filled with zeros.

    The columns are expressions on the joined table; a caller selects what it needs in one projection, since
    each projection of a wide table costs more to plan than these joins cost to run.
    """
    joined = snapshots
    for place, part in enumerate(parts):
        joined = joined.left_join(part.table, list(KEYS), rname=f"{{name}}__{place}")
    zeros = {name for part in parts for name in part.zeros}
    names = [*snapshots.columns, *(n for part in parts for n in part.table.columns if n not in KEYS)]
    return joined, {name: joined[name].fill_null(0) if name in zeros else joined[name] for name in names}


def exact_units(amount: "ir.NumericValue") -> "ir.IntegerValue":
    """Give an amount as whole ten-thousandths, so that parallel sums are exact."""
    most = _MOST_UNITS / UNITS
    return (bounded(amount.cast("float64"), -most, most) * UNITS).round().cast("int64")


def bounded(value: "ir.NumericValue", low: float, high: float) -> "ir.NumericValue":
    """Give a value within bounds; Ibis' own ``clip`` repeats its argument so often that queries grow slow."""
    return (value < low).ifelse(low, (value > high).ifelse(high, value))


def from_units(units: "ir.NumericValue", *, times: float = 1.0) -> "ir.FloatingValue":
    """Give what exact units stand for as a float, multiplied by ``times``."""
    return units.cast("float64") * times / UNITS


def days_since(later: "ir.DateValue", earlier: "ir.DateValue") -> "ir.IntegerValue":
    """Give the whole days from one date to another."""
    return later.delta(earlier, unit="day")


def no_date() -> "ir.DateScalar":
    """Give a date that is missing, for a column that a book lacks."""
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    return ibis.null("date")


def rounded(number: "ir.NumericValue") -> "ir.FloatingValue":
    """Give a number to six digits; engines agree on whole numbers, but not on the last of several digits.

    The number stands in the expression once: one that repeats it, inside another that does, makes queries
    several times longer.
    """
    import ibis  # noqa: PLC0415  (settings import this package and must stay light)

    # No digits, but not told so that Ibis sees it: it would make 64-bit integers, too small for some numbers.
    no_digits = ibis.literal(1) - 1
    whole = (number.cast("float64") * _MILLION).round(no_digits)
    return (whole + _NO_SIGN) / _MILLION


def ratio(part: "ir.NumericValue", whole: "ir.NumericValue") -> "ir.FloatingValue":
    """Give part / whole to six digits; missing where the whole is zero or less."""
    whole = whole.cast("float64")
    return rounded(part.cast("float64") / (whole > 0).ifelse(whole, None))


def log_ratio(now: "ir.NumericValue", before: "ir.NumericValue", *, limit: float = 3.0) -> "ir.FloatingValue":
    """Give ln(now / before) within ``limit`` either way: -limit when all stopped, +limit when all is new.

    Missing where there was nothing at either time.
    """
    ours, theirs = now.cast("float64"), before.cast("float64")
    both = (ours > 0) & (theirs > 0)
    change = bounded((both.ifelse(ours, 1.0) / both.ifelse(theirs, 1.0)).ln(), -limit, limit)
    one_sided = (ours > 0).ifelse(limit, (theirs > 0).ifelse(-limit, None))
    return rounded(both.ifelse(change, one_sided))
