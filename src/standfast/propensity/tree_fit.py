"""Growing trees of two kinds, and keeping the kind and the number that held-out folds liked best."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import lightgbm as lgb
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from standfast.features.encode import Encoding
from standfast.features.matrix_rows import MatrixRows
from standfast.propensity.inner import InnerFolds
from standfast.propensity.recipe import Recipe
from standfast.propensity.symmetric import grow_symmetric
from standfast.propensity.symmetric_text import symmetric_text
from standfast.propensity.target_encoding import category_columns, cross_fit, fit_target_encoding
from standfast.propensity.trees import Trees

_BIN_ROWS = 50_000
"""Rows from which LightGBM learns where to cut its bins; its own 200,000 take as much room as their cells."""

_PARAMETERS = re.compile(r"\nparameters:.*?end of parameters\n", re.DOTALL)


@dataclass(frozen=True)
class TreesFit:
    """Fitted trees and the log-odds each row held out got from folds that did not hold its account."""

    trees: Trees
    out_of_fold: NDArray[np.float64]
    n_trees: int


def fit_trees(
    X: MatrixRows,
    y: NDArray[np.float64],
    folds: InnerFolds,
    *,
    encoding: Encoding,
    recipe: Recipe,
) -> TreesFit:
    """Trees on all rows, of the kind and as many as were best for the rows held out."""
    n_codes = category_columns(encoding)
    part = partial(_part, X, y, folds.of_row, n_codes=n_codes, recipe=recipe)
    free = _hold_out(_grow_free, part, folds.asked, y, recipe=recipe)
    symmetric = _symmetric_where_better(part, folds.asked, y, free, recipe=recipe)
    best = symmetric or free
    filled = partial(_filled, X, y, folds.of_row, n_codes=n_codes, recipe=recipe)
    grow = _symmetric_text if symmetric else _free_text
    models = tuple(
        grow(filled, y, recipe=recipe, seed=recipe.seed + bag, n_trees=best.n_trees)
        for bag in range(recipe.n_bags)
    )
    rates = fit_target_encoding(X, y, n_codes=n_codes, prior_rows=recipe.encoding_rows)
    return TreesFit(Trees(models, rates), best.log_odds, best.n_trees)


@dataclass(frozen=True, eq=False)
class _Part:
    """One fold held out: what trees learn from, with each row's rates from elsewhere, and the held rows."""

    X: NDArray[np.float64]
    y: NDArray[np.float64]
    held: NDArray[np.intp]
    asked: NDArray[np.float64]
    came: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Run:
    """The rows held out, how many trees were best for them, and their log-odds under the first so many."""

    held: NDArray[np.intp]
    best: int
    predict: Callable[[int], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class _HeldOut:
    """Log-odds of the rows while they were held out, by the same number of trees for all; which they are."""

    log_odds: NDArray[np.float64]
    n_trees: int
    rows: NDArray[np.intp]


def _filled(
    X: MatrixRows,
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    n_codes: Mapping[int, int],
    recipe: Recipe,
) -> NDArray[np.float64]:
    """Give the cells with rates in place of codes, each from the other folds."""
    cells = X.copy() if n_codes else X.read()
    return cross_fit(cells, y, folds, n_codes=n_codes, prior_rows=recipe.encoding_rows, in_place=True)


def _part(
    X: MatrixRows,
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    fold: int,
    *,
    n_codes: Mapping[int, int],
    recipe: Recipe,
) -> _Part:
    held, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
    taught = X.take(rest).copy()
    rates = fit_target_encoding(taught, y[rest], n_codes=n_codes, prior_rows=recipe.encoding_rows)
    filled = cross_fit(
        taught, y[rest], folds[rest], n_codes=n_codes, prior_rows=recipe.encoding_rows, in_place=True
    )
    return _Part(filled, y[rest], held, rates.apply(X.take(held).read()), y[held])


def _hold_out(
    grow: Callable[..., _Run],
    part: Callable[[int], _Part],
    asked: Sequence[int],
    y: NDArray[np.float64],
    *,
    recipe: Recipe,
) -> _HeldOut:
    """Grow on all folds but one, for each that is asked; rows of no such fold keep zero."""
    inside = recipe if len(asked) == 1 else replace(recipe, n_threads=1)
    runs = Parallel(n_jobs=recipe.n_jobs, prefer="threads")(
        delayed(grow)(partial(part, fold), recipe=inside) for fold in asked
    )
    n_trees = max(1, round(float(np.mean([run.best for run in runs]))))
    log_odds = np.zeros(len(y))
    for run in runs:
        log_odds[run.held] = run.predict(n_trees)
    return _HeldOut(log_odds, n_trees, np.concatenate([run.held for run in runs]))


def _symmetric_where_better(
    part: Callable[[int], _Part],
    asked: Sequence[int],
    y: NDArray[np.float64],
    free: _HeldOut,
    *,
    recipe: Recipe,
) -> _HeldOut | None:
    """Give symmetric trees where their held-out log loss is lower, in the first folds and then in all."""
    if len(y) > recipe.symmetric_rows:
        return None
    for tried in (asked[:2], asked):
        found = _hold_out(_grow_symmetric, part, tried, y, recipe=recipe)
        rows = found.rows
        if _loss(found.log_odds[rows], y[rows]) >= _loss(free.log_odds[rows], y[rows]):
            return None
    return found


def _loss(log_odds: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    return float((np.logaddexp(0.0, log_odds) - y * log_odds).sum())


def _grow_free(make_part: Callable[[], _Part], *, recipe: Recipe) -> _Run:
    parameters = tree_parameters(recipe, seed=recipe.seed)
    part = make_part()
    train = lgb.Dataset(part.X, part.y, params=parameters).construct()
    judge = train.create_valid(part.asked, part.came, params=parameters).construct()
    asked, held = part.asked, part.held
    del part  # LightGBM has its own copy, an eighth as large
    stop = lgb.early_stopping(recipe.patience, verbose=False)
    booster = lgb.train(parameters, train, recipe.max_trees, valid_sets=[judge], callbacks=[stop])

    def predict(n_trees: int) -> NDArray[np.float64]:
        raw = booster.predict(asked, raw_score=True, num_iteration=n_trees, num_threads=recipe.n_threads)
        return cast("NDArray[np.float64]", raw)

    return _Run(held, max(1, booster.best_iteration), predict)


def _grow_symmetric(make_part: Callable[[], _Part], *, recipe: Recipe) -> _Run:
    part = make_part()
    trees = grow_symmetric(
        part.X, part.y, recipe=recipe, seed=recipe.seed, n_trees=recipe.symmetric_trees,
        judge=(part.asked, part.came),
    )  # fmt: skip
    bins = trees.borders.bins(part.asked)
    return _Run(part.held, trees.best, lambda n_trees: trees.score(bins, n_trees=n_trees))


def _free_text(
    filled: Callable[[], NDArray[np.float64]],
    y: NDArray[np.float64],
    *,
    recipe: Recipe,
    seed: int,
    n_trees: int,
) -> str:
    parameters = tree_parameters(recipe, seed=seed)
    train = lgb.Dataset(filled(), y, params=parameters).construct()
    return _text(lgb.train(parameters, train, n_trees))


def _symmetric_text(
    filled: Callable[[], NDArray[np.float64]],
    y: NDArray[np.float64],
    *,
    recipe: Recipe,
    seed: int,
    n_trees: int,
) -> str:
    return symmetric_text(grow_symmetric(filled(), y, recipe=recipe, seed=seed, n_trees=n_trees))


def _text(booster: lgb.Booster) -> str:
    """Text of a model without the settings it was grown under: the thread count is none of its business."""
    return _PARAMETERS.sub("\n", booster.model_to_string(num_iteration=-1))


def tree_parameters(recipe: Recipe, *, seed: int) -> dict[str, Any]:
    """Give what LightGBM grows the free trees of a recipe by."""
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "num_leaves": recipe.n_leaves,
        "max_depth": recipe.max_depth,
        "learning_rate": recipe.learning_rate,
        "min_data_in_leaf": recipe.min_leaf_rows,
        "lambda_l2": recipe.leaf_ridge,
        "feature_fraction": recipe.feature_share,
        "bagging_fraction": recipe.row_share,
        "bagging_freq": 1,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "bin_construct_sample_cnt": _BIN_ROWS,
        "num_threads": recipe.n_threads,
        "verbosity": -1,
    }
