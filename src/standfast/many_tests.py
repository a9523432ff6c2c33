"""P-values corrected for how many things were looked at, wherever that is."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values corrected for how many were tried (Holm 1979); NaN stays and does not count.

    Examples
    --------
    >>> holm([0.01, 0.04, float("nan"), 0.03])
    [0.03, 0.06, nan, 0.06]
    """
    p, order = _ordered(p_values)
    return _put_back(p, order, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return the p-values corrected so that few findings are chance (1995); NaN stays and does not count.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.02, float("nan"), 0.9])
    [0.03, 0.03, nan, 0.9]
    """
    p, order = _ordered(p_values)
    steps = p[order] * len(order) / np.arange(1, len(order) + 1)
    return _put_back(p, order, np.minimum.accumulate(steps[::-1])[::-1])


def _ordered(p_values: Sequence[float]) -> tuple[Floats, np.ndarray]:
    p = np.asarray(p_values, dtype=np.float64)
    return p, np.argsort(p, kind="stable")[: int((~np.isnan(p)).sum())]


def _put_back(p: Floats, order: np.ndarray, corrected: Floats) -> list[float]:
    adjusted = np.full(len(p), np.nan)
    adjusted[order] = np.minimum(corrected, 1.0)
    return [float(value) for value in adjusted]
