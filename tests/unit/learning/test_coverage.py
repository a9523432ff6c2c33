"""U5: intervals hold the truth as often as they say, with few accounts and rare churn, also at any look.

``python -m bench experiment`` prints it for a thousand tests of many kinds; here are small ones.
"""

import numpy as np
import pytest

from standfast.learning.effect import effect_of

N_TESTS = 80


def effect(rows, outcome):
    return effect_of(
        rows, outcome, arm="planned", control="held_out", confidence=0.95, relative_reduction=0.25
    )  # fmt: skip


@pytest.mark.parametrize(("n", "control_share"), [(120, 0.5), (300, 0.1)])
def test_intervals_of_one_look_hold_the_truth_of_small_tests(drawn, n, control_share):
    """U5: 15 points fewer leave, which is 150 a year per account."""
    held = np.zeros(2)
    for seed in range(N_TESTS):
        rows = drawn(n, seed=seed, control_share=control_share, saves=0.15)
        churn, money = effect(rows, "churned").gain, effect(rows, "revenue").gain
        held += [churn.low <= 0.15 <= churn.high, money.low <= 150 <= money.high]
    assert (held / N_TESTS >= 0.9).all()


def test_intervals_of_any_look_hold_at_all_of_eight_looks(drawn):
    """U5: those of one look do not."""
    once, always = 0, 0
    for seed in range(40):
        rows = drawn(800, seed=seed, saves=0.05)
        found = [effect(rows[:n], "churned") for n in range(100, 801, 100)]
        once += all(one.gain.low <= 0.05 <= one.gain.high for one in found)
        always += all(one.always_gain.low <= 0.05 <= one.always_gain.high for one in found)
    assert always >= 38
    assert once < always
