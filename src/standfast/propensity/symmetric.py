"""Symmetric boosted trees: on each level every branch asks the same question, which small tables repay.

A tree of four levels is a table of sixteen cells. A split has to help the whole table and not one corner of
it, and that is a strong guard against noise (Prokhorenkova et al. 2018, CatBoost).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from standfast.propensity.recipe import Recipe

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

MAX_ROWS = 32_768
"""Rows above which the sums of a level would no longer be exact."""

_N_BINS = 128
_WIDTH = _N_BINS + 1
_FINE = 2.0**20
"""Residuals are rounded to so fine a part of one, and summed as whole numbers: in any order the same."""
_ROW = 2.0**38
"""What one row adds beside its residual, so that one pass sums both; their sums never meet."""


@dataclass(frozen=True, eq=False)
class Borders:
    """Where each column may be split; a missing cell lies below all borders."""

    of_column: tuple[Floats, ...]

    def bins(self, X: Floats) -> NDArray[np.uint8]:
        """Place of each cell among its column's borders, one column after the other: 0 where missing."""
        found = np.empty((X.shape[1], len(X)), dtype=np.uint8)
        for place, borders in enumerate(self.of_column):
            cells = X[:, place]
            found[place] = np.where(np.isnan(cells), 0, 1 + np.searchsorted(borders, cells))
        return found


@dataclass(frozen=True, eq=False)
class SymmetricTree:
    """A table: a row's cell is the number its bits form, each level's being 1 where its bin is above.

    ``n_rows`` counts the training rows of each cell.
    """

    columns: tuple[int, ...]
    above: tuple[int, ...]
    values: Floats
    n_rows: Ints

    def score(self, bins: NDArray[np.uint8]) -> Floats:
        """Log-odds that the tree adds to each row."""
        return self.values[_cells(bins, self.columns, self.above)]


@dataclass(frozen=True, eq=False)
class SymmetricTrees:
    """Trees grown one on the other, from the log-odds of the base rate on; ``best`` of them were best."""

    base: float
    borders: Borders
    trees: tuple[SymmetricTree, ...]
    best: int

    def score(self, bins: NDArray[np.uint8], *, n_trees: int) -> Floats:
        """Log-odds of each row under the first ``n_trees``."""
        total = np.full(bins.shape[1], self.base)
        for tree in self.trees[:n_trees]:
            total += tree.score(bins)
        return total


def learn_borders(X: Floats) -> Borders:
    """Borders at quantiles of each column; between neighbours where it has few values."""
    return Borders(tuple(_borders(column[~np.isnan(column)]) for column in X.T))


def grow_symmetric(
    X: Floats,
    y: Floats,
    *,
    recipe: Recipe,
    n_trees: int,
    seed: int,
    judge: tuple[Floats, Floats] | None = None,
) -> SymmetricTrees:
    """Grow trees, at most ``n_trees``; fewer where ``judge``, held-out rows and labels, gains no more."""
    borders = learn_borders(X)
    bins, random = borders.bins(X), np.random.default_rng(seed)
    base = float(logit(y.mean()))
    score = np.full(len(y), base)
    held = None if judge is None else _Judge(borders.bins(judge[0]), judge[1], base, recipe.patience)
    trees: list[SymmetricTree] = []
    while len(trees) < n_trees and not (held and held.is_enough):
        residual = y - expit(score)
        rows = np.flatnonzero(random.random(len(y)) < recipe.row_share)
        columns, above = _structure(bins[:, rows], residual[rows], recipe=recipe)
        cells = _cells(bins, columns, above)
        values = recipe.symmetric_rate * _values(cells, score, y, recipe=recipe)
        tree = SymmetricTree(columns, above, values, np.bincount(cells, minlength=len(values)))
        score += tree.values[cells]
        trees.append(tree)
        if held:
            held.take(tree)
    return SymmetricTrees(base, borders, tuple(trees), held.best if held else len(trees))


class _Judge:
    """Held-out rows that say when growing has brought nothing more for a while."""

    def __init__(self, bins: NDArray[np.uint8], y: Floats, base: float, patience: int) -> None:
        self._bins, self._y, self._patience = bins, y, patience
        self._score = np.full(len(y), base)
        self._least, self._n, self.best = np.inf, 0, 1

    @property
    def is_enough(self) -> bool:
        return self._n - self.best >= self._patience

    def take(self, tree: SymmetricTree) -> None:
        self._n += 1
        self._score += tree.score(self._bins)
        loss = float(np.mean(np.logaddexp(0.0, self._score) - self._y * self._score))
        if loss < self._least:
            self._least, self.best = loss, self._n


def _structure(
    bins: NDArray[np.uint8], residual: Floats, *, recipe: Recipe
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Give the column and the bin of each level's question, each the best for all cells so far together."""
    weight = np.rint(residual * _FINE) + _ROW
    cell = np.zeros(bins.shape[1], dtype=np.intp)
    sums = _sums(bins, weight, cell, n_cells=1)
    columns, above = [], []
    for level in range(recipe.symmetric_depth):
        gain = _gains(sums, ridge=recipe.symmetric_ridge)
        column, cut = divmod(int(gain.argmax()), _WIDTH - 1)
        columns.append(column)
        above.append(cut)
        goes = bins[column] > cut
        if level + 1 < recipe.symmetric_depth:
            sums = _parted(sums, bins, weight, cell, goes)
        cell = 2 * cell + goes
    return tuple(columns), tuple(above)


def _parted(
    sums: Floats, bins: NDArray[np.uint8], weight: Floats, cell: Ints, goes: NDArray[np.bool_]
) -> Floats:
    """Give the sums of both halves of each cell: those of the smaller side are counted, the rest is left."""
    is_fewer = 2 * int(goes.sum()) <= len(goes)
    rows = np.flatnonzero(goes if is_fewer else ~goes)
    one = _sums(bins[:, rows], weight[rows], cell[rows], n_cells=len(sums))
    halves = (sums - one, one) if is_fewer else (one, sums - one)
    return np.stack(halves, axis=1).reshape(2 * len(sums), *sums.shape[1:])


def _sums(bins: NDArray[np.uint8], weight: Floats, cell: Ints, *, n_cells: int) -> Floats:
    """Add up weights by cell, column and bin."""
    found = np.empty((n_cells, len(bins), _WIDTH))
    start = cell * _WIDTH
    for column, own in enumerate(bins):
        summed = np.bincount(start + own, weights=weight, minlength=n_cells * _WIDTH)
        found[:, column] = summed.reshape(n_cells, _WIDTH)
    return found


def _gains(sums: Floats, *, ridge: float) -> Floats:
    """Give what each question would explain, by column and bin, added up over all cells."""
    below = sums.cumsum(axis=2)
    n_rows = np.rint(below / _ROW)
    residual = (below - n_rows * _ROW) / _FINE
    rest, n_rest = residual[:, :, -1:] - residual, n_rows[:, :, -1:] - n_rows
    explained = residual**2 / (n_rows + ridge) + rest**2 / (n_rest + ridge)
    found: Floats = explained.sum(axis=0)[:, :-1]
    return found


def _values(cells: Ints, score: Floats, y: Floats, *, recipe: Recipe) -> Floats:
    """Give each cell's log-odds after a few damped Newton steps of all its rows, sampled or not."""
    n = 2**recipe.symmetric_depth
    values = np.zeros(n)
    for _ in range(recipe.symmetric_steps):
        probability = expit(score + values[cells])
        climb = np.bincount(cells, weights=y - probability, minlength=n)
        bend = np.bincount(cells, weights=probability * (1 - probability), minlength=n)
        values += climb / (bend + recipe.symmetric_ridge)
    return values


def _cells(bins: NDArray[np.uint8], columns: tuple[int, ...], above: tuple[int, ...]) -> Ints:
    cell = np.zeros(bins.shape[1], dtype=np.intp)
    for column, cut in zip(columns, above, strict=True):
        cell = 2 * cell + (bins[column] > cut)
    return cell


def _borders(present: Floats) -> Floats:
    values = np.unique(present)
    if len(values) > _N_BINS:
        return np.unique(np.quantile(present, np.linspace(0, 1, _N_BINS + 1)[1:-1]))
    return np.asarray(values[:-1] + np.diff(values) / 2)
