"""Fitting a propensity of the kind the book is large enough for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from standfast.features.encode import Encoding
from standfast.features.matrix_rows import MatrixRows, as_rows
from standfast.propensity.additive import Additive, mix
from standfast.propensity.additive_fit import fit_additive
from standfast.propensity.blend import Blend, fit_blend
from standfast.propensity.curve import choose_curve
from standfast.propensity.fitted import Propensity, importances
from standfast.propensity.inner import InnerFolds, choose_inner_folds, refold
from standfast.propensity.interval import fit_interval
from standfast.propensity.labels import checked_labels
from standfast.propensity.ladder import Rung, count_events, rung_for, warning_for
from standfast.propensity.level import fit_shift
from standfast.propensity.recipe import Recipe, recipe_for
from standfast.propensity.scorecard import fit_scorecard
from standfast.propensity.tree_fit import fit_trees
from standfast.propensity.trees import Trees


def fit_propensity(
    X: NDArray[np.float64] | MatrixRows,
    y: ArrayLike,
    groups: ArrayLike,
    *,
    encoding: Encoding,
    recipe: Recipe | None = None,
    signs: Mapping[str, float] | None = None,
) -> Propensity:
    """Propensity of the outcome ``y``, of the kind the book is large enough for (U6).

    Parameters
    ----------
    X
        Matrix of ``encode``, shape (n_rows, n_features), without rejected rows; or some of its rows.
    y
        Outcome of each row, 0 or 1.
    groups
        Account of each row; folds keep an account's rows together. Rows are sorted by it first, so the
        order they come in changes nothing.
    signs
        Points known beforehand per column, for a scorecard; by their sign, the direction.

    Raises
    ------
    InputError
        Where only one outcome occurs, or outcomes are missing.
    """
    recipe = recipe or Recipe()
    rows = as_rows(X)
    labels = checked_labels(len(rows), y)
    _, accounts = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(accounts, kind="stable")
    sorted_rows = rows if (np.diff(accounts) >= 0).all() else rows.take(order)
    # Blocked matrix products round differently on two threads than on one.
    with threadpool_limits(limits=1, user_api="blas"):
        return _fit(
            sorted_rows, labels[order], accounts[order],
            encoding=encoding, recipe=recipe_for(recipe, len(labels)), signs=signs,
        )  # fmt: skip


@dataclass(frozen=True)
class _Fitted:
    """Fitted parts and their blend, and the log-odds it gave the rows that were held out."""

    additive: Additive
    trees: Trees | None
    blend: Blend
    held_out: NDArray[np.float64]


def _fit(
    X: MatrixRows,
    y: NDArray[np.float64],
    groups: NDArray[np.intp],
    *,
    encoding: Encoding,
    recipe: Recipe,
    signs: Mapping[str, float] | None,
) -> Propensity:
    n_events = count_events(y, groups)
    rung = rung_for(n_events, recipe)
    folds = choose_inner_folds(y, groups, recipe)
    found = _fit_parts(X, y, folds, rung=rung, encoding=encoding, recipe=recipe, signs=signs)
    held = folds.held_out
    label, account = y[held], groups[held]
    curve = None
    if rung != "scorecard":
        again = refold(folds, label, account, recipe)
        curve = choose_curve(found.held_out, label, account, again, recipe=recipe)
    blend = replace(found.blend, curve=curve)
    sample = X.take(np.linspace(0, len(X) - 1, min(len(X), recipe.importance_rows)).astype(np.intp)).read()
    warning = warning_for(n_events, recipe)
    fitted = Propensity(
        rung=rung,
        names=encoding.names,
        additive=found.additive,
        trees=found.trees,
        blend=blend,
        intervals=fit_interval(
            found.held_out if curve is None else curve.apply(found.held_out), label, account,
            level=recipe.interval_level, n_bins=recipe.interval_bins, min_events=recipe.interval_events,
        ),
        base_rate=float(y.mean()),
        n_rows=len(y),
        n_accounts=len(np.unique(groups)),
        n_events=n_events,
        importances=importances(found.additive, found.trees, blend, sample, n_threads=recipe.n_threads),
        warnings=(warning,) if warning else (),
    )  # fmt: skip
    return fitted if len(held) == len(y) else _levelled(fitted, X, y, recipe=recipe)


def _levelled(fitted: Propensity, X: MatrixRows, y: NDArray[np.float64], *, recipe: Recipe) -> Propensity:
    """Give the propensity at the level of all rows; the rows held out are fewer, and know it less surely."""
    return fitted.shifted(fit_shift(fitted.log_odds(X, n_threads=recipe.n_threads), y))


def _fit_parts(
    X: MatrixRows,
    y: NDArray[np.float64],
    folds: InnerFolds,
    *,
    rung: Rung,
    encoding: Encoding,
    recipe: Recipe,
    signs: Mapping[str, float] | None,
) -> _Fitted:
    if rung == "scorecard":
        # Its points are already worth what they were worth on held-out accounts.
        card = fit_scorecard(X.read(), y, folds.of_row, encoding=encoding, recipe=recipe, signs=signs)
        return _Fitted(card.additive, None, Blend(0.0, (1.0,)), card.out_of_fold[folds.held_out])
    logistic = fit_additive(X, y, folds, encoding=encoding, recipe=recipe)
    boosted = None if rung == "logistic" else fit_trees(X, y, folds, encoding=encoding, recipe=recipe)
    trees = () if boosted is None else (boosted.out_of_fold,)
    held = folds.held_out
    held_out = tuple(
        part[held] for part in (logistic.bent.out_of_fold, logistic.straight.out_of_fold, *trees)
    )
    blend = fit_blend(held_out, y[held], ridge=recipe.blend_ridge)
    # Bent and straight tables have the same places, so that their sum is one set of tables.
    return _Fitted(
        mix((logistic.bent.additive, logistic.straight.additive), blend.weights[:2]),
        None if boosted is None else boosted.trees,
        Blend(blend.intercept, (1.0, *blend.weights[2:])),
        blend.score(held_out),
    )


__all__ = ["Propensity", "Recipe", "fit_propensity"]
