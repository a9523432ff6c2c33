"""Whether a propensity may be used at all, and whether it may replace the one in use."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from standfast.errors import InputError
from standfast.propensity.bootstrap import account_weights, middle
from standfast.propensity.criteria import Criterion
from standfast.propensity.evaluation import Estimate, Evaluation
from standfast.propensity.gate_policy import GatePolicy
from standfast.propensity.metrics import row_losses

CHANCE = 0.5
"""AUC of an order drawn by lot."""


@dataclass(frozen=True)
class Verdict:
    """A gate's answer; ``difference`` is in log loss, below zero speaks for the propensity judged."""

    passed: bool
    difference: Estimate
    sentence: str


def beats_base_rate(evaluation: Evaluation, *, sure_from: int = 20) -> Verdict:
    """Whether the probabilities say more than the base rate does.

    Log loss must lie below that of the base rate, and the order must be better than chance: the low end of
    the AUC's interval above one half. (The order has the power that log loss lacks on a book with few
    events; a model of noise seldom has either.) With fewer than ``sure_from`` accounts of the rarer
    outcome every interval is wide, and log loss decides alone.
    """
    gain, order = evaluation.gain_over_base, evaluation.metrics["auc"]
    is_ordered = evaluation.n_rarer < sure_from or order.low > CHANCE
    passed = gain.value < 0 and is_ordered
    said = "beats" if passed else "does not beat"
    return Verdict(
        bool(passed),
        gain,
        f"{evaluation.target}: {said} the base rate {evaluation.how}: log loss "
        f"{evaluation.metrics['log_loss'].value:.4f} against {evaluation.metrics['base_log_loss'].value:.4f} "
        f"(difference {_spelled(gain)}), AUC {order.value:.3f} ({order.low:.3f} to {order.high:.3f})",
    )


def refusing(
    criteria: Iterable[Criterion], *, has_champion: bool, policy: GatePolicy
) -> tuple[Criterion, ...]:
    """Give the criteria that failed and stand in the way; what cannot be told never does."""
    names = policy.refuse_on if has_champion else policy.refuse_first_on
    return tuple(one for one in criteria if one.answer == "fail" and one.name in names)


def compare(
    y: ArrayLike,
    p_challenger: ArrayLike,
    p_champion: ArrayLike,
    groups: ArrayLike,
    *,
    seed: int = 1,
    draws: int = 300,
    level: float = 0.9,
) -> Verdict:
    """Whether the challenger has the lower log loss on the same rows; a tie keeps the champion."""
    labels = np.asarray(y, dtype=np.float64)
    challenger, champion = (
        np.asarray(p_challenger, dtype=np.float64),
        np.asarray(p_champion, dtype=np.float64),
    )
    if not len(labels) or not len(labels) == len(challenger) == len(champion):
        raise InputError(
            f"{len(labels)} outcomes, {len(challenger)} and {len(champion)} probabilities: "
            "score the same rows with both models"
        )
    off = row_losses(labels, challenger) - row_losses(labels, champion)
    _, account = np.unique(np.asarray(groups), return_inverse=True)
    drawn = np.array(
        [(weight * off).sum() / weight.sum() for weight in account_weights(account, draws=draws, seed=seed)]
    )
    difference = Estimate(float(off.mean()), *middle(drawn, level))
    sentences: dict[tuple[bool, bool], str] = {
        (True, False): "the challenger is better beyond chance",
        (False, True): "the champion is better beyond chance",
    }
    key = (difference.high < 0, difference.low > 0)
    said = sentences.get(key, "no difference beyond chance: the champion stays")
    return Verdict(difference.high < 0, difference, f"{said} (log loss {_spelled(difference)})")


Letter = Literal["A", "B", "C", "D"]

_MEANING: dict[Letter, str] = {
    "A": "orders accounts very well and its probabilities can be planned with",
    "B": "orders accounts well; use the probabilities with their intervals",
    "C": "better than the base rate, but only roughly: use it to order accounts, not to budget",
    "D": "no better than treating all accounts alike: do not plan with it",
}


def honest_grade(evaluation: Evaluation, policy: GatePolicy | None = None) -> tuple[Letter, str]:
    """Grade from A to D and what it means, by the low end of the interval rather than the figure itself."""
    policy = policy or GatePolicy()
    surely = evaluation.metrics["auc"].low
    ece = evaluation.metrics["ece"].value
    letter: Letter = "A" if surely >= policy.grade_a_auc else "B" if surely >= policy.grade_b_auc else "C"
    if letter == "A" and ece > policy.grade_a_ece:
        letter = "B"
    if not beats_base_rate(evaluation, sure_from=policy.few_events).passed:
        letter = "D"
    top = evaluation.metrics["lift_at_10"].value
    return letter, (
        f"{letter}: {_MEANING[letter]}. The tenth of accounts it ranks highest {_verb(evaluation.target)} "
        f"{top:.1f} times as often as the average, {evaluation.how}."
    )


def _verb(target: str) -> str:
    return {"churned": "churned", "expanded": "expanded", "contracted": "contracted"}.get(
        target, f"had {target!r}"
    )


def _spelled(estimate: Estimate) -> str:
    return f"{estimate.value:+.4f}, {estimate.low:+.4f} to {estimate.high:+.4f}"
