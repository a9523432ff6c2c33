"""What was learned of outreach, in sentences for whoever plans by it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from standfast.learning.intervals import standard_steps
from standfast.learning.response_design import Believed
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.stages import StageVerdict

if TYPE_CHECKING:
    from standfast.learning.response import LearnedResponse


def told(
    learned: "LearnedResponse", believed: Believed, *, policy: LearningPolicy, n_held_out: int
) -> "LearnedResponse":
    """Return the response with its sentences: what it rests on, how stages did, and what is believed now."""
    lines = [_evidence(learned, n_held_out)]
    lines += [_no_modifier(name) for name in policy.modifiers if f"save_effect x {name}" not in learned.names]
    if not learned.verdicts:
        lines.append(_too_few(policy))
    lines += [_verdict(one) for one in learned.verdicts]
    if not learned.is_default:
        lines += [_effect(learned, believed, name) for name in ("save_effect", "expand_effect")]
        lines += [_modifier(one.name, one.save, one.expand) for one in learned.modifiers]
    return replace(learned, sentences=(*lines, learned.individual.sentence, learned.sleepers.sentence))


def _evidence(learned: "LearnedResponse", n_held_out: int) -> str:
    return (
        f"the holdout has drawn {learned.n_rows:,} accounts x cycles that have matured "
        f"({learned.n_accounts:,} accounts, {learned.n_cycles} cycles), {n_held_out:,} of them held out, "
        f"with {learned.n_events:,} churns and expansions"
    )


def _no_modifier(name: str) -> str:
    return f"{name} cannot modify the response: it is not known of the accounts drawn, or the same for all"


def _too_few(policy: LearningPolicy) -> str:
    return (
        f"too few to learn from: {policy.least_rows:,} accounts x cycles and {policy.least_events:,} churns "
        "and expansions are needed; the default response stands"
    )


def _verdict(one: StageVerdict) -> str:
    """Say how a stage did; where no cycle could be judged yet, that."""
    if not one.n_rows:
        return f"{one.stage}: no later cycle has matured to judge it by; {one.against} stands"
    figures = f"it found what came {_times(one.odds)} times as likely, {one.needed:,.0f} are asked for"
    result = "taken" if one.is_taken else f"not sure enough, so {one.against} stands"
    return f"{one.stage} against {one.against} on {one.n_cycles} later cycles: {figures}; {result}"


def _times(odds: float) -> str:
    return f"{odds:,.2f}" if odds < 10 else f"{odds:,.0f}" if odds < 1e6 else "more than a million"


def _effect(learned: "LearnedResponse", believed: Believed, name: str) -> str:
    """Tell an effect as what a full dose does to the odds, with its interval."""
    value, error = getattr(learned, name), learned.error_of(name)
    reach = standard_steps(0.95) * error
    of = "churn" if name == "save_effect" else "expansion"
    sign = -1.0 if name == "save_effect" else 1.0
    odds, low, high = (float(np.exp(sign * one)) for one in (value, value - reach, value + reach))
    usual = float(np.exp(sign * getattr(believed, name)))
    used = float(np.exp(sign * getattr(learned, name.replace("effect", "carried"))))
    return (
        f"a full dose is now believed to multiply the odds of {of} by {odds:.2f} "
        f"({min(low, high):.2f} to {max(low, high):.2f}); the default is {usual:.2f}, and plans go "
        f"from there as far as the evidence carries, to {used:.2f}"
    )


def _modifier(name: str, save: float, expand: float) -> str:
    return (
        f"where {name} is one standard deviation higher, a full dose takes {save:+.2f} more from the "
        f"log-odds of churn and adds {expand:+.2f} to those of expansion"
    )
