"""How many left against how many were promised to, with an interval that knows chance and uneven months."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv


@dataclass(frozen=True)
class Level:
    """What came of what was promised.

    Parameters
    ----------
    observed, expected
        Events that came, and the sum of the probabilities.
    design
        How many times more the number that came varies than independent events would.
    """

    observed: float
    expected: float
    design: float

    @property
    def ratio(self) -> float:
        """What came as a share of what was promised."""
        return self.observed / self.expected

    def interval(self, chance: float) -> tuple[float, float]:
        """Give the ends beyond each of which the true ratio lies with this chance (exact for counts)."""
        came, promised = self.observed / self.design, self.expected / self.design
        low = float(gammaincinv(came, chance)) if came > 0 else 0.0
        return low / promised, float(gammaincinv(came + 1, 1 - chance)) / promised


def measure_level(observed: float, expected: float, *, design: float = 1.0, spread: float = 0.0) -> Level:
    """Give what came of what was promised; ``spread`` is the standard deviation of a month's true ratio.

    >>> level = measure_level(40, 20)
    >>> level.ratio, [round(end, 2) for end in level.interval(0.05)]
    (2.0, [1.51, 2.6])
    """
    return Level(observed, expected, max(design, 1.0) + spread**2 * expected)


def learned_spread(spread: float, n_events: int) -> float:
    """Give how far a true ratio may lie from 1: months differ, and the level was learned from few events."""
    return float(np.hypot(spread, 1 / np.sqrt(max(n_events, 1))))


def spread_of_months(observed: ArrayLike, expected: ArrayLike) -> float:
    """Give how much months differ in what came of what was promised, beyond what chance explains.

    The standard deviation of the true ratio by the method of moments; 0 where chance explains all of it, or
    fewer than three months are known.
    """
    came, promised = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    is_known = promised > 0
    if is_known.sum() < 3 or not came[is_known].sum():
        return 0.0
    promised = promised[is_known] * came[is_known].sum() / promised[is_known].sum()
    gaps = (came[is_known] / promised - 1) ** 2 - 1 / promised
    return float(np.sqrt(max(0.0, np.average(gaps, weights=promised))))
