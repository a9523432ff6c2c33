"""What the stages of a learned response are made of: parameters, their prior, and the columns they weigh."""

from dataclasses import dataclass

import numpy as np

from standfast.learning.offset_logit import Floats, Ints, Normal
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import ResponseRows

STAGES = ("default", "pooled effect", "modifiers", "channel weights")
DEFAULT, POOLED, MODIFIERS, CHANNELS = range(4)
_N_LEVELS = _N_EFFECTS = 2


@dataclass(frozen=True, kw_only=True)
class Believed:
    """The default response: what a full dose does to the log-odds of churn and of expansion."""

    save_effect: float
    expand_effect: float


def design_matrix(rows: ResponseRows, believed: Believed) -> Floats:
    """Return the columns: two levels, two effects, two per modifier, and one per channel.

    ``logit P = offset + level + sign x [G (effect + sum of r_m x_m) + usual effect x sum of (c - 1) dG_c]``,
    so that any stage is this model with some parameters held at the prior.
    """
    on_churn, on_growth = rows.sign < 0, rows.sign > 0
    dose = rows.sign * rows.dose
    pairs = [
        (rows.modifiers[:, m] * dose * question)
        for m in range(rows.modifiers.shape[1])
        for question in (on_churn, on_growth)
    ]
    usual = np.where(on_churn, believed.save_effect, believed.expand_effect) * rows.sign
    columns = [on_churn, on_growth, dose * on_churn, dose * on_growth, *pairs]
    return np.column_stack([*columns, usual[:, None] * rows.slopes]).astype(np.float64)


def stage_prior(
    stage: int, believed: Believed, *, n_modifiers: int, n_channels: int, policy: LearningPolicy
) -> Normal:
    """Return what is thought before any evidence, the parameters of later stages held fast.

    The level is free at every stage: how far off the probabilities are is no effect of outreach.
    """
    n = _N_LEVELS + _N_EFFECTS + 2 * n_modifiers + n_channels
    mean, covariance = np.zeros(n), np.zeros((n, n))
    mean[2:4] = believed.save_effect, believed.expand_effect
    covariance[:2, :2] = policy.level_sd**2 * np.eye(2)
    pair = np.array([[1.0, policy.together], [policy.together, 1.0]])
    for start in range(2, 4 + 2 * n_modifiers, 2):
        is_effect = start == 2
        sd = policy.effect_sd if is_effect else policy.modifier_sd
        if stage >= (POOLED if is_effect else MODIFIERS):
            covariance[start : start + 2, start : start + 2] = sd**2 * pair
    if stage >= CHANNELS:
        covariance[n - n_channels :, n - n_channels :] = policy.channel_sd**2 * np.eye(n_channels)
    return Normal(mean, covariance)


def parameter_names(modifiers: tuple[str, ...], channels: tuple[str, ...]) -> tuple[str, ...]:
    """Return what each parameter is called, in the order of the columns."""
    pairs = [f"{what} x {name}" for name in modifiers for what in ("save_effect", "expand_effect")]
    return ("churn_level", "growth_level", "save_effect", "expand_effect", *pairs, *channels)


def effect_places(n_modifiers: int) -> tuple[Ints, Ints]:
    """Return where the effects on churn and on expansion stand: pooled first, then by modifier."""
    save = 2 + 2 * np.arange(n_modifiers + 1)
    return save, save + 1
