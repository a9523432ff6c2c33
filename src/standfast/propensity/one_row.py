"""The probability of one row, quickly: the very number that ``Propensity`` gives a table's row."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import isnan, nan

import numpy as np
from scipy.special import expit

from standfast.propensity.additive import CategoryTable, NumberTable, says_something
from standfast.propensity.fitted import Propensity

LookUp = Callable[[float], float]


class OneRow:
    """A propensity made ready to be asked row by row."""

    def __init__(self, propensity: Propensity) -> None:
        self._propensity = propensity
        self._tables = [
            (column, _look_up(table))
            for column, table in enumerate(propensity.additive.tables)
            if says_something(table)
        ]
        rates = propensity.trees.target_encoding if propensity.trees else None
        self._rates = [] if rates is None else list(zip(rates.columns, rates.rates, strict=True))

    def probability(self, row: Sequence[float]) -> float:
        """Calibrated probability of an encoded row; NaN in it is what is missing."""
        parts = [self._additive(row)]
        if self._propensity.trees is not None:
            parts.append(self._trees(row))
        score = self._propensity.blend.score(tuple(np.array([part]) for part in parts))
        return float(expit(score)[0])

    def interval(self, probability: float) -> tuple[float, float]:
        """Low and high end of a probability."""
        low, high = self._propensity.interval(np.array([probability]))
        return float(low[0]), float(high[0])

    def _additive(self, row: Sequence[float]) -> float:
        total = self._propensity.additive.intercept
        for column, look_up in self._tables:
            total += look_up(row[column])
        return total

    def _trees(self, row: Sequence[float]) -> float:
        filled = list(row)
        for column, rates in self._rates:
            filled[column] = rates[_slot(row[column])]
        trees = self._propensity.trees
        return nan if trees is None else float(trees.score_filled(np.array([filled]), n_threads=1)[0])


def _look_up(table: NumberTable | CategoryTable) -> LookUp:
    if isinstance(table, CategoryTable):
        values = table.values
        return lambda cell: values[_slot(cell)]
    return _straight(table)


def _straight(table: NumberTable) -> LookUp:
    """Give what ``numpy.interp`` gives, operation by operation, so that no last bit differs."""
    knots, values, missing, last = table.knots, table.values, table.missing, len(table.knots) - 1

    def look_up(cell: float) -> float:
        if isnan(cell):
            return missing
        place = bisect_right(knots, cell) - 1
        if place < 0:
            return values[0]
        if place >= last or knots[place] == cell:
            return values[min(place, last)]
        slope = (values[place + 1] - values[place]) / (knots[place + 1] - knots[place])
        return slope * (cell - knots[place]) + values[place]

    return look_up


def _slot(code: float) -> int:
    """Give a code's place in a table that starts with missing and unseen."""
    return 0 if isnan(code) else int(code + 2.0)
