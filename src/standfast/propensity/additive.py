"""The logistic part, collapsed into one table per column: a score is a sum of look-ups."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standfast.propensity.target_encoding import slot, slots


@dataclass(frozen=True)
class NumberTable:
    """Log-odds at a few values of a number: straight between them, level beyond them."""

    knots: tuple[float, ...]
    values: tuple[float, ...]
    missing: float

    def look_up(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of each cell."""
        found = np.interp(column, *self._line)
        return np.where(np.isnan(column), self.missing, found)

    def at(self, cell: float) -> float:
        """Log-odds of one cell, the same bits without the cost of arrays around it."""
        return self.missing if math.isnan(cell) else float(np.interp(cell, *self._line))

    @cached_property
    def _line(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return np.array(self.knots, dtype=np.float64), np.array(self.values, dtype=np.float64)


@dataclass(frozen=True)
class CategoryTable:
    """Log-odds when missing, when unseen, then one per code."""

    values: tuple[float, ...]

    def look_up(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of each cell."""
        return self._values[slots(column)]

    def at(self, cell: float) -> float:
        """Log-odds of one cell."""
        return self.values[slot(cell)]

    @cached_property
    def _values(self) -> NDArray[np.float64]:
        return np.array(self.values, dtype=np.float64)


@dataclass(frozen=True)
class Additive:
    """Log-odds = intercept + one table's value per column.

    Each row is scored cell by cell, so its value depends neither on the rows beside it nor on threads.
    The tables average zero over the training rows: a column's value is its contribution.
    """

    intercept: float
    tables: tuple[NumberTable | CategoryTable, ...]

    def score(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of each row."""
        if len(X) == 1:
            return np.array([self._of_row(X[0].tolist())])
        total = np.full(len(X), self.intercept)
        for column, table in self._telling:
            total += table.look_up(X[:, column])
        return total

    def _of_row(self, row: Sequence[float]) -> float:
        """Add up one row as ``score`` adds up many: the same terms in the same order."""
        total = self.intercept
        for column, table in self._telling:
            total += table.at(row[column])
        return total

    @cached_property
    def _telling(self) -> tuple[tuple[int, NumberTable | CategoryTable], ...]:
        return tuple((column, table) for column, table in enumerate(self.tables) if _says_something(table))

    def contributions(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds per row and column; with the intercept they add up to ``score``."""
        if not self.tables:
            return np.zeros(X.shape)
        return np.column_stack([table.look_up(X[:, column]) for column, table in enumerate(self.tables)])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return {"intercept": self.intercept, "tables": [_table_to_dict(table) for table in self.tables]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Additive":
        """Read back what ``to_dict`` gave."""
        return cls(values["intercept"], tuple(_table_from_dict(table) for table in values["tables"]))


def mix(parts: Sequence[Additive], weights: Sequence[float]) -> Additive:
    """Weighted sum of models whose tables have the same places, as one model."""
    columns = zip(*(part.tables for part in parts), strict=True)
    return Additive(
        _weighted([part.intercept for part in parts], weights),
        tuple(_mix_tables(tables, weights) for tables in columns),
    )


def _mix_tables(
    tables: Sequence[NumberTable | CategoryTable], weights: Sequence[float]
) -> NumberTable | CategoryTable:
    values = tuple(_weighted(cells, weights) for cells in zip(*(t.values for t in tables), strict=True))
    numbers = [table for table in tables if isinstance(table, NumberTable)]
    if not numbers:
        return CategoryTable(values)
    return NumberTable(numbers[0].knots, values, _weighted([table.missing for table in numbers], weights))


def _weighted(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


def _says_something(table: NumberTable | CategoryTable) -> bool:
    return any(table.values) or (isinstance(table, NumberTable) and table.missing != 0)


def _table_to_dict(table: NumberTable | CategoryTable) -> dict[str, Any]:
    if isinstance(table, CategoryTable):
        return {"kind": "category", "values": list(table.values)}
    return {
        "kind": "number",
        "knots": list(table.knots),
        "values": list(table.values),
        "missing": table.missing,
    }


def _table_from_dict(values: Mapping[str, Any]) -> NumberTable | CategoryTable:
    if values["kind"] == "category":
        return CategoryTable(tuple(values["values"]))
    return NumberTable(tuple(values["knots"]), tuple(values["values"]), values["missing"])
