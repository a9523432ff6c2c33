"""Growing trees of two kinds, and keeping the kind and the number that held-out folds liked best."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import lightgbm as lgb
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from standfast.features.encode import Encoding
from standfast.propensity.recipe import Recipe
from standfast.propensity.symmetric import grow_symmetric
from standfast.propensity.symmetric_text import symmetric_text
from standfast.propensity.target_encoding import category_columns, cross_fit, fit_target_encoding
from standfast.propensity.trees import Trees

_PARAMETERS = re.compile(r"\nparameters:.*?end of parameters\n", re.DOTALL)


@dataclass(frozen=True)
class TreesFit:
    """Fitted trees and the log-odds each training row got from folds that did not hold its account."""

    trees: Trees
    out_of_fold: NDArray[np.float64]
    n_trees: int


def fit_trees(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    encoding: Encoding,
    recipe: Recipe,
) -> TreesFit:
    """Trees on all rows, of the kind and as many as were best for the held-out folds."""
    n_codes = category_columns(encoding)
    parts = [_part(X, y, folds, fold=fold, n_codes=n_codes, recipe=recipe) for fold in np.unique(folds)]
    free = _hold_out(_grow_free, parts, y, recipe=recipe)
    symmetric = _symmetric_where_better(parts, y, free, recipe=recipe)
    best = symmetric or free
    filled = cross_fit(X, y, folds, n_codes=n_codes, prior_rows=recipe.encoding_rows)
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
    """How many trees were best for the rows held out, and their log-odds under the first so many."""

    best: int
    predict: Callable[[int], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class _HeldOut:
    """Log-odds of the rows while they were held out, by the same number of trees for all."""

    log_odds: NDArray[np.float64]
    n_trees: int


def _part(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    fold: int,
    n_codes: Mapping[int, int],
    recipe: Recipe,
) -> _Part:
    held, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
    filled = cross_fit(X[rest], y[rest], folds[rest], n_codes=n_codes, prior_rows=recipe.encoding_rows)
    rates = fit_target_encoding(X[rest], y[rest], n_codes=n_codes, prior_rows=recipe.encoding_rows)
    return _Part(filled, y[rest], held, rates.apply(X[held]), y[held])


def _hold_out(
    grow: Callable[..., _Run], parts: Sequence[_Part], y: NDArray[np.float64], *, recipe: Recipe
) -> _HeldOut:
    """Grow on all folds but one, for each; rows of no part keep zero."""
    runs = Parallel(n_jobs=recipe.n_jobs, prefer="threads")(
        delayed(grow)(part, recipe=recipe) for part in parts
    )
    n_trees = max(1, round(float(np.mean([run.best for run in runs]))))
    log_odds = np.zeros(len(y))
    for part, run in zip(parts, runs, strict=True):
        log_odds[part.held] = run.predict(n_trees)
    return _HeldOut(log_odds, n_trees)


def _symmetric_where_better(
    parts: Sequence[_Part], y: NDArray[np.float64], free: _HeldOut, *, recipe: Recipe
) -> _HeldOut | None:
    """Give symmetric trees where their held-out log loss is lower, in the first folds and then in all."""
    if len(y) > recipe.symmetric_rows:
        return None
    for tried in (parts[:2], parts):
        found = _hold_out(_grow_symmetric, tried, y, recipe=recipe)
        rows = np.concatenate([part.held for part in tried])
        if _loss(found.log_odds[rows], y[rows]) >= _loss(free.log_odds[rows], y[rows]):
            return None
    return found


def _loss(log_odds: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    return float((np.logaddexp(0.0, log_odds) - y * log_odds).sum())


def _grow_free(part: _Part, *, recipe: Recipe) -> _Run:
    booster = _grow(
        part.X, part.y, recipe=recipe, seed=recipe.seed, n_trees=recipe.max_trees, threads=1,
        judge=(part.asked, part.came),
    )  # fmt: skip

    def predict(n_trees: int) -> NDArray[np.float64]:
        raw = booster.predict(part.asked, raw_score=True, num_iteration=n_trees, num_threads=1)
        return cast("NDArray[np.float64]", raw)

    return _Run(max(1, booster.best_iteration), predict)


def _grow_symmetric(part: _Part, *, recipe: Recipe) -> _Run:
    trees = grow_symmetric(
        part.X, part.y, recipe=recipe, seed=recipe.seed, n_trees=recipe.symmetric_trees,
        judge=(part.asked, part.came),
    )  # fmt: skip
    bins = trees.borders.bins(part.asked)
    return _Run(trees.best, lambda n_trees: trees.score(bins, n_trees=n_trees))


def _free_text(
    X: NDArray[np.float64], y: NDArray[np.float64], *, recipe: Recipe, seed: int, n_trees: int
) -> str:
    return _text(_grow(X, y, recipe=recipe, seed=seed, n_trees=n_trees, threads=recipe.n_threads))


def _symmetric_text(
    X: NDArray[np.float64], y: NDArray[np.float64], *, recipe: Recipe, seed: int, n_trees: int
) -> str:
    return symmetric_text(grow_symmetric(X, y, recipe=recipe, seed=seed, n_trees=n_trees))


def _grow(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    *,
    recipe: Recipe,
    seed: int,
    n_trees: int,
    threads: int,
    judge: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> lgb.Booster:
    parameters = _parameters(recipe, seed=seed, threads=threads)
    train = lgb.Dataset(X, y, params=parameters)
    if judge is None:
        return lgb.train(parameters, train, n_trees)
    stop = lgb.early_stopping(recipe.patience, verbose=False)
    return lgb.train(parameters, train, n_trees, valid_sets=[train.create_valid(*judge)], callbacks=[stop])


def _text(booster: lgb.Booster) -> str:
    """Text of a model without the settings it was grown under: the thread count is none of its business."""
    return _PARAMETERS.sub("\n", booster.model_to_string(num_iteration=-1))


def _parameters(recipe: Recipe, *, seed: int, threads: int) -> dict[str, Any]:
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
        "num_threads": threads,
        "verbosity": -1,
    }
