"""What a propensity would have said of accounts it never saw."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from standfast.features.encode import Encoding
from standfast.features.matrix_rows import MatrixRows, as_rows
from standfast.propensity.labels import checked_labels
from standfast.propensity.model import fit_propensity
from standfast.propensity.recipe import Recipe, inner_folds
from standfast.propensity.split import grouped_folds


def out_of_fold_probability(
    X: NDArray[np.float64] | MatrixRows,
    y: ArrayLike,
    groups: ArrayLike,
    *,
    encoding: Encoding,
    recipe: Recipe | None = None,
    folds: ArrayLike | None = None,
    signs: Mapping[str, float] | None = None,
) -> NDArray[np.float64]:
    """Probability of each row from a propensity fitted, whole recipe and all, on the other folds.

    Parameters
    ----------
    folds
        Fold of each row; grouped folds by default.
    """
    recipe = recipe or Recipe()
    rows = as_rows(X)
    labels, account = checked_labels(len(rows), y), np.asarray(groups)
    if folds is None:
        folds = grouped_folds(labels, account, inner_folds(recipe, len(labels)), recipe.seed)
    fold_of = np.asarray(folds)
    inside = replace(recipe, n_jobs=1, n_threads=1)

    def held_out(fold: int) -> NDArray[np.float64]:
        learn = fold_of != fold
        if len(np.unique(labels[learn])) < 2:
            return np.full(int((~learn).sum()), (labels[learn].sum() + 0.5) / (learn.sum() + 1))
        fitted = fit_propensity(
            rows.take(np.flatnonzero(learn)), labels[learn], account[learn],
            encoding=encoding, recipe=inside, signs=signs,
        )  # fmt: skip
        return fitted.probability(rows.take(np.flatnonzero(~learn)))

    probability = np.empty(len(labels))
    names = np.unique(fold_of)
    with threadpool_limits(limits=1, user_api="blas"):
        held = Parallel(n_jobs=recipe.n_jobs, prefer="threads")(delayed(held_out)(fold) for fold in names)
    for fold, values in zip(names, held, strict=True):
        probability[fold_of == fold] = values
    return probability
