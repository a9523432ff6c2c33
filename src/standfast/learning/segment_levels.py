"""Segments in which more, or fewer, came than were promised: small ones are drawn to the book."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.observed_expected import measure_level, spread_of_months


@dataclass(frozen=True, kw_only=True)
class SegmentLevel:
    """One segment: what came against what was promised.

    Parameters
    ----------
    drawn
        The ratio drawn to that of the book, as far as segments are alike.
    is_judged
        False where too few events came, and were promised, to say anything.
    is_off
        Beyond chance, corrected for how many were judged, and by a size that matters.
    """

    dimension: str
    segment: str
    observed: float
    expected: float
    drawn: float
    is_judged: bool
    is_off: bool


def segment_levels(
    rows: pd.DataFrame, *, dimensions: tuple[str, ...], design: float, policy: MonitorPolicy
) -> tuple[SegmentLevel, ...]:
    """Give each segment's level against the book's.

    Parameters
    ----------
    rows
        ``y``, ``p`` and a column per dimension; a row without a name belongs to no segment of it.
    """
    whole = float(rows["y"].sum()) / max(float(rows["p"].sum()), 1e-12)
    tables = {name: rows.groupby(name, sort=True, observed=True)[["y", "p"]].sum() for name in dimensions}
    n_judged = sum(int(_is_large(table, policy).sum()) for table in tables.values())
    return tuple(
        one
        for name, table in tables.items()
        for one in _levels(name, table, whole=whole, design=design, n_judged=n_judged, policy=policy)
    )


def _levels(
    dimension: str, table: pd.DataFrame, *, whole: float, design: float, n_judged: int, policy: MonitorPolicy
) -> list[SegmentLevel]:
    came, promised = table["y"].to_numpy() / design, whole * table["p"].to_numpy() / design
    spread = spread_of_months(came, promised)
    prior = 1 / spread**2 if spread else np.inf
    drawn = np.ones(len(table)) if np.isinf(prior) else (prior + came) / (prior + promised)
    large = _is_large(table, policy)
    return [
        SegmentLevel(
            dimension=dimension, segment=str(name), observed=float(row["y"]), expected=float(row["p"]),
            drawn=float(whole * drawn[place]), is_judged=bool(large[place]),
            is_off=bool(large[place])
            and _is_off(row, drawn[place], whole, design=design, n_judged=n_judged, policy=policy),
        )
        for place, (name, row) in enumerate(table.iterrows())
    ]  # fmt: skip


def _is_large(table: pd.DataFrame, policy: MonitorPolicy) -> np.ndarray:
    return np.asarray(table.max(axis=1) >= policy.least_events)


def _is_off(
    row: pd.Series, drawn: float, whole: float, *, design: float, n_judged: int, policy: MonitorPolicy
) -> bool:
    chance = policy.watches_of("labels") / (2 * max(1, n_judged))
    low, high = measure_level(float(row["y"]), whole * float(row["p"]), design=design).interval(chance)
    far = 1 + policy.level_off
    return (low > 1 or high < 1) and not 1 / far <= drawn <= far
