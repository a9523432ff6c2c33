"""Means with an interval that knows that an account's rows are no independent cases."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from standfast.learning.arrays import Floats
from standfast.learning.intervals import standard_steps


@dataclass(frozen=True)
class Figure:
    """A figure, the ends of its interval, and its standard error; the ends are NaN where none can be told."""

    value: float
    low: float
    high: float
    error: float


UNKNOWN = Figure(math.nan, math.nan, math.nan, math.nan)


def normal_interval(value: float, error: float, *, confidence: float) -> Figure:
    """Return a figure with the interval that its standard error gives."""
    reach = standard_steps(confidence) * error
    return Figure(value, value - reach, value + reach, error)


def clustered_mean(values: Floats, account: npt.NDArray[np.integer], *, confidence: float) -> Figure:
    """Return the mean over rows, its error taken over accounts.

    Examples
    --------
    >>> same = clustered_mean(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1]), confidence=0.95)
    >>> same.value, round(same.error, 2)
    (2.0, 1.0)
    """
    if not len(values):
        return UNKNOWN
    mean = float(values.mean())
    return normal_interval(mean, clustered_error(values - mean, account), confidence=confidence)


def clustered_error(influence: Floats, account: npt.NDArray[np.integer]) -> float:
    """Return the standard error of a mean from what each row adds to its error."""
    code = np.unique(account, return_inverse=True)[1]
    sums = np.bincount(code, weights=influence)
    n = len(sums)
    if n < 2:
        return float("nan")
    return float(np.sqrt((sums**2).sum() * n / (n - 1)) / len(influence))
