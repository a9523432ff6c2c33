"""Should sleeping dogs lie? The do-not-disturb rule against what chance has shown of those it spares."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from standfast.learning.arrays import Bools, Floats
from standfast.learning.offset_logit import Normal, learn_logit
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import Doses, randomised, response_rows
from standfast.schema import HOLDOUT, RELEASED

SIGNS = "signs_of_sleep"
"""Column beside ASSIGNMENT_COLUMNS: how many of the rule's signs were known and true when it was drawn."""
KEPT, DROPPED, WIDENED = "kept", "dropped", "widened"


@dataclass(frozen=True)
class SleeperVerdict:
    """What became of the rule, and why; ``chance_helps`` is that of outreach lowering their churn."""

    rule: str = KEPT
    n_spared: int = 0
    chance_helps_spared: float = 0.5
    n_near: int = 0
    chance_helps_near: float = 0.5
    sentence: str = "do-not-disturb stands: no account that it spares was drawn to test it"


def judge_sleepers(
    assignments: pd.DataFrame, doses: Doses, *, least_signs: int, policy: LearningPolicy
) -> SleeperVerdict:
    """Return whether do-not-disturb is kept, dropped, or widened to accounts with one sign fewer.

    The spared are those of the experiment "do not disturb", where chance released some; their neighbours,
    with one sign fewer, are in the holdout itself. The prior of either effect lies at zero: the rule is a
    claim, and so is its opposite.
    """
    spared = _effect(assignments, doses, randomised(assignments, experiment=RELEASED), policy)
    near = _effect(assignments, doses, _near(assignments, least_signs), policy)
    if spared.n >= policy.least_events and spared.chance >= policy.sure:
        rule = DROPPED
    elif near.n >= policy.least_events and near.chance <= 1 - policy.sure:
        rule = WIDENED
    else:
        rule = KEPT
    return SleeperVerdict(
        rule, spared.n, spared.chance, near.n, near.chance, _told(rule, spared, near, least_signs)
    )


@dataclass(frozen=True)
class _Found:
    n: int
    effect: float
    error: float
    chance: float


def _near(assignments: pd.DataFrame, least_signs: int) -> Bools:
    """Return the holdout's rows with one sign fewer than the rule asks for."""
    if SIGNS not in assignments:
        return np.zeros(len(assignments), dtype=bool)
    signs = pd.to_numeric(assignments[SIGNS], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(randomised(assignments, experiment=HOLDOUT) & (signs == least_signs - 1))


def _effect(assignments: pd.DataFrame, doses: Doses, kept: Bools, policy: LearningPolicy) -> _Found:
    """Return what a full dose does to churn in these rows alone, and the chance that it helps."""
    rows = response_rows(assignments[kept], doses.take(kept), np.empty((int(kept.sum()), 0)))
    rows = rows.take(rows.sign < 0)
    design: Floats = np.column_stack([np.ones(len(rows)), -rows.dose, -rows.dose * rows.treated])
    sds = np.array([policy.level_sd, policy.calibration_sd, 2 * policy.effect_sd])
    learned = learn_logit(design, rows.offset, rows.outcome, prior=Normal(np.zeros(3), np.diag(sds**2)))
    effect, error = float(learned.mean[2]), float(np.sqrt(learned.covariance[2, 2]))
    chance = float(ndtr(effect / error)) if error > 0 else 0.5
    return _Found(len(rows), effect, error, chance)


def _told(rule: str, spared: _Found, near: _Found, least_signs: int) -> str:
    if not spared.n and not near.n:
        return SleeperVerdict.sentence
    seen = (
        f"outreach helps the accounts that do-not-disturb spares with a chance of {spared.chance:.0%} "
        f"({spared.n:,} drawn), and those with {least_signs - 1} of its signs with {near.chance:.0%} "
        f"({near.n:,} drawn)"
    )
    what = {
        KEPT: "the rule stands",
        DROPPED: "the rule is dropped",
        WIDENED: f"the rule is widened to accounts with {least_signs - 1} signs",
    }[rule]
    return f"{seen}: {what}"
