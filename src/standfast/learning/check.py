"""One thing monitoring looked at: what was found in a sentence with numbers, and what to do next."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Step = Literal["nothing", "watch", "retrain", "roll back"]
STEPS: tuple[Step, ...] = ("nothing", "watch", "retrain", "roll back")
BREACHES: tuple[Step, ...] = ("retrain", "roll back")


@dataclass(frozen=True, kw_only=True)
class Check:
    """What one check found.

    Parameters
    ----------
    kind
        inputs, scores, level, order, slope, loss, segments, alerts, overrides, plan, hours, champion before.
    about
        The input, model, segment or version looked at.
    value, low, high
        The figure with its interval; NaN where it has none.
    threshold
        The value beyond which it asks for more than to watch; NaN where nothing does.
    is_judged
        False where there is too little to judge by; the sentence says what is missing.
    mend_first
        Whether a table is to be looked at before any model is trained.
    """

    kind: str
    about: str
    step: Step
    sentence: str
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    threshold: float = math.nan
    is_judged: bool = True
    mend_first: bool = False


def worst_step(checks: Iterable[Check]) -> Step:
    """Give the step that goes furthest.

    >>> worst_step([Check(kind="level", about="churn", step="watch", sentence="")])
    'watch'
    >>> worst_step([])
    'nothing'
    """
    return max((check.step for check in checks), key=STEPS.index, default="nothing")


def is_breach(step: Step) -> bool:
    """Say whether a scheduler should act on it."""
    return step in BREACHES
