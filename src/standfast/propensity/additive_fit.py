"""Fitting the logistic part, once with bends and once straight: ridge strengths chosen by folds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from standfast.features.encode import Encoding
from standfast.propensity.additive import Additive, CategoryTable, NumberTable
from standfast.propensity.basis import CategoryBasis, NumberBasis, learn_basis
from standfast.propensity.recipe import Recipe
from standfast.propensity.ridge import ridge_path


@dataclass(frozen=True)
class AdditiveFit:
    """Fitted tables, and the log-odds each training row got from folds that did not hold its account."""

    additive: Additive
    out_of_fold: NDArray[np.float64]
    ridge: float


@dataclass(frozen=True)
class AdditiveFits:
    """The tables whose numbers may bend, and those whose numbers run straight; both have the same knots."""

    bent: AdditiveFit
    straight: AdditiveFit


def fit_additive(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    encoding: Encoding,
    recipe: Recipe,
) -> AdditiveFits:
    """Tables on all rows, each with the ridge strength of least out-of-fold log loss."""
    # A very wide table bends less, so that its design stays of a size to handle.
    n_knots = max(2, min(recipe.n_knots, recipe.max_coefficients // max(1, X.shape[1])))
    bases = [
        learn_basis(X[:, column], feature, n_knots=n_knots, min_rows=recipe.min_category_rows)
        for column, feature in enumerate(encoding.features)
    ]
    rows = _spread(len(y), recipe.max_additive_rows)
    sample = _Sample(_design(X[rows], bases), y[rows], folds[rows])
    is_line = np.concatenate([[], *(~basis.bends for basis in bases)]).astype(bool)

    def fit(used: NDArray[np.bool_]) -> AdditiveFit:
        return _fit(sample, X, y, folds, bases=bases, used=used, recipe=recipe)

    bent = fit(np.ones_like(is_line))
    return AdditiveFits(bent, bent if is_line.all() else fit(is_line))


@dataclass(frozen=True)
class _Sample:
    """Rows the weights are learned from: their design, labels and folds."""

    design: NDArray[np.float64]
    y: NDArray[np.float64]
    folds: NDArray[np.int64]


def _fit(
    sample: _Sample,
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    bases: Sequence[NumberBasis | CategoryBasis],
    used: NDArray[np.bool_],
    recipe: Recipe,
) -> AdditiveFit:
    """Tables of the coefficients ``used``, the others being zero."""
    design = sample.design if used.all() else sample.design[:, used]
    strengths = sorted(recipe.ridge_strengths, reverse=True)

    def tables(weights: NDArray[np.float64]) -> Additive:
        whole = np.zeros(len(used) + 1)
        whole[np.append(True, used)] = weights
        return _collapse(bases, whole)

    def held_out(fold: int) -> NDArray[np.float64]:
        learn = sample.folds != fold
        path = ridge_path(design[learn], sample.y[learn], strengths)
        held = X[folds == fold]
        return np.column_stack([tables(weights).score(held) for weights in path])

    scores = np.empty((len(y), len(strengths)))
    names = np.unique(folds)
    for fold, block in zip(
        names,
        Parallel(n_jobs=recipe.n_jobs, prefer="threads")(delayed(held_out)(f) for f in names),
        strict=True,
    ):
        scores[folds == fold] = block
    losses = [float(np.mean(np.logaddexp(0.0, s) - y * s)) for s in scores.T]
    best = int(np.argmin(losses))
    weights = ridge_path(design, sample.y, strengths[: best + 1])[-1]
    return AdditiveFit(tables(weights), scores[:, best], strengths[best])


def fit_tables(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    encoding: Encoding,
    recipe: Recipe,
    n_knots: int,
    ridge: float,
) -> Additive:
    """Tables on all rows at one ridge strength, without folds."""
    bases = [
        learn_basis(X[:, column], feature, n_knots=n_knots, min_rows=recipe.min_category_rows)
        for column, feature in enumerate(encoding.features)
    ]
    rows = _spread(len(y), recipe.max_additive_rows)
    return _collapse(bases, ridge_path(_design(X[rows], bases), y[rows], [ridge])[-1])


def _spread(n_rows: int, at_most: int) -> NDArray[np.intp]:
    """Evenly spaced rows, all where there are few."""
    if n_rows <= at_most:
        return np.arange(n_rows)
    return np.linspace(0, n_rows - 1, at_most).astype(np.intp)


def _design(X: NDArray[np.float64], bases: Sequence[NumberBasis | CategoryBasis]) -> NDArray[np.float64]:
    design = np.empty((len(X), sum(basis.width for basis in bases)))
    start = 0
    for column, basis in enumerate(bases):
        design[:, start : start + basis.width] = basis.design(X[:, column])
        start += basis.width
    return design


def _collapse(bases: Sequence[NumberBasis | CategoryBasis], weights: NDArray[np.float64]) -> Additive:
    tables: list[NumberTable | CategoryTable] = []
    start = 1
    for basis in bases:
        tables.append(basis.collapse(weights[start : start + basis.width]))
        start += basis.width
    return Additive(float(weights[0]), tuple(tables))
