"""Whether a champion of before would have been surely better on the same matured labels."""

import math

from standfast.learning.aged import Measured, surely_within
from standfast.learning.check import Check, Step
from standfast.learning.intervals import standard_steps
from standfast.learning.monitor_policy import MonitorPolicy


def judge_rival(
    version: str, gain: Measured, *, period: str, n_rarer: int, n_rivals: int, policy: MonitorPolicy
) -> Check:
    """Say whether to go back to a champion of before.

    Parameters
    ----------
    gain
        Log loss of the champion less that of the other on the same rows: above zero the other is better.
    n_rivals
        How many are asked: they share the false alarms.
    """
    told = f"{version}, the champion before, on the same labels of {period}"
    if n_rarer < policy.least_events or math.isnan(gain.value):
        return Check(
            kind="champion before", about=version, step="nothing", is_judged=False,
            sentence=f"{told}: {n_rarer} accounts of the rarer outcome, too few to compare the two "
            f"({policy.least_events} are needed)",
        )  # fmt: skip
    surely, likely = (
        gain.value - surely_within(chance / n_rivals, n_rarer) * gain.error
        for chance in (policy.alarms_of("champion before"), policy.watches_of("champion before"))
    )
    step: Step = "roll back" if surely > 0 else "watch" if likely > 0 else "nothing"
    shown = standard_steps(policy.confidence) * gain.error
    low, high = gain.value - shown, gain.value + shown
    said = {
        "nothing": "not surely better than the one in use",
        "watch": "perhaps better than the one in use",
        "roll back": "surely better than the one in use",
    }[step]
    return Check(
        kind="champion before", about=version, step=step, value=gain.value, low=low, high=high, threshold=0.0,
        sentence=f"{told}: log loss lower by {gain.value:+.4f} ({low:+.4f} to {high:+.4f}): {said}",
    )  # fmt: skip
