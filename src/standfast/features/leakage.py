"""Columns that know the label: they were written after the fact, and a model would only repeat them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.findings import CheckPolicy
from standfast.features.kinds import ColumnKind

N_FOLDS = 5
N_BINS = 20
CHANCE = 1e-6
"""How likely a pure group may be by luck before it counts as knowledge."""

_TELLING_NAME = re.compile(
    r"churn|cancel|attrit|terminat|lapsed|offboard|winback|exit_?(date|reason|survey)|clos(ed|ing)_?(date|reason|on)"
    r"|leav(e|ing)_?(date|reason)|lost_?(date|reason)|end_?(date|reason)|ended_?(on|at)"
    r"|^(account|customer|subscription)?_?(status|stage|state_now)$|lifecycle_?stage",
    re.IGNORECASE,
)

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Suspicion:
    """Why a column is thought to know a label; ``certain`` where its values say so."""

    column: str
    why: str
    certain: bool


def leak_suspicions(
    kinds: Iterable[ColumnKind], label: pd.Series, *, policy: CheckPolicy
) -> tuple[Suspicion, ...]:
    """Give the columns that know ``label`` by their values, at most one suspicion each.

    Parameters
    ----------
    label
        Nullable booleans, one per row of the columns; rows without a label play no part.
    """
    known = label.notna().to_numpy()
    truth = label.fillna(False).to_numpy(dtype=bool)[known]
    if min(truth.sum(), (~truth).sum()) < policy.leak_rows:
        return ()
    telling = (kind for kind in kinds if kind.kind != "constant")
    found = (_suspect(kind, known, truth, word=str(label.name), policy=policy) for kind in telling)
    return tuple(suspicion for suspicion in found if suspicion is not None)


def has_telling_name(column: str) -> bool:
    """Whether a column's name says that it is about leaving.

    >>> [name for name in ("cancel_date", "Churnreason", "tenure", "state") if has_telling_name(name)]
    ['cancel_date', 'Churnreason']
    """
    return _TELLING_NAME.search(column.strip().replace(" ", "_")) is not None


def _suspect(
    kind: ColumnKind, known: Bools, truth: Bools, *, word: str, policy: CheckPolicy
) -> Suspicion | None:
    filled = _filled(kind)[known]
    if why := _presence_knows(filled, truth, word=word, policy=policy):
        return Suspicion(kind.name, why, certain=True)
    if kind.kind == "identifier" or not kind.is_readable:
        return None
    if kind.numbers is not None:
        numbers = kind.numbers[known]
        area = max(_auc_in_folds(_bins(numbers, filled), truth), _auc(numbers, filled, truth))
    else:
        groups = _groups(kind)[known]
        if why := _values_know(groups, truth, word=word, policy=policy):
            return Suspicion(kind.name, why, certain=True)
        area = _auc_in_folds(groups, truth)
    if area < policy.suspect_auc:
        return None
    why = f"alone it ranks {word} accounts with an AUC of {area:.3f}"
    return Suspicion(kind.name, why, certain=area >= policy.leak_auc)


def _filled(kind: ColumnKind) -> Bools:
    if kind.numbers is not None:
        return np.isfinite(kind.numbers)
    return np.zeros(0, dtype=bool) if kind.codes is None else kind.codes >= 0


def _groups(kind: ColumnKind) -> NDArray[np.intp]:
    """Give the category of each cell; blanks are a category of their own."""
    if kind.codes is None:
        return np.zeros(0, dtype=np.intp)
    return np.where(kind.codes >= 0, kind.codes, kind.n_distinct)


def _presence_knows(filled: Bools, truth: Bools, *, word: str, policy: CheckPolicy) -> str | None:
    """Tell whether being filled (or blank) goes with one class only."""
    for group, verb in ((filled, "filled"), (~filled, "blank")):
        for side, whose in ((truth, word), (~truth, f"not {word}")):
            n_group, n_side, n_both = int(group.sum()), int(side.sum()), int((group & side).sum())
            if n_group == len(truth) or n_group < policy.leak_rows:
                continue
            is_pure = n_both >= policy.leak_purity * n_group and side.mean() ** n_group < CHANCE
            if is_pure and n_both >= policy.leak_capture * n_side:
                return (
                    f"it is {verb} for {n_both:,} of {n_side:,} accounts that are {whose} "
                    f"and for {n_group - n_both:,} of {len(truth) - n_side:,} others"
                )
    return None


def _values_know(groups: NDArray[np.intp], truth: Bools, *, word: str, policy: CheckPolicy) -> str | None:
    """Tell whether most of the accounts with the label carry values that only they carry."""
    size = np.bincount(groups)
    hits = np.bincount(groups, weights=truth)
    pure = (size >= policy.leak_rows) & (hits >= policy.leak_purity * size) & (truth.mean() ** size < CHANCE)
    n_captured, n_side = int(hits[pure].sum()), int(truth.sum())
    if n_captured < policy.leak_capture * n_side:
        return None
    return f"{n_captured:,} of {n_side:,} accounts that are {word} carry values of it that others do not"


def _bins(numbers: NDArray[np.float64], filled: Bools) -> NDArray[np.intp]:
    """Give quantile bins that never look at the label; blanks have a bin of their own."""
    shares = np.linspace(0, 1, N_BINS + 1)[1:-1]
    edges = np.unique(np.quantile(numbers[filled], shares)) if filled.any() else np.zeros(0)
    return np.where(filled, np.searchsorted(edges, np.where(filled, numbers, 0.0)), N_BINS)


def _auc_in_folds(groups: NDArray[np.intp], truth: Bools) -> float:
    """AUC of each group's rate as the other folds have it."""
    folds = np.arange(len(truth)) % N_FOLDS
    width = int(groups.max()) + 1
    cells = folds * width + groups
    size = np.bincount(cells, minlength=N_FOLDS * width).reshape(N_FOLDS, width)
    hits = np.bincount(cells, weights=truth, minlength=N_FOLDS * width).reshape(N_FOLDS, width)
    base = truth.mean()
    rates = (hits.sum(axis=0) - hits + base) / (size.sum(axis=0) - size + 1)
    return _auc_of_cells(rates.ravel(), size.ravel(), hits.ravel())


def _auc_of_cells(values: Floats, size: NDArray[Any], hits: NDArray[Any]) -> float:
    """AUC of rows that share a value per cell: it takes the cells' counts, not a ranking of all rows."""
    _, level = np.unique(values, return_inverse=True)
    n_true = np.bincount(level, weights=hits)
    n_false = np.bincount(level, weights=size - hits)
    below = np.cumsum(n_false) - n_false
    return float((n_true * (below + n_false / 2)).sum() / (n_true.sum() * n_false.sum()))


def _auc(numbers: NDArray[np.float64], filled: Bools, truth: Bools) -> float:
    """AUC of the number itself, whichever way it points, where it is known for enough of both classes."""
    n_true = int(truth[filled].sum())
    if min(n_true, int(filled.sum()) - n_true) < 0.5 * min(truth.sum(), (~truth).sum()):
        return 0.5
    area = rank_auc(numbers[filled], truth[filled])
    return max(area, 1 - area)


def rank_auc(values: NDArray[np.float64], truth: Bools) -> float:
    """Give how often a true row has the larger value, ties counting half; both classes must be there."""
    ranks = pd.Series(values).rank().to_numpy()
    n_true = int(truth.sum())
    return float((ranks[truth].sum() - n_true * (n_true + 1) / 2) / (n_true * (len(truth) - n_true)))
