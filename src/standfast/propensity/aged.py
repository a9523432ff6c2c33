"""How good a model is on rows that matured after it learned: figures with their errors over accounts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from standfast.propensity.fitness import order_with_error
from standfast.propensity.ladder import count_events
from standfast.propensity.metrics import Floats, row_losses, sort_rows
from standfast.propensity.noise import design_effect

_EDGE = 1e-9
_NEWTON_STEPS = 25


@dataclass(frozen=True)
class AgedFigures:
    """Counts, and figures as pairs of value and standard error; None where only one outcome is met.

    ``order`` is the AUC, its error on the log-odds scale; ``loss`` is against always saying ``base_rate``.
    """

    n_rows: int
    n_accounts: int
    n_events: int
    n_rarer: int
    observed: float
    expected: float
    design: float
    order: tuple[float, float] | None
    slope: tuple[float, float] | None
    loss: tuple[float, float] | None


def measure_aged(y: Floats, p: Floats, account: NDArray[np.int64], *, base_rate: float) -> AgedFigures:
    """Give the figures of probabilities whose outcomes have come."""
    _, codes = np.unique(account, return_inverse=True)
    has_both = 0 < y.sum() < len(y)
    flat = np.full(len(y), base_rate)
    return AgedFigures(
        n_rows=len(y),
        n_accounts=int(codes.max()) + 1,
        n_events=len(np.unique(codes[y > 0])),
        n_rarer=count_events(y, codes) if has_both else 0,
        observed=float(y.sum()),
        expected=float(p.sum()),
        design=design_effect(sort_rows(y, p, codes)),
        order=_order(y, p, codes) if has_both else None,
        slope=_slope(y, p, codes) if has_both else None,
        loss=mean_with_error(row_losses(y, p) - row_losses(y, flat), codes) if has_both else None,
    )


def mean_with_error(values: Floats, account: NDArray[np.int64]) -> tuple[float, float]:
    """Give a mean of rows and its standard error over accounts."""
    _, codes = np.unique(account, return_inverse=True)
    value = float(values.mean())
    summed = np.bincount(codes, weights=(values - value) / len(values))
    return value, float(np.sqrt((summed**2).sum()))


def _order(y: Floats, p: Floats, codes: NDArray[np.int64]) -> tuple[float, float] | None:
    value, error = order_with_error(y, p, codes)
    if not 0 < value < 1:
        return None
    return value, error / (value * (1 - value))


def _slope(y: Floats, p: Floats, codes: NDArray[np.int64]) -> tuple[float, float] | None:
    """Give the slope of a logistic regression on the log-odds, its error summed over accounts (sandwich)."""
    x = np.column_stack([np.ones(len(p)), logit(np.clip(p, _EDGE, 1 - _EDGE))])
    beta = np.array([0.0, 1.0])
    for _ in range(_NEWTON_STEPS):
        q = expit(x @ beta)
        bread = (x * (q * (1 - q))[:, None]).T @ x
        if np.linalg.cond(bread) > 1 / _EDGE:
            return None
        step = np.linalg.solve(bread, x.T @ (y - q))
        beta = beta + np.clip(step, -1, 1)
        if np.abs(step).max() < _EDGE:
            break
    scores = x * (y - expit(x @ beta))[:, None]
    summed = np.column_stack([np.bincount(codes, weights=scores[:, place]) for place in (0, 1)])
    spread = np.linalg.solve(bread, np.linalg.solve(bread, summed.T @ summed).T)
    return float(beta[1]), float(np.sqrt(spread[1, 1]))
