"""Columns that came to mean something else: numbers on another scale, other words than before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.findings import Finding, some
from standfast.features.table_look import BUCKETS_PER_DECADE, size_of

POOL_MONTHS = 3
_ENOUGH_ROWS = 50
_USUAL, _NORMAL = 0.75, 4.0
"""A change is so many times as large as what three in four neighbouring quarters of the column do."""
_SCALE_STEPS = 3
"""A scale is another one from three buckets on, a factor of 2.4: cents, thousands, months for years."""
_MOVED_WHOLLY = 2.0
_NEW_SHARE = 0.05
_RENAMED_SHARE = 0.5

Table = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """Between which months a column's values changed most, and how much.

    Parameters
    ----------
    month
        The first month of the new.
    index
        Population stability index between the three months before and the three months from then on.
    normal
        The same between other neighbouring months of the column.
    before, after
        Rows by value in these months.
    """

    month: pd.Timestamp
    index: float
    normal: float
    before: pd.Series
    after: pd.Series


def stability_index(before: Table, after: Table) -> Table:
    """Give the population stability index of counts by value, the last axis; half a row is added to each.

    Sum over values of (q - p) x ln(q / p), with p and q the shares before and after.

    >>> float(stability_index(np.array([50.0, 50.0]), np.array([50.0, 50.0])))
    0.0
    >>> round(float(stability_index(np.array([90.0, 10.0]), np.array([10.0, 90.0]))), 1)
    3.4
    """
    p, q = before + 0.5, after + 0.5
    p, q = p / p.sum(axis=-1, keepdims=True), q / q.sum(axis=-1, keepdims=True)
    index: Table = ((q - p) * np.log(q / p)).sum(axis=-1)
    return index


def largest_change(by_month: pd.DataFrame, *, least: float) -> Change | None:
    """Give where a column changed most, if that is at least ``least`` and beyond its normal month.

    Parameters
    ----------
    by_month
        Rows by month (index, in order) and value (columns).
    """
    counts = by_month.to_numpy(dtype=float)
    so_far = np.vstack([np.zeros(counts.shape[1]), counts.cumsum(axis=0)])
    months = np.arange(1, len(counts))
    before = so_far[months] - so_far[np.maximum(months - POOL_MONTHS, 0)]
    after = so_far[np.minimum(months + POOL_MONTHS, len(counts))] - so_far[months]
    n_before, n_after = before.sum(axis=1), after.sum(axis=1)
    is_large = (n_before >= _ENOUGH_ROWS) & (n_after >= _ENOUGH_ROWS)
    if not is_large.any():
        return None
    index = np.where(is_large, stability_index(before, after), 0.0)
    n_values = ((before + after) > 0).sum(axis=1)
    by_luck = (n_values - 1) * (1 / np.maximum(n_before, 1) + 1 / np.maximum(n_after, 1))
    peak = int(np.argmax(np.where(is_large, index, -1.0)))
    far = is_large & (np.abs(months - months[peak]) >= POOL_MONTHS)
    normal = float(np.quantile(index[far], _USUAL)) if far.any() else 0.0
    if index[peak] < max(least, _NORMAL * normal, _NORMAL * by_luck[peak]):
        return None
    split = int(months[peak])
    return Change(
        by_month.index[split],
        float(index[peak]),
        normal,
        pd.Series(before[peak], index=by_month.columns),
        pd.Series(after[peak], index=by_month.columns),
    )


def number_finding(table: str, column: str, by_value: pd.DataFrame, *, least: float) -> Iterator[Finding]:
    """Say that a number is on another scale than before."""
    change = largest_change(_counted(by_value, column), least=least)
    if change is None:
        return
    steps = _middle(change.after) - _middle(change.before)
    mean_steps = _mean(change.after) - _mean(change.before)
    is_scale = min(abs(steps), abs(mean_steps)) >= _SCALE_STEPS and steps * mean_steps > 0
    if not is_scale and change.index < _MOVED_WHOLLY:
        return
    old, new = (_spoken(10 ** (_middle(side) / BUCKETS_PER_DECADE)) for side in (change.before, change.after))
    how = f"about {_times(steps)}" if is_scale else "on other values"
    yield Finding(
        name=f"shift:{table}.{column}",
        severity="warning" if is_scale else "note",
        table=table,
        explanation=f"{column} of {table} is {how} from {change.month:%Y-%m} on: a typical value "
        f"was {old} before and is {new} since {_measured(change)}.",
        way_out="if the unit changed (cents, months, thousands), convert the older rows at the source",
    )  # fmt: skip


def text_finding(table: str, column: str, by_value: pd.DataFrame, *, least: float) -> Iterator[Finding]:
    """Say that a column uses other words than before."""
    change = largest_change(_counted(by_value, column), least=least)
    if change is None:
        return
    before, after = change.before / change.before.sum(), change.after / change.after.sum()
    new = after[(change.before == 0) & (after >= _NEW_SHARE)].sort_values(ascending=False, kind="stable")
    gone = before[(change.after == 0) & (before >= _NEW_SHARE)].sort_values(ascending=False, kind="stable")
    renamed = min(new.sum(), gone.sum()) >= _RENAMED_SHARE
    told = [f"{kind} {_shares(values)}" for kind, values in (("new:", new), ("gone:", gone)) if len(values)]
    if not told:
        moved = (after - before).abs().sort_values(ascending=False, kind="stable").index[:2]
        told = [f"{value!r} went from {before[value]:.0%} to {after[value]:.0%} of rows" for value in moved]
    yield Finding(
        name=f"shift:{table}.{column}",
        severity="warning" if renamed else "note",
        table=table,
        explanation=f"{column} of {table} holds other values from {change.month:%Y-%m} on: {'; '.join(told)} "
        f"{_measured(change)}.",
        way_out="write the same word for the same thing in old and new rows" if renamed else "",
    )


def _counted(by_value: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give rows by month and value of one column; blanks are another matter."""
    known = by_value[by_value[column].notna()]
    return known.pivot_table(index="month", columns=column, values="n", aggfunc="sum", fill_value=0)


def _sized(counts: pd.Series) -> tuple[Table, Table]:
    """Give the sizes in buckets, and how many rows have each, without zeros."""
    sizes = size_of(pd.Series(counts.index, dtype=float)).to_numpy() * BUCKETS_PER_DECADE
    known = ~np.isnan(sizes)
    order = np.argsort(sizes[known], kind="stable")
    return sizes[known][order], counts.to_numpy()[known][order]


def _middle(counts: pd.Series) -> float:
    sizes, rows = _sized(counts)
    if not rows.sum():
        return 0.0
    return float(sizes[np.searchsorted(rows.cumsum(), rows.sum() / 2)])


def _mean(counts: pd.Series) -> float:
    sizes, rows = _sized(counts)
    return float(np.average(sizes, weights=rows)) if rows.sum() else 0.0


def _measured(change: Change) -> str:
    return f"(stability index {change.index:.1f}, normally {change.normal:.2f})"


def _times(steps: float) -> str:
    factor = 10 ** (abs(steps) / BUCKETS_PER_DECADE)
    return f"{_spoken(factor)} times {'as large' if steps > 0 else 'smaller'}"


def _spoken(number: float) -> str:
    """Give a number to two digits, as people write it."""
    rounded = float(f"{number:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"


def _shares(values: "pd.Series[float]") -> str:
    words: Sequence[str] = [f"{value!r} ({share:.0%})" for value, share in values.items()]
    return some(words, 3)
