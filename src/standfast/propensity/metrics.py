"""Weighted quality figures on rows sorted once, so that a bootstrap of accounts is cheap."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_EDGE = 1e-15
_CALIBRATION_BINS = 15


@dataclass(frozen=True)
class Sorted:
    """Rows from the highest probability down, and where each distinct probability ends."""

    y: Floats
    p: Floats
    account: NDArray[np.intp]
    order: NDArray[np.intp]
    """Where each row stood before."""
    ends: NDArray[np.intp]
    bin_starts: NDArray[np.intp]
    """First row of each equal-count bin of the calibration error; equal probabilities share a bin."""
    row_loss: Floats


def sort_rows(y: ArrayLike, p: ArrayLike, account: NDArray[np.intp]) -> Sorted:
    """Rows in the order all figures read them."""
    labels, probability = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    order = np.argsort(-probability, kind="stable")
    labels, probability = labels[order], probability[order]
    ends = np.flatnonzero(np.append(np.diff(probability) != 0, True))
    firsts = np.append(0, ends[:-1] + 1)
    wanted = np.linspace(0, len(labels), _CALIBRATION_BINS + 1)[:-1]
    starts = np.unique(firsts[np.searchsorted(firsts, wanted, side="right") - 1])
    return Sorted(labels, probability, account[order], order, ends, starts, row_losses(labels, probability))


def row_losses(y: Floats, p: Floats) -> Floats:
    """Log loss of each row."""
    inside = np.clip(p, _EDGE, 1 - _EDGE)
    return -(y * np.log(inside) + (1 - y) * np.log1p(-inside))


def figures(rows: Sorted, weight: Floats) -> dict[str, float]:
    """Every figure of the weighted rows; NaN where only one outcome has weight."""
    total, events = float(weight.sum()), float((weight * rows.y).sum())
    caught = np.cumsum(weight * rows.y)[rows.ends]
    reached = np.cumsum(weight)[rows.ends]
    base = events / total
    log_loss = float((weight * rows.row_loss).sum()) / total
    base_log_loss = _entropy(base)
    return {
        "auc": _auc(caught, reached - caught),
        "average_precision": _average_precision(caught, reached),
        "log_loss": log_loss,
        "brier": float((weight * (rows.p - rows.y) ** 2).sum()) / total,
        "ece": calibration_error(rows, weight),
        "lift_at_10": _lift(caught, reached, 0.1),
        "base_log_loss": base_log_loss,
        "skill": 1 - log_loss / base_log_loss if base_log_loss > 0 else float("nan"),
    }


def auc(rows: Sorted, weight: Floats) -> float:
    """Chance that an event ranks above a non-event, ties counting half."""
    caught = np.cumsum(weight * rows.y)[rows.ends]
    return _auc(caught, np.cumsum(weight)[rows.ends] - caught)


def _auc(caught: Floats, missed: Floats) -> float:
    if caught[-1] <= 0 or missed[-1] <= 0:
        return float("nan")
    height = (caught + np.append(0.0, caught[:-1])) / 2
    return float((height * np.diff(missed, prepend=0.0)).sum() / (caught[-1] * missed[-1]))


def _average_precision(caught: Floats, reached: Floats) -> float:
    if caught[-1] <= 0:
        return float("nan")
    precision = np.divide(caught, reached, out=np.zeros_like(caught), where=reached > 0)
    return float((np.diff(caught, prepend=0.0) * precision).sum() / caught[-1])


def _lift(caught: Floats, reached: Floats, share: float) -> float:
    """Event rate of the top share over the rate of all; equal probabilities share the cut evenly."""
    if caught[-1] <= 0:
        return float("nan")
    top = np.interp(share * reached[-1], np.append(0.0, reached), np.append(0.0, caught))
    return float(top / caught[-1] / share)


def calibration_error(rows: Sorted, weight: Floats) -> float:
    """Mean distance of the probabilities from what happened, over bins of equal count."""
    gap = np.add.reduceat(weight * (rows.p - rows.y), rows.bin_starts)
    return float(np.abs(gap).sum() / weight.sum())


def _entropy(rate: float) -> float:
    if rate <= 0 or rate >= 1:
        return 0.0
    return float(-(rate * np.log(rate) + (1 - rate) * np.log1p(-rate)))
