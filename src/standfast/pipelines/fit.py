"""Fit and judge one propensity: how good it was on rows it had not seen, then fitted on all of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standfast.adapters.memory import give_back
from standfast.features.encode import Encoding
from standfast.pipelines.target_rows import Floats, TargetRows
from standfast.pipelines.unseen import judge_in_time, judge_out_of_fold
from standfast.propensity.evaluation import Evaluation
from standfast.propensity.gate import Verdict, beats_base_rate
from standfast.propensity.gate_policy import GatePolicy
from standfast.propensity.learning_curve import LearningCurve
from standfast.propensity.model import Propensity, fit_propensity
from standfast.propensity.recipe import Recipe
from standfast.schema import TARGETS


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
    notes: tuple[str, ...] = ()
    curve: LearningCurve | None = None

    @property
    def word(self) -> str:
        """What people call this model."""
        return TARGETS[self.target]


def train_target(
    rows: TargetRows,
    *,
    encoding: Encoding,
    recipe: Recipe,
    gap_days: int,
    gate: GatePolicy | None = None,
) -> TrainedTarget:
    """Give a propensity fitted on all the rows, with its quality on rows unseen.

    A book with dates is judged out of time, behind a purge gap of ``gap_days`` (lead + horizon + allowed
    gap); a flat table, or a book too young for that, out of fold with an account's rows kept together.
    """
    judged = judge_in_time(rows, encoding=encoding, recipe=recipe, gap_days=gap_days) or judge_out_of_fold(
        rows, encoding=encoding, recipe=recipe, gap_days=gap_days
    )
    give_back()
    propensity = fit_propensity(
        rows.matrix, rows.label, rows.groups, encoding=encoding, recipe=recipe,
        signs=recipe.points.get(rows.target),
    )  # fmt: skip
    return TrainedTarget(
        target=rows.target,
        propensity=propensity.shifted(judged.shift) if judged.shift else propensity,
        evaluation=judged.evaluation,
        verdict=beats_base_rate(judged.evaluation, sure_from=(gate or GatePolicy()).few_events),
        unseen=judged.unseen.without_matrix(),
        probability=judged.probability,
        folds=judged.folds,
        notes=judged.notes,
        curve=judged.curve,
    )
