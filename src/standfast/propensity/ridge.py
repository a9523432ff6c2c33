"""Ridge logistic regression along a path of strengths, by Newton steps that share their curvature."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import fmin_l_bfgs_b
from scipy.special import expit

Floats = NDArray[np.float64]

_WIDE = 2_500
"""Coefficients from which the curvature (their square) costs more than many gradient steps."""

_CLOSE = 1e-5
"""Largest slope of the mean loss at which a solution counts as found."""

_MAX_STEPS = 60


def ridge_path(design: Floats, y: Floats, strengths: Sequence[float]) -> list[Floats]:
    """Intercept and weights per strength, each found from the one before; the intercept is not ridged.

    Parameters
    ----------
    strengths
        Penalties on half the squared weights, the loss being summed over rows; best from strong to weak.
    """
    n_events = float(y.sum())
    start = np.zeros(design.shape[1] + 1)
    start[0] = np.log((n_events + 0.5) / (len(y) - n_events + 0.5))
    if design.shape[1] == 0 or n_events in (0.0, float(len(y))):
        return [start] * len(strengths)  # nothing to learn from: the base rate, kept finite
    solve = _newton if design.shape[1] <= _WIDE else _by_gradient
    return solve(design, y, start, strengths)


def _newton(design: Floats, y: Floats, start: Floats, strengths: Sequence[float]) -> list[Floats]:
    """Newton's method in which the curvature is measured anew only where steps stop paying.

    Measuring it costs more than a dozen steps, and it hardly changes from one strength to the next.
    """
    weights, path = start, []
    curvature = _curvature(design, weights)
    for strength in strengths:
        factor = cho_factor(curvature + strength * _ridged(len(weights)))
        loss, slope = _loss(design, y, weights, strength)
        for _ in range(_MAX_STEPS):
            if np.abs(slope).max() <= _CLOSE * len(y):
                break
            step = cho_solve(factor, slope)
            moved, new_loss, new_slope = _walk(design, y, weights, step, loss=loss, strength=strength)
            slow = np.abs(new_slope).max() > 0.7 * np.abs(slope).max()
            if new_loss >= loss and not slow:
                break
            weights, loss, slope = moved, new_loss, new_slope
            if slow:
                curvature = _curvature(design, weights)
                factor = cho_factor(curvature + strength * _ridged(len(weights)))
        path.append(weights)
    return path


def _walk(
    design: Floats, y: Floats, weights: Floats, step: Floats, *, loss: float, strength: float
) -> tuple[Floats, float, Floats]:
    """Weights after the longest of a few halved steps that does not raise the loss."""
    for halving in range(12):
        moved = weights - step * 0.5**halving
        new_loss, new_slope = _loss(design, y, moved, strength)
        if new_loss <= loss:
            return moved, new_loss, new_slope
    return weights, loss, _loss(design, y, weights, strength)[1]


def _loss(design: Floats, y: Floats, weights: Floats, strength: float) -> tuple[float, Floats]:
    """Penalised log loss summed over rows, and its slope."""
    score = design @ weights[1:] + weights[0]
    penalty = strength * weights
    penalty[0] = 0.0
    residual = expit(score) - y
    slope = np.concatenate([[residual.sum()], residual @ design]) + penalty
    return float(np.logaddexp(0.0, score).sum() - (y * score).sum() + 0.5 * (penalty * weights).sum()), slope


def _curvature(design: Floats, weights: Floats) -> Floats:
    """Second derivative of the summed log loss."""
    p = expit(design @ weights[1:] + weights[0])
    share = p * (1 - p)
    half = design * np.sqrt(share)[:, None]
    full = np.empty((len(weights), len(weights)))
    full[1:, 1:] = half.T @ half
    full[0, 1:] = full[1:, 0] = share @ design
    full[0, 0] = share.sum()
    return full


def _ridged(n: int) -> Floats:
    """Put a unit penalty on all but the intercept, which gets just enough to keep the matrix regular."""
    unit = np.eye(n)
    unit[0, 0] = 1e-9
    return unit


def _by_gradient(design: Floats, y: Floats, start: Floats, strengths: Sequence[float]) -> list[Floats]:
    weights, path = start, []
    for strength in strengths:
        found, _, _ = fmin_l_bfgs_b(
            partial(_mean_loss, design, y, strength), weights, maxiter=200, pgtol=1e-5
        )
        weights = np.asarray(found, dtype=np.float64)
        path.append(weights)
    return path


def _mean_loss(design: Floats, y: Floats, strength: float, weights: Floats) -> tuple[float, Floats]:
    loss, slope = _loss(design, y, weights, strength)
    return loss / len(y), slope / len(y)
