"""Two orders, or two sets of probabilities, on the same rows: how much better is one, and how surely."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from standfast.propensity.bootstrap import account_weights, middle
from standfast.propensity.evaluation import Estimate
from standfast.propensity.metrics import Floats, auc, row_losses, sort_rows

ROW_DRAWS = 6_000_000
"""Rows times draws a comparison reads at most: intervals on large tables are narrow anyway."""


def estimate(
    of: Callable[[Floats], float], account: NDArray[np.intp], *, draws: int, level: float, seed: int = 1
) -> Estimate:
    """Give a figure of the rows' weights with its interval over accounts."""
    n_draws = int(np.clip(ROW_DRAWS // max(len(account), 1), 40, draws))
    drawn = [of(weight) for weight in account_weights(account, draws=n_draws, seed=seed)]
    return Estimate(of(np.ones(len(account))), *middle(np.array(drawn), level))


def mean_of(values: Floats) -> Callable[[Floats], float]:
    """Give the weighted mean of the rows' values as a function of their weights."""
    return lambda weight: float((weight * values).sum() / weight.sum())


def loss_off(y: Floats, mine: Floats, theirs: Floats) -> Callable[[Floats], float]:
    """Give my log loss less theirs as a function of the rows' weights: below zero is better."""
    return mean_of(row_losses(y, mine) - row_losses(y, theirs))


def auc_off(y: Floats, mine: Floats, theirs: Floats) -> Callable[[Floats], float]:
    """Give my AUC less theirs as a function of the rows' weights: above zero is better."""
    no_account = np.zeros(len(y), dtype=np.intp)
    own, other = sort_rows(y, mine, no_account), sort_rows(y, theirs, no_account)
    return lambda weight: auc(own, weight[own.order]) - auc(other, weight[other.order])
