"""How much is still lacking until a test can tell."""

import math
from dataclasses import dataclass

from standfast.learning.effect import Effect
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.power import arm_sizes, months_needed

EXPECTED_IS_WORTH = 50
"""Accounts whose outcomes would tell as much of the rate as the model did before."""


@dataclass(frozen=True)
class Lack:
    """Accounts still to draw and read until an effect worth knowing would show; 0: there are enough.

    Parameters
    ----------
    n_more
        Both arms together.
    months
        How long that takes at the accounts drawn per cycle so far; infinite where none come.
    """

    n_more: int
    months: float


def lacking(
    effect: Effect, *, expected_rate: float, per_cycle: float, days_per_cycle: float, policy: ExperimentPolicy
) -> Lack:
    """Return what a comparison of shares still lacks.

    Parameters
    ----------
    expected_rate
        What was expected of the outcome when the accounts were drawn.
    per_cycle
        Accounts drawn per cycle, both arms together.
    """
    base = _likely_rate(effect, expected_rate)
    if not 0 < base < 1:
        return Lack(0, math.inf)
    share = effect.n_control / (effect.n_rows + effect.n_control)
    size = arm_sizes(
        base,
        policy.relative_reduction,
        policy=policy,
        control_share=share,
        kept_variance=effect.kept_variance,
    )
    more = max(0, size.total - effect.n_rows - effect.n_control)
    return Lack(more, months_needed(more, per_cycle=per_cycle, days_per_cycle=days_per_cycle))


def _likely_rate(effect: Effect, expected_rate: float) -> float:
    """Return the control's rate, mixed with what was expected as if that were known from some accounts.

    A few accounts have no case, or three, by chance; what is lacking should not jump with each.
    """
    if not expected_rate > 0:
        return effect.control_rate
    known = effect.n_control + EXPECTED_IS_WORTH
    return (effect.control_rate * effect.n_control + expected_rate * EXPECTED_IS_WORTH) / known
