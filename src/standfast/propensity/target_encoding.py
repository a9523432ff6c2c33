"""Categories as shrunken event rates, so that trees read them as numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standfast.features.encode import Encoding
from standfast.features.matrix_rows import MatrixRows, as_rows

Counts = NDArray[np.float64] | NDArray[np.intp]


@dataclass(frozen=True)
class TargetEncoding:
    """Event rate per code of each category column; codes beyond the table stand for the base rate."""

    columns: tuple[int, ...]
    rates: tuple[tuple[float, ...], ...]
    """Per column: rate when missing, rate when unseen, then one rate per code."""

    def apply(self, X: NDArray[np.float64]) -> NDArray[np.float64]:
        """Copy of the matrix with rates in place of codes; ``X`` itself where it has no categories."""
        if not self.columns:
            return X
        filled = X.copy(order="K")
        if len(X) == 1:  # arrays of one cell would cost more than all the rest
            for column, rates in zip(self.columns, self.rates, strict=True):
                filled[0, column] = rates[slot(filled[0, column])]
            return filled
        for column, rates in zip(self.columns, self.rates, strict=True):
            filled[:, column] = np.asarray(rates)[slots(X[:, column])]
        return filled

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return {"columns": list(self.columns), "rates": [list(rates) for rates in self.rates]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TargetEncoding":
        """Read back what ``to_dict`` gave."""
        return cls(tuple(values["columns"]), tuple(tuple(rates) for rates in values["rates"]))


def slots(codes: NDArray[np.float64]) -> NDArray[np.intp]:
    """Place of each code in a table that starts with missing and unseen."""
    return np.where(np.isnan(codes), 0.0, codes + 2.0).astype(np.intp)


def slot(code: float) -> int:
    """Place of one code in such a table."""
    return 0 if math.isnan(code) else int(code + 2.0)


def fit_target_encoding(
    X: NDArray[np.float64] | MatrixRows,
    y: NDArray[np.float64],
    *,
    n_codes: Mapping[int, int],
    prior_rows: float,
) -> TargetEncoding:
    """Rates per category column; ``n_codes`` says how many codes each such column has."""
    base = float(y.mean())
    rates = []
    for column, n in n_codes.items():
        slot = slots(as_rows(X).column(column))
        events = np.bincount(slot, weights=y, minlength=n + 2)
        rows = np.bincount(slot, minlength=n + 2)
        rates.append(tuple(_rates(events, rows, base, prior_rows=prior_rows).tolist()))
    return TargetEncoding(tuple(n_codes), tuple(rates))


def cross_fit(
    X: NDArray[np.float64],
    y: NDArray[np.float64],
    folds: NDArray[np.int64],
    *,
    n_codes: Mapping[int, int],
    prior_rows: float,
    in_place: bool = False,
) -> NDArray[np.float64]:
    """Matrix in which each row's rates come from the other folds, so that no row sees its own label.

    ``in_place`` writes them into ``X``, which saves a copy where nobody asks for its codes again.
    """
    names, place = np.unique(folds, return_inverse=True)
    if not n_codes or len(names) < 2:
        return X
    filled = X if in_place else X.copy(order="K")
    n_elsewhere = len(y) - np.bincount(place)
    base = (y.sum() - np.bincount(place, weights=y)) / n_elsewhere
    for column, n in n_codes.items():
        slot = slots(X[:, column])
        cell = place * (n + 2) + slot
        rows = np.bincount(cell, minlength=len(names) * (n + 2)).reshape(len(names), n + 2)
        events = np.bincount(cell, weights=y, minlength=rows.size).reshape(rows.shape)
        elsewhere = _rates(
            events.sum(axis=0) - events, rows.sum(axis=0) - rows, base[:, None], prior_rows=prior_rows
        )
        filled[:, column] = elsewhere[place, slot]
    return filled


def _rates(events: Counts, rows: Counts, base: Counts | float, *, prior_rows: float) -> NDArray[np.float64]:
    """Event rates, with rows at the base rate mixed in."""
    shrunk: NDArray[np.float64] = (events + prior_rows * base) / (rows + prior_rows)
    return shrunk


def category_columns(encoding: Encoding) -> dict[int, int]:
    """Columns that are categories, and how many codes each has."""
    return {
        column: len(feature.categories)
        for column, feature in enumerate(encoding.features)
        if feature.kind == "category"
    }
