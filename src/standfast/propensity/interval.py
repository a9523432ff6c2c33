"""How sure a probability is: what happened to accounts that out of fold had a like probability."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import beta

_EDGE = 1e-9


@dataclass(frozen=True)
class Interval:
    """Low and high log-odds at a few log-odds; between them straight, beyond them parallel."""

    at: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def of(self, probability: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Low and high probability of each probability; both rise with it and enclose it."""
        p = np.asarray(probability, dtype=np.float64)
        odds = logit(np.minimum(np.maximum(p, _EDGE), 1 - _EDGE))
        beyond = odds - np.minimum(np.maximum(odds, self.at[0]), self.at[-1])
        at, low_at, high_at = self._lines
        low = expit(np.interp(odds, at, low_at) + beyond)
        high = expit(np.interp(odds, at, high_at) + beyond)
        return np.minimum(low, p), np.maximum(high, p)

    @cached_property
    def _lines(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        return np.array(self.at), np.array(self.low), np.array(self.high)

    def shifted(self, shift: float) -> "Interval":
        """Give the intervals of rows whose log-odds are all ``shift`` higher, as wide as before."""
        ends = ([value + shift for value in values] for values in (self.at, self.low, self.high))
        return Interval(*map(tuple, ends))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return {"at": list(self.at), "low": list(self.low), "high": list(self.high)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Interval":
        """Read back what ``to_dict`` gave."""
        return cls(tuple(values["at"]), tuple(values["low"]), tuple(values["high"]))


def fit_interval(
    score: NDArray[np.float64],
    y: NDArray[np.float64],
    groups: NDArray[np.int64],
    *,
    level: float,
    n_bins: int,
    min_events: int,
) -> Interval:
    """Jeffreys intervals of the event rate in equal-count groups of like out-of-fold log-odds.

    An account counts once in a group however many of its snapshots are there.
    """
    n_events = min(float(y.sum()), float(len(y) - y.sum()))
    bins = max(1, min(n_bins, int(n_events // min_events), len(np.unique(score))))
    order = np.argsort(score, kind="stable")
    edges = [_bin_edges(score[part], y[part], groups[part], level) for part in np.array_split(order, bins)]
    at, low, high = (np.array(column) for column in zip(*edges, strict=True))
    keep = np.concatenate([[True], np.diff(at) > 0])
    low, high = np.maximum.accumulate(low[keep]), np.maximum.accumulate(high[keep])
    return Interval(tuple(at[keep].tolist()), tuple(low.tolist()), tuple(high.tolist()))


def _bin_edges(
    score: NDArray[np.float64], y: NDArray[np.float64], groups: NDArray[np.int64], level: float
) -> tuple[float, float, float]:
    """Mean log-odds of a group, and the log-odds of its event rate's low and high end."""
    accounts = len(np.unique(groups))
    events = float(y.mean()) * accounts
    tail = (1 - level) / 2
    ends = beta.ppf([tail, 1 - tail], 0.5 + events, 0.5 + accounts - events)
    low, high = logit(np.clip(ends, _EDGE, 1 - _EDGE))
    return float(score.mean()), float(low), float(high)
