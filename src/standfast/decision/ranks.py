"""How sure an account's place in the list is: the interval of its probability, carried to ranks."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit, ndtr, ndtri

from standfast.decision.columns import Floats, numbers
from standfast.errors import InputError

_EDGE = 1e-9


@dataclass(frozen=True)
class RankCertainty:
    """Whether one place of the list is really above another: the chance of it, and what that amounts to."""

    upper: str
    lower: str
    chance: float
    level: float

    @property
    def sentence(self) -> str:
        """Say it."""
        sure = "surely" if self.chance >= self.level else "not surely"
        return (
            f"{self.upper} is {sure} above {self.lower}: in {100 * self.chance:.0f} of 100 cases, "
            "as far as their intervals tell"
        )


def add_places(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with each account's place by churn probability, and the places its interval allows.

    ``place`` 1 is the likeliest to churn; equal probabilities share the first of their places. ``best_place``
    is where the account stood if its probability were the high end of its interval and all others as they
    are, ``worst_place`` if it were the low end. Without a probability they are empty.

    Examples
    --------
    >>> book = pd.DataFrame({"churn_probability": [0.30, 0.25, 0.05], "churn_low": [0.2, 0.15, 0.02],
    ...                      "churn_high": [0.4, 0.35, 0.1]})
    >>> add_places(book)[["place", "best_place", "worst_place"]].to_numpy().tolist()
    [[1, 1, 2], [2, 1, 2], [3, 3, 3]]
    """
    p, low, high = (numbers(scores, name) for name in ("churn_probability", "churn_low", "churn_high"))
    known = np.sort(p[~np.isnan(p)])
    found = {
        "place": 1 + _n_above(known, p),
        "best_place": 1 + _n_above(known, np.fmax(p, high)),
        # At its low end it stands behind all others that are not below it; itself is no other.
        "worst_place": len(known) - np.searchsorted(known, np.fmin(p, low), side="left"),
    }
    places = {
        name: pd.Series(values, index=scores.index, dtype="Int64").mask(np.isnan(p))
        for name, values in found.items()
    }
    return scores.assign(**places)


def chance_above(scores: pd.DataFrame, others: pd.DataFrame, *, level: float) -> Floats:
    """Return, row by row, the chance that the account's true probability lies above the other's.

    Intervals of coverage ``level`` give the spread of each log-odds; the two are taken as independent. They
    tell how often accounts of such a probability leave, and not what makes one account special.

    Examples
    --------
    >>> one = pd.DataFrame({"churn_probability": [0.3], "churn_low": [0.2], "churn_high": [0.42]})
    >>> two = pd.DataFrame({"churn_probability": [0.2], "churn_low": [0.13], "churn_high": [0.3]})
    >>> chance_above(one, two, level=0.9).round(2).tolist()
    [0.88]
    """
    odds, spread = _log_odds(scores, level=level)
    other_odds, other_spread = _log_odds(others, level=level)
    together = np.hypot(spread, other_spread)
    apart = odds - other_odds
    sure = np.where(apart == 0, 0.5, (apart > 0).astype(np.float64))
    z = np.divide(apart, together, out=np.zeros_like(apart), where=together > 0)
    return np.where(np.isnan(apart), np.nan, np.where(together > 0, ndtr(z), sure))


def rank_certainty(scores: pd.DataFrame, place: int, other: int, *, level: float) -> RankCertainty:
    """Return whether number ``place`` of the list by churn probability is really above number ``other``.

    Raises
    ------
    InputError
        The list has no such place.
    """
    p = numbers(scores, "churn_probability")
    listed = np.argsort(-p, kind="stable")[: int((~np.isnan(p)).sum())]
    for asked in (place, other):
        if not 1 <= asked <= len(listed):
            raise InputError(f"the list has no place {asked}; it has places 1 to {len(listed)}")
    upper, lower = (scores.iloc[[listed[asked - 1]]] for asked in (place, other))
    chance = float(chance_above(upper, lower, level=level)[0])
    return RankCertainty(_called(upper, place), _called(lower, other), chance, level)


def _called(row: pd.DataFrame, place: int) -> str:
    return f"number {place} ({row['account_id'].iloc[0]})" if "account_id" in row else f"number {place}"


def _n_above(known: Floats, values: Floats) -> np.ndarray:
    """Count the known probabilities above each value."""
    return len(known) - np.searchsorted(known, values, side="right")


def _log_odds(scores: pd.DataFrame, *, level: float) -> tuple[Floats, Floats]:
    """Return the log-odds of each account, and their standard error as its interval tells it."""
    ends = [
        logit(np.clip(numbers(scores, name), _EDGE, 1 - _EDGE))
        for name in ("churn_probability", "churn_low", "churn_high")
    ]
    return ends[0], (ends[2] - ends[1]) / (2 * float(ndtri((1 + level) / 2)))
