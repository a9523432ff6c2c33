"""Which stage of a learned response has earned its place: each is judged on cycles it has not seen."""

from dataclasses import dataclass

import numpy as np

from standfast.learning.clusters import clustered_mean
from standfast.learning.offset_logit import Floats, Normal, learn_logit, log_losses
from standfast.learning.response_design import POOLED, STAGES, Believed, design_matrix, stage_prior
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import ResponseRows


@dataclass(frozen=True)
class StageVerdict:
    """One stage against the one that stood: its log loss less that one's, per row of the cycles judged."""

    stage: str
    against: str
    n_rows: int
    n_cycles: int
    difference: float
    low: float
    high: float
    confidence: float
    is_taken: bool


@dataclass(frozen=True, eq=False)
class Learner:
    """Rows with their columns, and what is thought of them beforehand."""

    rows: ResponseRows
    believed: Believed
    policy: LearningPolicy
    design: Floats

    @classmethod
    def of(cls, rows: ResponseRows, believed: Believed, policy: LearningPolicy) -> "Learner":
        """Return a learner of these rows."""
        return cls(rows, believed, policy, design_matrix(rows, believed))

    def learn(self, stage: int, *, before: int | None = None) -> Normal:
        """Return the posterior of a stage, from all rows or from those of cycles before a day."""
        shown = slice(None) if before is None else self.rows.day < before
        prior = stage_prior(
            stage, self.believed, n_modifiers=self.rows.modifiers.shape[1],
            n_channels=self.rows.slopes.shape[1], policy=self.policy,
        )  # fmt: skip
        return learn_logit(self.design[shown], self.rows.offset[shown], self.rows.outcome[shown], prior=prior)


def judge_stages(
    learner: Learner, stages: tuple[int, ...], *, horizon_days: int
) -> tuple[int, tuple[StageVerdict, ...]]:
    """Return the stage that stands, and how each was judged.

    For each cycle but the first a stage learns from the cycles that had matured when it began, and is judged
    on it. A stage is taken where the interval of its log loss less that of the one that stood is below zero.
    """
    losses = {stage: _forward_losses(learner, stage, horizon_days=horizon_days) for stage in stages}
    judged = ~np.isnan(losses[stages[0]])
    stands, verdicts = stages[0], []
    for stage in stages[1:]:
        off = (losses[stage] - losses[stands])[judged]
        confidence = stage_confidence(stage, learner.policy)
        found = clustered_mean(off, learner.rows.account[judged], confidence=confidence)
        is_taken = found.high < 0
        n_cycles = len(np.unique(learner.rows.day[judged]))
        verdicts.append(
            StageVerdict(
                STAGES[stage], STAGES[stands], len(off), n_cycles, found.value, found.low, found.high,
                confidence, is_taken,
            )
        )  # fmt: skip
        stands = stage if is_taken else stands
    return stands, tuple(verdicts)


def stage_confidence(stage: int, policy: LearningPolicy) -> float:
    """Return how sure a win of a stage must be."""
    return policy.confidence if stage <= POOLED else policy.detail_confidence


def _forward_losses(learner: Learner, stage: int, *, horizon_days: int) -> Floats:
    """Return each row's log loss, learned from cycles over when its own began; NaN before any was."""
    rows, losses = learner.rows, np.full(len(learner.rows), np.nan)
    for day in np.unique(rows.day):
        matured = day - horizon_days + 1
        if not (rows.day < matured).any():
            continue
        here = rows.day == day
        learned = learner.learn(stage, before=int(matured))
        losses[here] = log_losses(rows.offset[here] + learner.design[here] @ learned.mean, rows.outcome[here])
    return losses
