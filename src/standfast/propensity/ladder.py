"""Which model a book is large enough for (U6)."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from standfast.propensity.recipe import Recipe

Rung = Literal["scorecard", "logistic", "blend"]


def count_events(y: NDArray[np.float64], groups: NDArray[np.int64]) -> int:
    """Accounts of the rarer class: what a model learns from, however many snapshots each has."""
    return min(len(np.unique(groups[y == label])) for label in (0.0, 1.0))


def rung_for(n_events: int, recipe: Recipe) -> Rung:
    """Step of the ladder for that many accounts of the rarer class."""
    if n_events < recipe.scorecard_below:
        return "scorecard"
    return "logistic" if n_events < recipe.logistic_below else "blend"


def warning_for(n_events: int, recipe: Recipe) -> str | None:
    """Sentence a reader of the scores must see; None where the book is large enough."""
    rung = rung_for(n_events, recipe)
    if rung == "scorecard":
        return (
            f"only {n_events} accounts of the rarer outcome: a scorecard of at most {recipe.n_signals} "
            "signals, of one point each unless [model] points says otherwise, good for a rough order and not "
            f"for budgets; {recipe.scorecard_below} are needed for a fitted model"
        )
    if rung == "logistic":
        return (
            f"{n_events} accounts of the rarer outcome: a regularised logistic model, read its probabilities "
            f"with their intervals; {recipe.logistic_below} are needed for boosted trees"
        )
    return None
