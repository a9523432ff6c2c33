"""Small regularised boosted trees whose number early stopping has chosen within folds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import lightgbm as lgb
import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from standfast.features.encode import Encoding
from standfast.propensity.recipe import Recipe
from standfast.propensity.target_encoding import (
    TargetEncoding,
    category_columns,
    cross_fit,
    fit_target_encoding,
)
from standfast.propensity.tree_tables import TreeTables, build_tree_tables

_PARAMETERS = re.compile(r"\nparameters:.*?end of parameters\n", re.DOTALL)


@dataclass(frozen=True)
class Trees:
    """Log-odds as the mean of a few LightGBM text models, on categories turned to rates."""

    models: tuple[str, ...]
    target_encoding: TargetEncoding

    def __post_init__(self) -> None:
        boosters = tuple(lgb.Booster(model_str=model) for model in self.models)
        object.__setattr__(self, "_boosters", boosters)

    def score(self, X: NDArray[np.float64], *, n_threads: int) -> NDArray[np.float64]:
        """Log-odds of each row."""
        return self.score_filled(self.target_encoding.apply(X), n_threads=n_threads)

    def score_filled(self, X: NDArray[np.float64], *, n_threads: int) -> NDArray[np.float64]:
        """Log-odds of each row whose categories are rates already."""
        return self._mean(X, n_threads=n_threads)

    def contributions(self, X: NDArray[np.float64], *, n_threads: int) -> NDArray[np.float64]:
        """Log-odds per row and column, the base in the last column: exact Shapley values."""
        if self._tables is not None:
            return self._tables.contributions(self.target_encoding.apply(X), n_threads=n_threads)
        return self._mean(self.target_encoding.apply(X), n_threads=n_threads, pred_contrib=True)

    @cached_property
    def _tables(self) -> TreeTables | None:
        return build_tree_tables(self.models)

    def _mean(self, X: NDArray[np.float64], *, n_threads: int, **how: bool) -> NDArray[np.float64]:
        boosters: tuple[lgb.Booster, ...] = getattr(self, "_boosters")  # noqa: B009  (set on a frozen class)
        total = np.zeros(())
        for booster in boosters:
            total = total + booster.predict(
                X, raw_score=not how, num_threads=n_threads, validate_features=False, **how
            )
        return total / len(boosters)


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
    """Trees on all rows, as many as were best on average for the held-out folds."""
    n_codes = category_columns(encoding)
    runs = Parallel(n_jobs=recipe.n_jobs, prefer="threads")(
        delayed(_fit_fold)(X, y, folds, fold=fold, n_codes=n_codes, recipe=recipe)
        for fold in np.unique(folds)
    )
    n_trees = max(1, round(float(np.mean([run.best for run in runs]))))
    out_of_fold = np.empty(len(y))
    for run in runs:
        out_of_fold[run.held] = run.predict(n_trees)
    filled = cross_fit(X, y, folds, n_codes=n_codes, prior_rows=recipe.encoding_rows)
    models = tuple(
        _text(
            _grow(filled, y, recipe=recipe, seed=recipe.seed + bag, n_trees=n_trees, threads=recipe.n_threads)
        )
        for bag in range(recipe.n_bags)
    )
    rates = fit_target_encoding(X, y, n_codes=n_codes, prior_rows=recipe.encoding_rows)
    return TreesFit(Trees(models, rates), out_of_fold, n_trees)


@dataclass(frozen=True)
class _Run:
    booster: lgb.Booster
    held: NDArray[np.intp]
    matrix: NDArray[np.float64]
    best: int

    def predict(self, n_trees: int) -> NDArray[np.float64]:
        raw = self.booster.predict(self.matrix, raw_score=True, num_iteration=n_trees, num_threads=1)
        return cast("NDArray[np.float64]", raw)


def _fit_fold(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    fold: int,
    n_codes: Mapping[int, int],
    recipe: Recipe,
) -> _Run:
    held, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
    filled = cross_fit(X[rest], y[rest], folds[rest], n_codes=n_codes, prior_rows=recipe.encoding_rows)
    rates = fit_target_encoding(X[rest], y[rest], n_codes=n_codes, prior_rows=recipe.encoding_rows)
    matrix = rates.apply(X[held])
    booster = _grow(
        filled, y[rest], recipe=recipe, seed=recipe.seed, n_trees=recipe.max_trees, threads=1,
        judge=(matrix, y[held]),
    )  # fmt: skip
    return _Run(booster, held, matrix, max(1, booster.best_iteration))


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
