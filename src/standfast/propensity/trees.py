"""Small regularised boosted trees, on categories turned to rates."""

from dataclasses import dataclass
from functools import cached_property

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from standfast.features.matrix_rows import as_rows
from standfast.propensity.target_encoding import TargetEncoding
from standfast.propensity.tree_tables import TreeTables, build_tree_tables


@dataclass(frozen=True)
class Trees:
    """Log-odds as the mean of a few LightGBM text models, on categories turned to rates."""

    models: tuple[str, ...]
    target_encoding: TargetEncoding

    def __post_init__(self) -> None:
        boosters = tuple(lgb.Booster(model_str=model) for model in self.models)
        object.__setattr__(self, "_boosters", boosters)

    def score(self, X: NDArray[np.float64], *, n_threads: int) -> NDArray[np.float64]:
        """Log-odds of each row; a block at a time, since categories turned to rates take a copy."""
        return as_rows(X).by_block(
            lambda block: self._mean(self.target_encoding.apply(block), n_threads=n_threads)
        )

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
