"""Outcomes less what was known before, so that chance differences between arms count less (CUPED)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.learning.arrays import Floats, Ints

LEAST_ROWS = 20
"""Rows a stratum needs to have a level of its own; smaller ones share one."""


@dataclass(frozen=True, eq=False)
class Adjusted:
    """Outcomes adjusted by what was known before.

    Parameters
    ----------
    values
        The outcome, less what covariates, stratum and cycle made one expect, plus their mean.
    kept_variance
        Part of the variance within arms that is left; more than 1 where nothing of use was known.
    """

    values: Floats
    kept_variance: float


def adjusted(
    values: Floats, arm: Ints, weights: Floats, *, expected: Floats, groups: tuple[Ints, ...]
) -> Adjusted:
    """Return the outcomes adjusted by least squares within arms (Deng, Xu, Kohavi and Walker 2013).

    What is taken away is the same for all arms and was known before the draw, so that it cannot move an
    effect, only sharpen it.

    Parameters
    ----------
    expected
        What was expected of each row before.
    groups
        Codes of groups within which rows are compared: strata and cycles.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> arm, known = np.arange(400) % 2, rng.normal(size=400)
    >>> found = adjusted(known + arm, arm, np.ones(400), expected=known, groups=())
    >>> difference = found.values[arm == 1].mean() - found.values[arm == 0].mean()
    >>> round(found.kept_variance, 3), round(float(difference), 3)
    (0.0, 1.0)
    """
    known = _centred(np.column_stack([expected, *(_dummies(codes) for codes in groups)]), weights)
    known = known[:, np.ptp(known, axis=0) > 0] if len(known) else known
    within_arms = np.column_stack([known, values[:, None]])
    for code in np.unique(arm):
        within_arms[arm == code] -= within_arms[arm == code].mean(axis=0)
    slopes, _, rank, _ = np.linalg.lstsq(within_arms[:, :-1], within_arms[:, -1], rcond=1e-10)
    left = within_arms[:, -1] - within_arms[:, :-1] @ slopes
    freedom = len(values) - len(np.unique(arm))
    return Adjusted(values - known @ slopes, _kept(within_arms[:, -1], left, freedom, int(rank)))


def codes_of_groups(told: npt.NDArray[Any]) -> Ints:
    """Return a code per row, with all small groups in one.

    Examples
    --------
    >>> codes_of_groups(np.repeat(["a", "b", "c", "d"], [20, 20, 1, 1]))[[0, 20, 40, 41]].tolist()
    [1, 2, 0, 0]
    """
    codes, _ = pd.factorize(told, sort=True, use_na_sentinel=False)
    sizes = np.bincount(codes, minlength=1)
    own = np.flatnonzero(sizes >= LEAST_ROWS)
    place = np.zeros(len(sizes), dtype=np.int64)
    place[own] = np.arange(1, len(own) + 1)
    return np.asarray(place[codes], dtype=np.int64)


def _dummies(codes: Ints) -> Floats:
    met = np.unique(codes)[1:]
    return np.asarray(codes[:, None] == met[None, :], dtype=np.float64)


def _centred(known: Floats, weights: Floats) -> Floats:
    return np.asarray(known - np.average(known, axis=0, weights=weights)) if len(known) else known


def _kept(before: Floats, after: Floats, freedom: int, rank: int) -> float:
    total, left = float(before @ before), float(after @ after)
    if total <= 0 or freedom - rank < 2:
        return 1.0
    return (left / (freedom - rank)) / (total / freedom)
