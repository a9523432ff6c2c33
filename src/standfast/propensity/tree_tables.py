"""Exact Shapley values of boosted trees by look-up, at the speed of scoring.

What a column contributes in one tree depends only on which of its splits send the row left. So the splits
below a node, with those above it, form a pattern of a few bits; the contributions of each pattern are worked
out once (Lundberg's path-dependent Shapley values, as LightGBM's own ``pred_contrib``), and a row looks its
pattern up. Trees too deep for that, or with other kinds of splits, are left to LightGBM.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from math import factorial

import numpy as np
from numpy.typing import NDArray

from standfast.propensity.tree_text import Leaf, Split, Tree, read_trees

_BITS = 8
"""Splits per pattern: a table of 256 rows stays in the processor's nearest cache."""

_BLOCK_ROWS = 8_192

_FEW_ROWS = 16
"""Rows up to which one look into all tables at once, row by row, is quicker than table by table."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PatternTable:
    """Contributions by pattern, for some leaves of one tree.

    Parameters
    ----------
    splits
        Numbers of the splits whose outcomes form the pattern, the highest bit first (1: left).
    columns
        Columns that contribute; ``values`` has one row for each, and one value per pattern.
    """

    splits: tuple[int, ...]
    columns: tuple[int, ...]
    values: Floats


@dataclass(frozen=True, eq=False)
class TreeTables:
    """All trees of a model as tables: base + contributions of the columns = log-odds."""

    base: float
    splits: tuple[Split, ...]
    tables: tuple[PatternTable, ...]

    def contributions(self, X: Floats, *, n_threads: int = 1) -> Floats:
        """Log-odds per row and column, the base in the last column; no row depends on its neighbours."""
        if 0 < len(X) <= _FEW_ROWS:
            return np.array([[*self._flat.sums(row), self.base] for row in X])
        # One column after the other in memory, which is how it is filled and read.
        found = np.zeros((X.shape[1] + 1, len(X)))
        found[-1] = self.base
        starts = range(0, len(X), _BLOCK_ROWS)
        if n_threads == 1 or len(starts) == 1:
            for start in starts:
                self._fill(found, X, start)
        else:
            with ThreadPoolExecutor(n_threads) as pool:
                list(pool.map(lambda start: self._fill(found, X, start), starts))
        return found.T

    @cached_property
    def _flat(self) -> "_FlatTables":
        return _flatten(self)

    def _fill(self, found: Floats, X: Floats, start: int) -> None:
        block, sums = X[start : start + _BLOCK_ROWS], found[:, start : start + _BLOCK_ROWS]
        goes_left = _outcomes(block, self.splits)
        pattern = np.empty(len(block), dtype=np.uint8)
        place = np.empty(len(block), dtype=np.intp)
        term = np.empty(len(block))
        for table in self.tables:
            pattern[:] = 0
            for split in table.splits:
                np.add(pattern, pattern, out=pattern)
                np.add(pattern, goes_left[split], out=pattern)
            place[:] = pattern
            for column, values in zip(table.columns, table.values, strict=True):
                np.take(values, place, out=term, mode="clip")
                np.add(sums[column], term, out=sums[column])


@dataclass(frozen=True, eq=False)
class _FlatTables:
    """All tables end to end, for one row at a time: it adds the same values in the same order."""

    column: NDArray[np.intp]
    threshold: Floats
    missing_left: NDArray[np.bool_]
    """Of each split; one split more, at the end, that never goes left."""
    bits: NDArray[np.intp]
    """Splits of each table, the highest bit first, filled up from the left; shape (n_tables, _BITS)."""
    table: NDArray[np.intp]
    start: NDArray[np.intp]
    adds_to: NDArray[np.intp]
    """Of each line of ``values``: its table, where it starts, and the column it adds to."""
    values: Floats

    def sums(self, row: Floats) -> Floats:
        """Contribution of each column to one row."""
        cells = row[self.column]
        goes_left = (cells <= self.threshold) | (np.isnan(cells) & self.missing_left)
        pattern = np.append(goes_left, False)[self.bits] @ (1 << np.arange(_BITS)[::-1])
        terms = self.values[self.start + pattern[self.table]]
        return np.asarray(np.bincount(self.adds_to, weights=terms, minlength=len(row)), dtype=np.float64)


def _flatten(tables: TreeTables) -> _FlatTables:
    nothing = len(tables.splits)
    bits = [[nothing] * (_BITS - len(one.splits)) + list(one.splits) for one in tables.tables]
    lines = [(i, column, line) for i, one in enumerate(tables.tables)
             for column, line in zip(one.columns, one.values, strict=True)]  # fmt: skip
    sizes = [len(line) for _, _, line in lines]
    return _FlatTables(
        column=np.array([split.column for split in tables.splits], dtype=np.intp),
        threshold=np.array([split.threshold for split in tables.splits], dtype=np.float64),
        missing_left=np.array([split.missing_left for split in tables.splits], dtype=bool),
        bits=np.array(bits, dtype=np.intp).reshape(-1, _BITS),
        table=np.array([i for i, _, _ in lines], dtype=np.intp),
        start=np.cumsum([0, *sizes])[:-1].astype(np.intp),
        adds_to=np.array([column for _, column, _ in lines], dtype=np.intp),
        values=np.concatenate([line for _, _, line in lines] or [np.zeros(0)]),
    )


def build_tree_tables(models: Sequence[str]) -> TreeTables | None:
    """Give the tables of the mean of some text models; None where LightGBM itself has to be asked."""
    read = [read_trees(model) for model in models]
    trees = [tree for trees in read if trees is not None for tree in trees]
    too_deep = any(len(leaf.path) > _BITS for tree in trees for leaf in tree.leaves)
    if too_deep or any(trees is None for trees in read):
        return None
    splits = tuple(dict.fromkeys(split for tree in trees for split in tree.splits))
    number = {split: i for i, split in enumerate(splits)}
    games = _solved([leaf for tree in trees for leaf in tree.leaves], trees, scale=1 / len(models))
    base, tables, start = 0.0, [], 0
    for tree in trees:
        own = games[start : start + len(tree.leaves)]
        start += len(tree.leaves)
        base += sum(game.average for game in own)
        tables += [_pattern_table(group, tree, number) for group in _groups(own, depth=0)]
    return TreeTables(base, splits, tuple(table for table in tables if table.columns))


@dataclass(frozen=True, eq=False)
class _Game:
    """A leaf, the columns on its path, and what each contributes for every set of them that is satisfied."""

    leaf: Leaf
    columns: tuple[int, ...]
    values: Floats
    average: float


def _outcomes(block: Floats, splits: Sequence[Split]) -> NDArray[np.uint8]:
    """Give 1 where a row goes left, one line per split."""
    found = np.empty((len(splits), len(block)), dtype=np.uint8)
    columns: dict[int, tuple[Floats, NDArray[np.bool_]]] = {}
    for line, split in zip(found.view(np.bool_), splits, strict=True):
        if split.column not in columns:
            values = np.ascontiguousarray(block[:, split.column])
            columns[split.column] = values, np.isnan(values)
        values, missing = columns[split.column]
        np.less_equal(values, split.threshold, out=line)
        if split.missing_left:
            np.logical_or(line, missing, out=line)
    return found


def _solved(leaves: Sequence[Leaf], trees: Sequence[Tree], *, scale: float) -> list[_Game]:
    """Solve the games of all leaves, those with equally many columns together."""
    owners = [tree for tree in trees for _ in tree.leaves]
    shares = [_shares(leaf, tree) for leaf, tree in zip(leaves, owners, strict=True)]
    values = np.array([leaf.value * scale for leaf in leaves])
    found: list[_Game | None] = [None] * len(leaves)
    for n_columns in {len(share) for share in shares}:
        which = [i for i, share in enumerate(shares) if len(share) == n_columns]
        z = np.array([list(shares[i].values()) for i in which]).reshape(len(which), n_columns)
        for i, solved, average in zip(
            which, _shapley(values[which], z), values[which] * z.prod(axis=1), strict=True
        ):
            found[i] = _Game(leaves[i], tuple(shares[i]), solved, float(average))
    return [game for game in found if game is not None]


def _shares(leaf: Leaf, tree: Tree) -> dict[int, float]:
    """Give, by column on a leaf's path, the share of rows that its splits there let through."""
    shares: dict[int, float] = {}
    for step in leaf.path:
        column = tree.splits[step.split].column
        shares[column] = shares.get(column, 1.0) * step.share
    return shares


def _shapley(value: Floats, z: Floats) -> Floats:
    """Shapley values of the game v(S) = value x product over S of o x product over the others of z.

    Shape (n_leaves, 2 ** n_columns, n_columns): bit j of the second index is o of column j.
    """
    n = z.shape[1]
    o = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(np.float64)
    found = np.zeros((len(value), 2**n, n))
    weights = np.array([factorial(k) * factorial(n - 1 - k) / factorial(n) for k in range(n)])
    for i in range(n):
        by_size = np.zeros((len(value), 2**n, n))
        by_size[..., 0] = 1.0
        for j in (j for j in range(n) if j != i):
            grown = by_size * z[:, j, None, None]
            grown[..., 1:] += by_size[..., :-1] * o[None, :, j, None]
            by_size = grown
        found[..., i] = value[:, None] * (o[None, :, i] - z[:, i, None]) * (by_size * weights).sum(axis=-1)
    return found


def _groups(games: Sequence[_Game], *, depth: int) -> Iterator[Sequence[_Game]]:
    """Cut a tree's leaves, below ever lower nodes, until the splits on their paths fit a pattern."""
    splits = {step.split for game in games for step in game.leaf.path}
    if len(splits) <= _BITS:
        yield games
        return
    for left in (True, False):
        yield from _groups([game for game in games if game.leaf.path[depth].left is left], depth=depth + 1)


def _pattern_table(games: Sequence[_Game], tree: Tree, number: dict[Split, int]) -> PatternTable:
    """Add up what the leaves of a group give each column, pattern by pattern."""
    splits = sorted({step.split for game in games for step in game.leaf.path})
    bit = {split: 1 << place for place, split in enumerate(reversed(splits))}
    columns = sorted({column for game in games for column in game.columns})
    pattern = np.arange(2 ** len(splits))
    values = np.zeros((len(columns), len(pattern)))
    for game in games:
        satisfied = np.zeros(len(pattern), dtype=np.intp)
        for place, column in enumerate(game.columns):
            steps = [step for step in game.leaf.path if tree.splits[step.split].column == column]
            mask = sum(bit[step.split] for step in steps)
            wanted = sum(bit[step.split] for step in steps if step.left)
            satisfied |= ((pattern & mask) == wanted).astype(np.intp) << place
        rows = [columns.index(column) for column in game.columns]
        values[rows] += game.values[satisfied].T
    return PatternTable(tuple(number[tree.splits[split]] for split in splits), tuple(columns), values)
