"""Fit and judge one propensity: how good it was on rows it had not seen, then fitted on all of them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.errors import InputError
from standfast.features.encode import Encoding
from standfast.propensity.evaluation import Evaluation, evaluate
from standfast.propensity.gate import Verdict, beats_base_rate
from standfast.propensity.model import Propensity, fit_propensity
from standfast.propensity.outer import out_of_fold_probability
from standfast.propensity.recipe import Recipe, inner_folds
from standfast.propensity.split import grouped_folds, time_split
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE, TARGETS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TargetRows:
    """The rows that teach one target; ``position`` points into the snapshots they come from."""

    target: str
    position: NDArray[np.int64]
    matrix: Floats
    label: Floats
    groups: NDArray[np.int64]
    dates: pd.Series | None

    def take(self, chosen: Flags) -> "TargetRows":
        """Give some of the rows."""
        return replace(
            self,
            position=self.position[chosen],
            matrix=self.matrix[chosen],
            label=self.label[chosen],
            groups=self.groups[chosen],
            dates=None if self.dates is None else self.dates[chosen],
        )

    @property
    def has_both_classes(self) -> bool:
        """Whether there is something to learn."""
        return bool(0 < self.label.sum() < len(self.label))


@dataclass(frozen=True, eq=False)
class TrainedTarget:
    """One propensity with its evidence: the rows it was judged on, and what it said of them.

    ``folds`` gives the fold each of these rows was held out in; None where the model was judged in time.
    """

    target: str
    propensity: Propensity
    evaluation: Evaluation
    verdict: Verdict
    unseen: TargetRows
    probability: Floats
    folds: NDArray[np.int64] | None

    @property
    def word(self) -> str:
        """What people call this model."""
        return TARGETS[self.target]


def known_rows(snapshots: pd.DataFrame, target: str) -> Flags:
    """Say which rows teach this target: its label is known and, but for churn, the account stayed."""
    if target not in snapshots:
        return np.zeros(len(snapshots), dtype=bool)
    known = snapshots[target].notna()
    if target != "churned" and "churned" in snapshots:
        known &= ~snapshots["churned"].fillna(value=False).astype(bool)
    return known.to_numpy(dtype=bool)


def target_rows(snapshots: pd.DataFrame, matrix: Floats, target: str) -> TargetRows:
    """Give the rows that teach this target.

    Raises
    ------
    InputError
        Only one of the label's two values is met: there is nothing to learn.
    """
    position = np.flatnonzero(known_rows(snapshots, target))
    rows = snapshots.iloc[position]
    dated = OBSERVATION_DATE in rows and rows[OBSERVATION_DATE].notna().all() and len(rows) > 0
    taught = TargetRows(
        target=target,
        position=position,
        matrix=matrix[position],
        label=rows[target].to_numpy(dtype=np.float64),
        groups=pd.factorize(rows[ACCOUNT_ID], sort=True)[0],
        dates=pd.to_datetime(rows[OBSERVATION_DATE]).reset_index(drop=True) if dated else None,
    )
    if not taught.has_both_classes:
        n_events = int(taught.label.sum())
        met = (
            f"all {len(rows)} rows say {'yes' if n_events else 'no'}"
            if len(rows)
            else "it is known of no row"
        )
        raise InputError(
            f"label {target!r} has a single class: {met}; a model needs accounts of both kinds "
            "(check [columns] and [labels] in the settings, or take in more history)"
        )
    return taught


def train_target(rows: TargetRows, *, encoding: Encoding, recipe: Recipe, gap_days: int) -> TrainedTarget:
    """Give a propensity fitted on all the rows, with its quality on rows unseen.

    A book with dates is judged out of time, behind a purge gap of ``gap_days`` (lead + horizon + allowed
    gap); a flat table, or a book too young for that, out of fold with an account's rows kept together.
    """
    judged = _judge_in_time(rows, encoding=encoding, recipe=recipe, gap_days=gap_days) or _judge_out_of_fold(
        rows, encoding=encoding, recipe=recipe
    )
    propensity = fit_propensity(rows.matrix, rows.label, rows.groups, encoding=encoding, recipe=recipe)
    return TrainedTarget(
        target=rows.target,
        propensity=propensity,
        evaluation=judged.evaluation,
        verdict=beats_base_rate(judged.evaluation),
        unseen=judged.unseen,
        probability=judged.probability,
        folds=judged.folds,
    )


@dataclass(frozen=True, eq=False)
class _Judged:
    """What a model said of rows it had not seen, and how good that was."""

    unseen: TargetRows
    probability: Floats
    evaluation: Evaluation
    folds: NDArray[np.int64] | None = None


def _judge_in_time(rows: TargetRows, *, encoding: Encoding, recipe: Recipe, gap_days: int) -> _Judged | None:
    """Train on the older dates, judge on the newest; None where too few dates or classes allow it."""
    split = time_split(rows.dates, gap_days=gap_days) if rows.dates is not None else None
    if rows.dates is None or split is None:
        return None
    past = rows.take(rows.dates.isin(split.train_dates).to_numpy())
    unseen = rows.take(rows.dates.isin(split.test_dates).to_numpy())
    if not (past.has_both_classes and unseen.has_both_classes):
        return None
    fitted = fit_propensity(past.matrix, past.label, past.groups, encoding=encoding, recipe=recipe)
    probability = fitted.probability(unseen.matrix, n_threads=recipe.n_threads)
    evaluation = evaluate(
        unseen.label,
        probability,
        unseen.groups,
        dates=unseen.dates,
        seen=np.isin(unseen.groups, past.groups),
        target=rows.target,
        how="out of time",
        seed=recipe.seed,
    )
    return _Judged(unseen, probability, evaluation)


def _judge_out_of_fold(rows: TargetRows, *, encoding: Encoding, recipe: Recipe) -> _Judged:
    folds = grouped_folds(rows.label, rows.groups, inner_folds(recipe, len(rows.label)), recipe.seed)
    probability = out_of_fold_probability(
        rows.matrix, rows.label, rows.groups, encoding=encoding, recipe=recipe, folds=folds
    )
    evaluation = evaluate(
        rows.label, probability, rows.groups, target=rows.target, how="out of fold", seed=recipe.seed
    )
    return _Judged(rows, probability, evaluation, folds)
