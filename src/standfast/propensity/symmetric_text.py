"""Symmetric trees written as LightGBM's text, so that they are kept, scored and explained as other trees."""

from collections.abc import Iterable

import numpy as np

from standfast.propensity.symmetric import Borders, SymmetricTree, SymmetricTrees

_MISSING_LEFT = 10
"""LightGBM's number for "at most the threshold, or missing: to the left"."""
_BELOW_ALL = float(np.finfo(np.float64).min)


def symmetric_text(model: SymmetricTrees) -> str:
    """Text of all the trees; the log-odds of the base rate go into the first one's leaves."""
    n_columns = len(model.borders.of_column)
    head = {
        "version": "v4",
        "num_class": 1,
        "num_tree_per_iteration": 1,
        "label_index": 0,
        "max_feature_idx": n_columns - 1,
        "objective": "binary sigmoid:1",
        "feature_names": _listed(f"Column_{column}" for column in range(n_columns)),
        "feature_infos": _listed(_seen(borders) for borders in model.borders.of_column),
    }
    trees = [
        _tree_text(number, tree, model.borders, base=0.0 if number else model.base)
        for number, tree in enumerate(model.trees)
    ]
    sizes = _listed(len(text) for text in trees)
    return f"tree\n{_lines({**head, 'tree_sizes': sizes})}\n{''.join(trees)}end of trees\n"


def _tree_text(number: int, tree: SymmetricTree, borders: Borders, *, base: float) -> str:
    """One tree, its nodes numbered level by level: children of node n are 2n + 1 and 2n + 2."""
    depth = len(tree.columns)
    levels = np.repeat(np.arange(depth), 2 ** np.arange(depth))
    nodes = np.arange(2**depth - 1)
    below = [np.maximum(tree.n_rows, 1)]  # a share of the rows is what reasons weigh by: none may be zero
    while len(below[0]) > 1:
        below.insert(0, below[0].reshape(-1, 2).sum(axis=1))
    lasts = nodes >= 2 ** (depth - 1) - 1
    firsts = 2 ** (depth - 1) - 1
    left = np.where(lasts, ~(2 * (nodes - firsts)), 2 * nodes + 1)
    right = np.where(lasts, ~(2 * (nodes - firsts) + 1), 2 * nodes + 2)
    thresholds = [
        _threshold(borders, column, cut) for column, cut in zip(tree.columns, tree.above, strict=True)
    ]
    zeros = [0] * len(nodes)
    parts = {
        "num_leaves": 2**depth,
        "num_cat": 0,
        "split_feature": _listed(tree.columns[level] for level in levels),
        "split_gain": _listed(zeros),
        "threshold": _listed(repr(thresholds[level]) for level in levels),
        "decision_type": _listed([_MISSING_LEFT] * len(nodes)),
        "left_child": _listed(left),
        "right_child": _listed(right),
        "leaf_value": _listed(repr(float(value) + base) for value in tree.values),
        "leaf_weight": _listed([0] * 2**depth),
        "leaf_count": _listed(below[-1]),
        "internal_value": _listed(zeros),
        "internal_weight": _listed(zeros),
        "internal_count": _listed(np.concatenate(below[:-1])),
        "is_linear": 0,
        "shrinkage": 1,
    }
    return f"Tree={number}\n{_lines(parts)}\n\n"


def _threshold(borders: Borders, column: int, cut: int) -> float:
    """Give the border a bin ends at; where only missing cells lie below, less than any number."""
    if cut == 0:
        return _BELOW_ALL
    known = borders.of_column[column]
    return float(known[cut - 1]) if cut <= len(known) else float(np.finfo(np.float64).max)


def _seen(borders: np.ndarray) -> str:
    return f"[{float(borders[0])!r}:{float(borders[-1])!r}]" if len(borders) else "none"


def _listed(values: Iterable[object]) -> str:
    return " ".join(str(value) for value in values)


def _lines(parts: dict[str, object]) -> str:
    return "".join(f"{name}={value}\n" for name, value in parts.items())
