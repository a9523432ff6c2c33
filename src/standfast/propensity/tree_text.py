"""LightGBM's text model as trees of plain numbers: what splits where, and how many rows went each way."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TREE = re.compile(r"^Tree=\d+\n(.*?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
_ALMOST_ZERO = -1.0000000180025095e-35
"""LightGBM takes a value this close to zero for zero, which is above a threshold of just this."""

_CATEGORY, _DEFAULT_LEFT, _ZERO_IS_MISSING, _NAN_IS_MISSING = 1, 2, 4, 8


@dataclass(frozen=True)
class Split:
    """A row goes left where its column is at most ``threshold``; ``missing_left`` says where NaN goes."""

    column: int
    threshold: float
    missing_left: bool


@dataclass(frozen=True)
class Step:
    """One split on the way to a leaf: which, whether to the left, and the share of rows that took it."""

    split: int
    left: bool
    share: float


@dataclass(frozen=True)
class Leaf:
    """A leaf's log-odds and the way from the root to it."""

    value: float
    path: tuple[Step, ...]


@dataclass(frozen=True)
class Tree:
    """One tree: its splits by number, and its leaves from left to right."""

    splits: tuple[Split, ...]
    leaves: tuple[Leaf, ...]


def read_trees(model: str) -> list[Tree] | None:
    """Give the trees of a text model; None where a tree does more than compare numbers with thresholds."""
    sections = [dict(line.split("=", 1) for line in m[1].split("\n") if "=" in line) for m in _trees(model)]
    if not all(_is_plain(section) for section in sections):
        return None
    return [_tree(section) for section in sections]


def _trees(model: str) -> Iterator[re.Match[str]]:
    return _TREE.finditer(model)


def _is_plain(section: Mapping[str, str]) -> bool:
    unusual = _CATEGORY | _ZERO_IS_MISSING
    kinds = [int(kind) for kind in section.get("decision_type", "").split()]
    return section.get("is_linear", "0") == "0" and not any(kind & unusual for kind in kinds)


def _tree(section: Mapping[str, str]) -> Tree:
    values = [float(value) for value in section["leaf_value"].split()]
    if len(values) == 1:
        return Tree((), (Leaf(values[0], ()),))
    columns, lefts, rights, counts, leaf_counts = (
        [int(number) for number in section[name].split()]
        for name in ("split_feature", "left_child", "right_child", "internal_count", "leaf_count")
    )
    kinds = [int(kind) for kind in section["decision_type"].split()]
    thresholds = [_threshold(text) for text in section["threshold"].split()]
    splits = tuple(
        Split(column, threshold, _missing_left(kind, threshold))
        for column, threshold, kind in zip(columns, thresholds, kinds, strict=True)
    )

    def leaves(node: int, path: tuple[Step, ...]) -> Iterator[Leaf]:
        if node < 0:
            yield Leaf(values[~node], path)
            return
        for child, left in ((lefts[node], True), (rights[node], False)):
            rows = leaf_counts[~child] if child < 0 else counts[child]
            yield from leaves(child, (*path, Step(node, left, rows / counts[node])))

    return Tree(splits, tuple(leaves(0, ())))


def _threshold(text: str) -> float:
    threshold = float(text)
    return math.nextafter(threshold, -math.inf) if threshold == _ALMOST_ZERO else threshold


def _missing_left(kind: int, threshold: float) -> bool:
    """Where training met no missing value, LightGBM reads NaN as zero."""
    return bool(kind & _DEFAULT_LEFT) if kind & _NAN_IS_MISSING else threshold >= 0
