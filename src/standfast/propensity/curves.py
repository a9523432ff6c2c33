"""The curves a reviewer looks at, thinned to what a plot can show."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from standfast.propensity.metrics import Sorted

Curve = Mapping[str, tuple[float, ...]]

_POINTS = 200


def all_curves(rows: Sorted) -> dict[str, Curve]:
    """ROC, precision-recall, gain and calibration of the rows; none of them without both outcomes."""
    caught = np.append(0.0, np.cumsum(rows.y)[rows.ends])
    reached = np.append(0.0, rows.ends + 1.0)
    events, total = caught[-1], reached[-1]
    if events in (0.0, total):
        return {}
    keep = _thin(len(caught))
    caught, reached = caught[keep], reached[keep]
    precision = np.divide(caught, reached, out=np.ones_like(caught), where=reached > 0)
    return {
        "roc": _curve(fpr=(reached - caught) / (total - events), tpr=caught / events),
        "precision_recall": _curve(recall=caught / events, precision=precision),
        "gain": _curve(share=reached / total, captured=caught / events),
        "calibration": _calibration(rows),
    }


def _calibration(rows: Sorted) -> Curve:
    """Mean probability and event rate per equal-count bin, with the 90 % Jeffreys interval of the rate."""
    n = np.diff(np.append(rows.bin_starts, len(rows.y))).astype(np.float64)
    events = np.add.reduceat(rows.y, rows.bin_starts)
    # A bin's accounts, not its rows, say how sure its rate is.
    bins = np.repeat(np.arange(len(n)), n.astype(np.intp))
    pairs = np.unique(np.column_stack([bins, rows.account]), axis=0)
    accounts = np.bincount(pairs[:, 0], minlength=len(n))
    rate = events / n
    a, b = 0.5 + rate * accounts, 0.5 + (1 - rate) * accounts
    return _curve(
        predicted=np.add.reduceat(rows.p, rows.bin_starts) / n,
        observed=rate, low=np.asarray(beta.ppf(0.05, a, b)), high=np.asarray(beta.ppf(0.95, a, b)), n=n,
    )  # fmt: skip


def _thin(n: int) -> NDArray[np.intp]:
    return np.unique(np.linspace(0, n - 1, min(n, _POINTS)).round().astype(np.intp))


def _curve(**columns: NDArray[np.float64]) -> Curve:
    return {name: tuple(float(value) for value in values) for name, values in columns.items()}
