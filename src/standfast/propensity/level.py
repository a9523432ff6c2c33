"""The level of a propensity in time: what later dates say of the base rate, and whether that holds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from standfast.propensity.evaluation import Estimate
from standfast.propensity.gate import compare

SURENESS = 0.95
"""Coverage of the interval that must lie below zero before a shift is believed."""

MOST = 5.0
"""Log-odds that a level is moved by at most."""


@dataclass(frozen=True)
class LevelCheck:
    """A shift of the log-odds learned on dates after the training dates, and what it did on the test dates.

    ``difference`` is the log loss with it less that without; it ``held`` where that is below zero beyond
    chance. ``period`` names the dates it was learned on.
    """

    shift: float
    period: str
    difference: Estimate

    @property
    def held(self) -> bool:
        """Whether the shift is to be used."""
        return self.difference.high < 0

    def sentence(self, used: float) -> str:
        """Say that and why the level is corrected, by ``used`` log-odds in the end."""
        return (
            f"its level is corrected by {used:+.2f} log-odds: a correction learned on {self.period} lowered "
            f"the log loss of the later test dates by {-self.difference.value:.4f} "
            f"({-self.difference.high:.4f} to {-self.difference.low:.4f})"
        )


def fit_shift(log_odds: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Give what to add to the log-odds so that their probabilities add up to the events there were."""

    def surplus(shift: float) -> float:
        return float(expit(log_odds + shift).sum() - y.sum())

    if surplus(-MOST) >= 0:
        return -MOST
    return MOST if surplus(MOST) <= 0 else float(brentq(surplus, -MOST, MOST, xtol=1e-12))


def check_level(
    log_odds: NDArray[np.float64],
    y: NDArray[np.float64],
    groups: NDArray[np.int64],
    *,
    shift: float,
    period: str,
    seed: int,
) -> LevelCheck:
    """Give the check of a shift on the test rows: their log-odds without it, and what happened."""
    paired = compare(y, expit(log_odds + shift), expit(log_odds), groups, seed=seed, level=SURENESS)
    return LevelCheck(shift, period, paired.difference)
