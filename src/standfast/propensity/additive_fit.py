"""Fitting the logistic part, once with bends and once straight: ridge strengths chosen by folds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from standfast.features.encode import Encoding
from standfast.features.matrix_rows import MatrixRows
from standfast.propensity.additive import Additive, CategoryTable, NumberTable
from standfast.propensity.basis import CategoryBasis, NumberBasis, learn_basis
from standfast.propensity.inner import InnerFolds
from standfast.propensity.recipe import Recipe
from standfast.propensity.ridge import Block, ridge_path


@dataclass(frozen=True)
class AdditiveFit:
    """Fitted tables, and the log-odds each row held out got from folds that did not hold its account."""

    additive: Additive
    out_of_fold: NDArray[np.float64]
    ridge: float


@dataclass(frozen=True)
class AdditiveFits:
    """The tables whose numbers may bend, and those whose numbers run straight; both have the same knots."""

    bent: AdditiveFit
    straight: AdditiveFit


def fit_additive(
    X: MatrixRows,
    y: NDArray[np.float64],
    folds: InnerFolds,
    *,
    encoding: Encoding,
    recipe: Recipe,
) -> AdditiveFits:
    """Tables on all rows, each with the ridge strength of least out-of-fold log loss.

    Above ``max_additive_rows`` rows, that many of them, evenly spread, teach the tables and the strength.
    """
    rows = _spread(len(y), recipe.max_additive_rows)
    taught = X.take(rows).read()
    # A very wide table bends less, so that its design stays of a size to handle.
    n_knots = max(2, min(recipe.n_knots, recipe.max_coefficients // max(1, X.n_columns)))
    bases = _learn_bases(taught, encoding, n_knots=n_knots, recipe=recipe)
    of_row = folds.of_row[rows]
    parts = {fold: of_row == fold for fold in np.unique(of_row).tolist()}
    blocks = {fold: Block(_design(taught[part], bases), y[rows][part]) for fold, part in parts.items()}
    is_line = np.concatenate([[], *(~basis.bends for basis in bases)]).astype(bool)

    def fit(used: NDArray[np.bool_]) -> AdditiveFit:
        narrow = {fold: _narrowed(block, used) for fold, block in blocks.items()}
        found = _choose_weights(narrow, folds.asked, recipe=recipe)
        return _on_rows(found, X, folds, bases=bases, used=used)

    kinds = [np.ones_like(is_line)] if is_line.all() else [np.ones_like(is_line), is_line]
    fits = Parallel(n_jobs=recipe.n_jobs, prefer="threads")(delayed(fit)(used) for used in kinds)
    return AdditiveFits(fits[0], fits[-1])


@dataclass(frozen=True)
class _Weights:
    """Coefficients at the best strength: of all rows, and of the rows outside each fold held out."""

    whole: NDArray[np.float64]
    without: Mapping[int, NDArray[np.float64]]
    ridge: float


def _narrowed(block: Block, used: NDArray[np.bool_]) -> Block:
    return block if used.all() else Block(block.design[:, used], block.y)


def _choose_weights(blocks: Mapping[int, Block], asked: Sequence[int], *, recipe: Recipe) -> _Weights:
    strengths = sorted(recipe.ridge_strengths, reverse=True)
    losses, paths = np.zeros(len(strengths)), {}
    for fold in asked:
        paths[fold] = ridge_path([block for name, block in blocks.items() if name != fold], strengths)
        if fold in blocks:
            losses += [_log_loss(blocks[fold], weights) for weights in paths[fold]]
    best = int(np.argmin(losses))
    whole = ridge_path(list(blocks.values()), strengths[: best + 1])[-1]
    return _Weights(whole, {fold: path[best] for fold, path in paths.items()}, strengths[best])


def _log_loss(block: Block, weights: NDArray[np.float64]) -> float:
    score = block.design @ weights[1:] + weights[0]
    return float((np.logaddexp(0.0, score) - block.y * score).sum())


def _on_rows(
    found: _Weights,
    X: MatrixRows,
    folds: InnerFolds,
    *,
    bases: Sequence[NumberBasis | CategoryBasis],
    used: NDArray[np.bool_],
) -> AdditiveFit:
    """Tables of the coefficients ``used``, the others being zero, and what they say of rows held out."""

    def tables(weights: NDArray[np.float64]) -> Additive:
        whole = np.zeros(len(used) + 1)
        whole[np.append(True, used)] = weights
        return _collapse(bases, whole)

    log_odds = np.zeros(len(X))
    for fold, weights in found.without.items():
        held = np.flatnonzero(folds.of_row == fold)
        log_odds[held] = X.take(held).by_block(tables(weights).score)
    return AdditiveFit(tables(found.whole), log_odds, found.ridge)


def _learn_bases(
    X: NDArray[np.float64], encoding: Encoding, *, n_knots: int, recipe: Recipe
) -> list[NumberBasis | CategoryBasis]:
    return [
        learn_basis(X[:, column], feature, n_knots=n_knots, min_rows=recipe.min_category_rows)
        for column, feature in enumerate(encoding.features)
    ]


def fit_tables(
    X: MatrixRows,
    y: NDArray[np.float64],
    *,
    encoding: Encoding,
    recipe: Recipe,
    n_knots: int,
    ridge: float,
) -> Additive:
    """Tables on all rows at one ridge strength, without folds."""
    rows = _spread(len(y), recipe.max_additive_rows)
    taught = X.take(rows).read()
    bases = _learn_bases(taught, encoding, n_knots=n_knots, recipe=recipe)
    return _collapse(bases, ridge_path([Block(_design(taught, bases), y[rows])], [ridge])[-1])


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
