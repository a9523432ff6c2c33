"""Which rows a fit holds out of itself: every account in turn, in a large table those of one fold alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standfast.propensity.recipe import Recipe, inner_folds
from standfast.propensity.split import grouped_folds


@dataclass(frozen=True, eq=False)
class InnerFolds:
    """Fold of each row, and the folds held out one after the other; the other rows only teach."""

    of_row: NDArray[np.int64]
    asked: tuple[int, ...]

    @property
    def held_out(self) -> NDArray[np.intp]:
        """Places of the rows that are held out at some time."""
        return np.flatnonzero(np.isin(self.of_row, self.asked))


def all_in_turn(of_row: NDArray[np.int64]) -> InnerFolds:
    """Hold out every fold."""
    return InnerFolds(of_row, tuple(np.unique(of_row).tolist()))


def choose_inner_folds(y: NDArray[np.float64], groups: NDArray[np.intp], recipe: Recipe) -> InnerFolds:
    """Every fold in turn; from ``one_validation_rows`` rows on the first alone.

    The accounts of one fold are many then: they tell the number of trees, the weights of the blend and the
    calibration as surely as all would, in a fraction of the time.
    """
    if len(y) >= recipe.one_validation_rows:
        return InnerFolds(grouped_folds(y, groups, recipe.n_folds, recipe.seed), (0,))
    return all_in_turn(grouped_folds(y, groups, inner_folds(recipe, len(y)), recipe.seed))


def refold(
    folds: InnerFolds, y: NDArray[np.float64], groups: NDArray[np.intp], recipe: Recipe
) -> NDArray[np.int64]:
    """Fold of each row held out, for what is learned from these rows and tried on one another."""
    if len(folds.asked) > 1:
        return folds.of_row[folds.held_out]
    return grouped_folds(y, groups, recipe.n_folds, recipe.seed)
