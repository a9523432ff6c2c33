"""What the stages of a learned response are made of: parameters, their prior, and the columns they weigh."""

from dataclasses import dataclass

import numpy as np

from standfast.learning.arrays import Floats, Ints
from standfast.learning.offset_logit import Normal
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import ResponseRows

STAGES = ("default", "pooled effect", "modifiers", "channel weights")
DEFAULT, POOLED, MODIFIERS, CHANNELS = range(4)
_OFF = ("churn_level", "growth_level", "churn_slope", "growth_slope")
"""How far off the probabilities are: all of them at once, and the surer they are."""


@dataclass(frozen=True, kw_only=True)
class Believed:
    """The default response: what a full dose does to the log-odds of churn and of expansion."""

    save_effect: float
    expand_effect: float


def design_matrix(rows: ResponseRows, believed: Believed) -> Floats:
    """Return the columns: what is off, what was foreseen, and what was got, the last two alike.

    ``logit P = offset + what is off + sign x [G (effect + sum of r_m x_m) + usual effect x sum of
    (c - 1) dG_c]``, so that any stage is this model with some parameters held at the prior.

    Who gets a large dose was no chance: the plan gives it to whom it believes at risk, and where that belief
    is off this would look like an effect. So beside the dose that an account got stands the dose that it
    would have got, in both arms, and only what chance decided tells of the effect.
    """
    asked = rows.sign < 0, rows.sign > 0
    surer = [_centred(rows) * question for question in asked]
    got = _effects(rows, believed, rows.treated)
    return np.column_stack([*asked, *surer, *_effects(rows, believed, np.ones(len(rows))), *got]).astype(
        np.float64
    )


def _effects(rows: ResponseRows, believed: Believed, share: Floats) -> list[Floats]:
    """Return two columns of pooled effects, two per modifier and one per channel, for a share of the dose."""
    signed = rows.sign * share
    asked = rows.sign < 0, rows.sign > 0
    turned = [np.ones(len(rows)), *rows.modifiers.T]
    by_dose = [values * signed * rows.dose * question for values in turned for question in asked]
    usual = np.where(rows.sign < 0, believed.save_effect, believed.expand_effect) * signed
    return [*by_dose, *(usual * one for one in rows.slopes.T)]


def _centred(rows: ResponseRows) -> Floats:
    """Return the log-odds believed, from their mean in each question."""
    on_churn = rows.sign < 0
    means = [float(rows.odds[one].mean()) if one.any() else 0.0 for one in (on_churn, ~on_churn)]
    return np.asarray(rows.odds - np.where(on_churn, *means))


def stage_prior(
    stage: int, believed: Believed, *, n_modifiers: int, n_channels: int, policy: LearningPolicy
) -> Normal:
    """Return what is thought before any evidence, the parameters of later stages held fast.

    What is off, and what goes with a dose foreseen, is free at every stage: it is no effect of outreach.
    """
    n_effects = 2 + 2 * n_modifiers + n_channels
    first = len(_OFF) + n_effects
    mean, covariance = np.zeros(first + n_effects), np.zeros((first + n_effects,) * 2)
    mean[first : first + 2] = believed.save_effect, believed.expand_effect
    off = [policy.level_sd] * 2 + [policy.calibration_sd] * (2 + n_effects)
    covariance[:first, :first] = np.diag(np.square(off))
    pair = np.array([[1.0, policy.together], [policy.together, 1.0]])
    for start in range(first, first + 2 + 2 * n_modifiers, 2):
        is_effect = start == first
        sd = policy.effect_sd if is_effect else policy.modifier_sd
        if stage >= (POOLED if is_effect else MODIFIERS):
            covariance[start : start + 2, start : start + 2] = sd**2 * pair
    if stage >= CHANNELS:
        covariance[-n_channels:, -n_channels:] = policy.channel_sd**2 * np.eye(n_channels)
    return Normal(mean, covariance)


def parameter_names(modifiers: tuple[str, ...], channels: tuple[str, ...]) -> tuple[str, ...]:
    """Return what each parameter is called, in the order of the columns."""
    both = ("save_effect", "expand_effect")
    effects = (*both, *(f"{what} x {name}" for name in modifiers for what in both), *channels)
    return (*_OFF, *(f"foreseen {name}" for name in effects), *effects)


def effect_places(n_modifiers: int, n_channels: int) -> tuple[Ints, Ints]:
    """Return where the effects on churn and on expansion stand: pooled first, then by modifier."""
    save = len(_OFF) + 2 + 2 * n_modifiers + n_channels + 2 * np.arange(n_modifiers + 1)
    return save, save + 1
