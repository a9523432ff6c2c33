"""What a column may do in the logistic part: bend at a few knots, or differ by category."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standfast.features.encode import Feature
from standfast.propensity.additive import CategoryTable, NumberTable
from standfast.propensity.target_encoding import slots

_HEAVY = 4.0
"""A tail is heavy where the 1 % beyond it lies this many times further out than a normal curve's."""


@dataclass(frozen=True)
class NumberBasis:
    """A straight line (a second one on the log scale where the tail is heavy) and a bend at each knot."""

    knots: NDArray[np.float64]
    shapes: NDArray[np.float64]
    """Value of each shape at each knot, shape (n_knots, n_shapes)."""
    centre: NDArray[np.float64]
    """Average of each shape over the training rows, then the share of missing cells where they count."""
    has_missing: bool
    n_lines: int
    """How many of the shapes, the first ones, are lines; the others are bends."""

    @property
    def width(self) -> int:
        """Number of coefficients."""
        return len(self.centre)

    @property
    def bends(self) -> NDArray[np.bool_]:
        """Which coefficients are bends: neither a line nor what a missing cell is worth."""
        bent = np.zeros(self.width, dtype=bool)
        bent[self.n_lines : self.shapes.shape[1]] = True
        return bent

    def design(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape values per row, less their average; a missing cell without a value of its own is average."""
        missing = np.isnan(column)
        n_shapes = self.shapes.shape[1]
        block = np.zeros((len(column), self.width))
        if n_shapes:
            block[~missing, :n_shapes] = _hats(column[~missing], self.knots) @ self.shapes
        if self.has_missing:
            block[missing, -1] = 1.0
            return block - self.centre
        block[~missing] -= self.centre
        return block

    def collapse(self, weights: NDArray[np.float64]) -> NumberTable:
        """Table of the weighted shapes."""
        average = float((self.centre * weights).sum())
        values = (self.shapes * weights[: self.shapes.shape[1]]).sum(axis=1) - average
        missing = float(weights[-1]) - average if self.has_missing else 0.0
        return NumberTable(tuple(self.knots.tolist()), tuple(values.tolist()), missing)


@dataclass(frozen=True)
class CategoryBasis:
    """One coefficient per category with enough rows, and one for all others together."""

    place: NDArray[np.intp]
    """Coefficient of each slot (missing, unseen, codes); -1 where there is none."""
    centre: NDArray[np.float64]
    """Share of the training rows behind each coefficient."""

    @property
    def width(self) -> int:
        """Number of coefficients."""
        return len(self.centre)

    @property
    def bends(self) -> NDArray[np.bool_]:
        """No coefficient of a category is a bend."""
        return np.zeros(self.width, dtype=bool)

    def design(self, column: NDArray[np.float64]) -> NDArray[np.float64]:
        """One in the column of each row's category, less the average; a slot without a value is average."""
        places = self.place[slots(column)]
        known = np.flatnonzero(places >= 0)
        block = np.zeros((len(column), self.width))
        block[known, places[known]] = 1.0
        block[known] -= self.centre
        return block

    def collapse(self, weights: NDArray[np.float64]) -> CategoryTable:
        """Table of the weights, averaging zero; a slot without one is zero."""
        average = float((self.centre * weights).sum())
        values = np.where(self.place >= 0, np.append(weights, 0.0)[self.place] - average, 0.0)
        return CategoryTable(tuple(values.tolist()))


def learn_basis(
    column: NDArray[np.float64], feature: Feature, *, n_knots: int, min_rows: int
) -> NumberBasis | CategoryBasis:
    """Basis of a column from its training values; labels play no part."""
    if feature.kind == "category":
        return _category_basis(column, len(feature.categories), min_rows=min_rows)
    present = column[~np.isnan(column)]
    n_missing = len(column) - len(present)
    has_missing = n_missing >= min_rows and len(present) > 0
    share = [n_missing / len(column)] if has_missing else []
    knots = _knots(present, n_knots)
    if len(knots) < 2:
        return NumberBasis(np.zeros(1), np.zeros((1, 0)), np.array(share), has_missing, 0)
    hats = _hats(present, knots)
    # Over two knots alone both lines would be the same one.
    is_curved = len(knots) > 2 and _has_heavy_tail(present)
    lines = np.column_stack([knots, _signed_log(knots)]) if is_curved else knots[:, None]
    on_rows = hats @ lines
    lines = (lines - on_rows.mean(axis=0)) / on_rows.std(axis=0)
    bends = np.eye(len(knots)) if len(knots) > 2 else np.zeros((2, 0))
    shapes = np.column_stack([lines, bends])
    weight = len(present) / len(column) if has_missing else 1.0
    centre = np.concatenate([np.zeros(lines.shape[1]), (hats.mean(axis=0) @ bends) * weight, share])
    return NumberBasis(knots, shapes, centre, has_missing, lines.shape[1])


def _category_basis(column: NDArray[np.float64], n_codes: int, *, min_rows: int) -> CategoryBasis:
    rows = np.bincount(slots(column), minlength=n_codes + 2)
    own = rows >= min_rows
    own[1] = False
    place = np.full(n_codes + 2, -1, dtype=np.intp)
    place[own] = np.arange(own.sum())
    pooled = ~own
    pooled[0] = False
    if rows[pooled].sum() >= min_rows:
        place[pooled] = own.sum()
    known = place >= 0
    centre = np.bincount(place[known], weights=rows[known]) / max(rows[known].sum(), 1)
    return CategoryBasis(place, centre)


def _knots(present: NDArray[np.float64], n_knots: int) -> NDArray[np.float64]:
    distinct = np.unique(present)
    if len(distinct) <= n_knots:
        return distinct
    knots = np.unique(np.quantile(present, np.linspace(0, 1, n_knots), method="nearest"))
    return knots if len(knots) > 1 else distinct[[0, -1]]


def _hats(present: NDArray[np.float64], knots: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of each knot in each value: the weights of linear interpolation."""
    left = np.clip(np.searchsorted(knots, present, side="right") - 1, 0, len(knots) - 2)
    share = np.clip((present - knots[left]) / (knots[left + 1] - knots[left]), 0.0, 1.0)
    hats = np.zeros((len(present), len(knots)))
    rows = np.arange(len(present))
    hats[rows, left] = 1 - share
    hats[rows, left + 1] = share
    return hats


def _signed_log(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sign(values) * np.log1p(np.abs(values))


def _has_heavy_tail(present: NDArray[np.float64]) -> bool:
    """Whether money or counts: the outer 1 % lies far beyond what the middle half suggests."""
    low, lower, middle, upper, high = np.quantile(present, [0.01, 0.25, 0.5, 0.75, 0.99])
    normal = 2.33 * max(float(upper - lower), 1e-12) / 1.35
    return bool(max(high - middle, middle - low) > _HEAVY / 2 * normal)
