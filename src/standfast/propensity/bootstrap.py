"""How much a figure would move had other accounts been in the book."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from standfast.propensity.metrics import Floats


def account_weights(account: NDArray[np.intp], *, draws: int, seed: int) -> Iterator[Floats]:
    """Weight of each row per draw: how often its account was drawn, with replacement."""
    n = int(account.max()) + 1 if len(account) else 0
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        times = np.bincount(rng.integers(0, n, n), minlength=n)
        yield times[account].astype(np.float64)


def middle(values: Floats, level: float) -> tuple[float, float]:
    """Give the ends of the middle share of the finite draws; NaN where there is none."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return float("nan"), float("nan")
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
