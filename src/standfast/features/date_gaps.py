"""Holes in the time of a table: weeks or months without a row, an early end, stray dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.findings import Finding, some

_ENOUGH_ROWS = 10
"""Rows per bin, next to a hole, from which its emptiness is no accident: by luck it is one in 20,000."""
_NEIGHBOURS = 4
_MOSTLY_FILLED = 0.8
_STRAY_DAYS, _STRAY_SHARE = 365, 0.01
_LONG_HOLE_DAYS = 28
_UNITS = ("W-SUN", "M", "Q")


@dataclass(frozen=True)
class Gap:
    """Days without a row, both included; by the rows around it ``n_expected`` were due."""

    first: date
    last: date
    n_expected: int

    @property
    def n_days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        """Give its dates."""
        return f"{self.first} to {self.last}"


def main_body(by_day: pd.Series) -> pd.Series:
    """Give the days without strays: at most one row in a hundred, more than a year apart from the rest."""
    body = by_day
    for is_end in (False, True):
        jumps = body.index.to_series().diff().dt.days
        edges = list(jumps.index[jumps > _STRAY_DAYS])
        for edge in edges if is_end else reversed(edges):
            outside = body[body.index >= edge] if is_end else body[body.index < edge]
            if outside.sum() <= _STRAY_SHARE * by_day.sum():
                body = body.drop(outside.index)
                break
    return body


def find_gaps(by_day: pd.Series, *, until: date | None = None) -> tuple[Gap, ...]:
    """Give the holes between the first and the last day, or the one between the last day and ``until``.

    They are looked for in weeks; where most weeks are empty, in months, then in quarters. A bin without a
    row counts when the nearest filled ones hold enough rows on either side.

    Parameters
    ----------
    by_day
        Rows by day, oldest first, days without rows left out.
    """
    for unit in _UNITS:
        binned = _binned(by_day, unit, until=until)
        inside = _binned(by_day, unit)
        if len(inside) >= _NEIGHBOURS and (inside > 0).mean() >= _MOSTLY_FILLED:
            runs = _empty_runs(binned, at_end=until is not None)
            return tuple(_gap(by_day, start, mean * n, until=until) for start, n, mean in runs)
    return ()


def gap_findings(table: str, by_day: pd.Series) -> Iterator[Finding]:
    """Say where a table has holes."""
    gaps = find_gaps(by_day)
    if gaps:
        longest = max(gap.n_days for gap in gaps)
        n_due = sum(gap.n_expected for gap in gaps)
        yield Finding(
            name=f"gap:{table}",
            severity="warning" if longest >= _LONG_HOLE_DAYS else "note",
            table=table,
            explanation=f"{table} has not a single row from {some(gaps, 3)}, where about {n_due:,} were due; "
            "accounts look silent there.",
            way_out="export that time again; where it is lost, name observation dates that do not look back "
            "on it: [snapshots] dates",
        )


def stray_findings(table: str, column: str, by_day: pd.Series, *, as_of: date) -> Iterator[Finding]:
    """Say which rows lie more than a year from all others; an error where they push the book's date ahead."""
    body = main_body(by_day)
    strays = by_day.drop(body.index)
    early, late = strays[strays.index < body.index.min()], strays[strays.index > body.index.max()]
    if len(early):
        yield Finding(
            name=f"stray:{table}.{column}",
            severity="warning",
            table=table,
            explanation=f"{int(early.sum()):,} rows of {table} have a {column} up to "
            f"{_day(early.index.max())}, more than a year before all others (from {_day(body.index.min())}).",
            way_out="correct or remove them at the source",
        )
    if len(late):
        newest, last = _day(late.index.max()), _day(body.index.max())
        leads = newest + timedelta(days=1) == as_of
        told = f", and so the book is looked at as of {as_of}, long after everything else" if leads else ""
        yield Finding(
            name=f"late:{table}.{column}",
            severity="error" if leads else "warning",
            table=table,
            explanation=f"{int(late.sum()):,} rows of {table} have a {column} of {_day(late.index.min())} or "
            f"later, more than a year after all others (until {last}){told}.",
            way_out=f"correct or remove them at the source, or look from --as-of {last + timedelta(days=1)}",
        )


def stale_findings(table: str, by_day: pd.Series, *, as_of: date, quiet_days: int) -> Iterator[Finding]:
    """Say that a table stops long before the date the book is looked at."""
    last = _day(by_day.index.max())
    n_quiet = (as_of - last).days - 1
    gaps = find_gaps(by_day, until=as_of) if n_quiet >= quiet_days else ()
    if gaps:
        yield Finding(
            name=f"stale:{table}",
            severity="warning",
            table=table,
            explanation=f"{table} stops on {last}, {n_quiet:,} days before the newest rows of the book; "
            f"about {gaps[0].n_expected:,} rows are missing, and accounts look silent now.",
            way_out=f"export {table} again, or look from --as-of {last + timedelta(days=1)}",
        )


def _binned(by_day: pd.Series, unit: str, *, until: date | None = None) -> pd.Series:
    """Give rows by week, month or quarter, empty ones in between included; by period."""
    counts = by_day.groupby(pd.DatetimeIndex(by_day.index).to_period(unit)).sum()
    last = counts.index.max()
    if until is not None:
        last = max(last, pd.Timestamp(until).to_period(unit) - 1)
    return counts.reindex(pd.period_range(counts.index.min(), last, freq=unit)).fillna(0)


def _empty_runs(binned: pd.Series, *, at_end: bool) -> Iterator[tuple[pd.Timestamp, int, float]]:
    """Give each run of empty bins that is no accident: the day it starts, its length, rows due per bin."""
    counts = binned.to_numpy(dtype=float)
    place = 0
    while place < len(counts):
        if counts[place] > 0:
            place += 1
            continue
        stop = place
        while stop < len(counts) and counts[stop] == 0:
            stop += 1
        before = _near(counts[:place][::-1])
        after = before if stop == len(counts) else _near(counts[stop:])
        if min(before, after) >= _ENOUGH_ROWS and (stop == len(counts)) == at_end:
            yield binned.index[place].start_time, stop - place, min(before, after)
        place = stop


def _near(counts: "NDArray[np.float64]") -> float:
    """Give the mean of the nearest filled bins; the one next to the hole may be half full."""
    filled = [count for count in counts if count > 0][:_NEIGHBOURS]
    return float(sum(filled) / len(filled)) if filled else 0.0


def _gap(by_day: pd.Series, start: pd.Timestamp, n_expected: float, *, until: date | None) -> Gap:
    """Give the hole to the day: from the day after the last row before it to the day before the next."""
    before, after = by_day.index[by_day.index < start].max(), by_day.index[by_day.index >= start].min()
    last = (until or _day(after)) - timedelta(days=1)
    return Gap(_day(before) + timedelta(days=1), last, round(n_expected))


def _day(moment: pd.Timestamp) -> date:
    return moment.date()
