"""Ridge logistic regression along a path of strengths, by Newton steps that share their curvature."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

_CHUNK, _CELLS = 8_192, 2_500_000
"""Rows, and cells of them, whose weighted copy is held at a time."""


@dataclass(frozen=True, eq=False)
class Block:
    """Rows to learn from: their design, shape (n_rows, n_coefficients), and their outcomes."""

    design: Floats
    y: Floats


Blocks = Sequence[Block]


def ridge_path(blocks: Blocks, strengths: Sequence[float]) -> list[Floats]:
    """Intercept and weights per strength, each found from the one before; the intercept is not ridged.

    Parameters
    ----------
    blocks
        The rows in parts, so that one part can be left out without a copy of the others.
    strengths
        Penalties on half the squared weights, the loss being summed over rows; best from strong to weak.
    """
    n_events, n_rows = float(sum(block.y.sum() for block in blocks)), _n_rows(blocks)
    width = blocks[0].design.shape[1]
    start = np.zeros(width + 1)
    start[0] = np.log((n_events + 0.5) / (n_rows - n_events + 0.5))
    if width == 0 or n_events in (0.0, float(n_rows)):
        return [start] * len(strengths)  # nothing to learn from: the base rate, kept finite
    solve = _newton if width <= _WIDE else _by_gradient
    return solve(blocks, start, strengths)


def _n_rows(blocks: Blocks) -> int:
    return sum(len(block.y) for block in blocks)


def _newton(blocks: Blocks, start: Floats, strengths: Sequence[float]) -> list[Floats]:
    """Newton's method in which the curvature is measured anew only where steps stop paying.

    Measuring it costs more than a dozen steps, and it hardly changes from one strength to the next.
    """
    weights, path, n_rows = start, [], _n_rows(blocks)
    curvature = _curvature(blocks, weights)
    for strength in strengths:
        factor = cho_factor(curvature + strength * _ridged(len(weights)))
        loss, slope = _loss(blocks, weights, strength)
        for _ in range(_MAX_STEPS):
            if np.abs(slope).max() <= _CLOSE * n_rows:
                break
            step = cho_solve(factor, slope)
            moved, new_loss, new_slope = _walk(blocks, weights, step, loss=loss, strength=strength)
            slow = np.abs(new_slope).max() > 0.7 * np.abs(slope).max()
            if new_loss >= loss and not slow:
                break
            weights, loss, slope = moved, new_loss, new_slope
            if slow:
                curvature = _curvature(blocks, weights)
                factor = cho_factor(curvature + strength * _ridged(len(weights)))
        path.append(weights)
    return path


def _walk(
    blocks: Blocks, weights: Floats, step: Floats, *, loss: float, strength: float
) -> tuple[Floats, float, Floats]:
    """Weights after the longest of a few halved steps that does not raise the loss."""
    for halving in range(12):
        moved = weights - step * 0.5**halving
        new_loss, new_slope = _loss(blocks, moved, strength)
        if new_loss <= loss:
            return moved, new_loss, new_slope
    return weights, loss, _loss(blocks, weights, strength)[1]


def _loss(blocks: Blocks, weights: Floats, strength: float) -> tuple[float, Floats]:
    """Penalised log loss summed over rows, and its slope."""
    penalty = strength * weights
    penalty[0] = 0.0
    loss, slope = 0.5 * float((penalty * weights).sum()), penalty.copy()
    for block in blocks:
        score = block.design @ weights[1:] + weights[0]
        residual = expit(score) - block.y
        loss += float(np.logaddexp(0.0, score).sum() - (block.y * score).sum())
        slope[0] += residual.sum()
        slope[1:] += residual @ block.design
    return loss, slope


def _curvature(blocks: Blocks, weights: Floats) -> Floats:
    """Second derivative of the summed log loss."""
    full = np.zeros((len(weights), len(weights)))
    for design in _in_chunks(blocks):
        p = expit(design @ weights[1:] + weights[0])
        share = p * (1 - p)
        half = design * np.sqrt(share)[:, None]
        full[1:, 1:] += half.T @ half
        full[0, 1:] += share @ design
        full[0, 0] += share.sum()
    full[1:, 0] = full[0, 1:]
    return full


def _in_chunks(blocks: Blocks) -> Iterator[Floats]:
    for block in blocks:
        size = max(1, min(_CHUNK, _CELLS // block.design.shape[1]))
        for start in range(0, len(block.y), size):
            yield block.design[start : start + size]


def _ridged(n: int) -> Floats:
    """Put a unit penalty on all but the intercept, which gets just enough to keep the matrix regular."""
    unit = np.eye(n)
    unit[0, 0] = 1e-9
    return unit


def _by_gradient(blocks: Blocks, start: Floats, strengths: Sequence[float]) -> list[Floats]:
    weights, path = start, []
    for strength in strengths:
        found, _, _ = fmin_l_bfgs_b(partial(_mean_loss, blocks, strength), weights, maxiter=200, pgtol=1e-5)
        weights = np.asarray(found, dtype=np.float64)
        path.append(weights)
    return path


def _mean_loss(blocks: Blocks, strength: float, weights: Floats) -> tuple[float, Floats]:
    loss, slope = _loss(blocks, weights, strength)
    n_rows = _n_rows(blocks)
    return loss / n_rows, slope / n_rows
