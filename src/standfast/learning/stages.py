"""Which stage of a learned response has earned its place: each is judged on cycles it has not seen."""

from dataclasses import dataclass, field

import numpy as np

from standfast.learning.arrays import Floats
from standfast.learning.offset_logit import Normal, learn_logit, log_evidence
from standfast.learning.response_design import POOLED, STAGES, Believed, design_matrix, stage_prior
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import ResponseRows

_MOST_TOLD = 50.0
"""Log-odds beyond which nobody needs to know how sure it is."""


@dataclass(frozen=True)
class StageVerdict:
    """One stage against the one that stood: ``odds`` times as likely it found the later cycles' outcomes."""

    stage: str
    against: str
    n_rows: int
    n_cycles: int
    odds: float
    needed: float
    is_taken: bool


@dataclass(frozen=True, eq=False)
class Learner:
    """Rows with their columns, and what is thought of them beforehand."""

    rows: ResponseRows
    believed: Believed
    policy: LearningPolicy
    design: Floats
    learned: dict[int, Normal] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: ResponseRows, believed: Believed, policy: LearningPolicy) -> "Learner":
        """Return a learner of these rows."""
        return cls(rows, believed, policy, design_matrix(rows, believed))

    @property
    def first(self) -> int:
        """The day of the first cycle."""
        return int(self.rows.day.min())

    def learn(self, stage: int) -> Normal:
        """Return the posterior of a stage, from all rows; it is asked for twice and learned once."""
        if stage not in self.learned:
            self.learned[stage] = learn_logit(
                self.design, self.rows.offset, self.rows.outcome, prior=self._prior(stage)
            )
        return self.learned[stage]

    def foretold(self, stage: int) -> float:
        """Return how likely a stage found the cycles after the first, each from those before it, as a log.

        What is thought of a cycle after those before it multiplies to what is thought of all of them over
        what is thought of the first one.
        """
        rows, prior, first = self.rows, self._prior(stage), self.rows.day == self.first
        design, offset, outcome = self.design[first], rows.offset[first], rows.outcome[first]
        before = learn_logit(design, offset, outcome, prior=prior)
        return log_evidence(
            self.design, rows.offset, rows.outcome, prior=prior, found=self.learn(stage)
        ) - log_evidence(design, offset, outcome, prior=prior, found=before)

    def _prior(self, stage: int) -> Normal:
        return stage_prior(
            stage, self.believed, n_modifiers=self.rows.modifiers.shape[1],
            n_channels=self.rows.slopes.shape[1], policy=self.policy,
        )  # fmt: skip


def judge_stages(learner: Learner, stages: tuple[int, ...]) -> tuple[int, tuple[StageVerdict, ...]]:
    """Return the stage that stands, and how each was judged.

    Each says how likely every later cycle was, having learned from the cycles before it alone. How many times
    likelier a stage found them than the one that stood is a wager that starts at 1 and cannot be won by
    chance: if the one that stood is right it ever comes to k in one book of k at most, however often one
    looks (Ville 1939; Dawid 1984). A stage is taken where it comes to 1 / (1 - confidence).
    """
    later = len(np.unique(learner.rows.day)) - 1
    n_rows = int((learner.rows.day > learner.first).sum()) if later else 0
    stands, verdicts = stages[0], []
    for stage in stages[1:]:
        needed = 1 / (1 - stage_confidence(stage, learner.policy))
        log_odds = learner.foretold(stage) - learner.foretold(stands) if n_rows else 0.0
        odds = float(np.exp(np.clip(log_odds, -_MOST_TOLD, _MOST_TOLD)))
        is_taken = bool(n_rows) and odds >= needed
        verdicts.append(
            StageVerdict(STAGES[stage], STAGES[stands], n_rows, max(later, 0), odds, needed, is_taken)
        )
        stands = stage if is_taken else stands
    return stands, tuple(verdicts)


def stage_confidence(stage: int, policy: LearningPolicy) -> float:
    """Return how sure a win of a stage must be."""
    return policy.confidence if stage <= POOLED else policy.detail_confidence
