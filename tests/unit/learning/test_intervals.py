"""U5: intervals that hold where outcomes are rare, and however often one looks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.learning.always_valid import always_valid_steps
from standfast.learning.intervals import Share, chance_of, difference_of_shares, steps_to_zero, wilson

SHARES = st.builds(Share, st.floats(0, 1), st.floats(5, 5_000))


@given(SHARES, SHARES, st.floats(0.1, 5))
def test_an_interval_holds_the_difference_and_swaps_with_its_arms(a, b, steps):
    found, turned = (difference_of_shares(*pair, steps=steps) for pair in ((a, b), (b, a)))
    assert -1 - 1e-9 <= found.low <= a.rate - b.rate <= found.high <= 1 + 1e-9
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))


@given(SHARES, SHARES)
def test_a_test_says_no_exactly_where_the_interval_leaves_zero_out(a, b):
    """The p-value is the interval turned around."""
    found = difference_of_shares(a, b, steps=1.959964)
    p = chance_of(steps_to_zero(a, b))
    assert found.excludes_zero == (p < 0.05) or abs(p - 0.05) < 1e-4


def test_nobody_of_a_few_is_no_proof_of_nobody():
    assert wilson(Share(0.0, 30), steps=1.96).high == pytest.approx(0.1135, abs=0.001)


@given(st.floats(0.001, 1), st.floats(0.001, 1))
def test_who_looks_often_gets_a_wider_interval(error, effect):
    steps = always_valid_steps(error**2, planned_effect=effect, confidence=0.95)
    assert steps > 2.4


def test_without_a_plan_or_a_spread_nothing_is_said():
    assert math.isinf(always_valid_steps(0.0, planned_effect=0.1, confidence=0.95))
    assert math.isinf(always_valid_steps(0.1, planned_effect=math.nan, confidence=0.95))


def test_pure_chance_crosses_its_bounds_at_any_look_in_at_most_one_of_twenty_runs():
    """Ville's inequality, on 400 random walks looked at 200 times each."""
    walks = np.cumsum(np.random.default_rng(3).standard_normal((400, 2_000)), axis=1)[:, 9::10]
    n = np.arange(10, 2_001, 10)
    bound = np.array([always_valid_steps(1 / k, planned_effect=0.1, confidence=0.95) for k in n])
    assert (np.abs(walks / np.sqrt(n)) > bound).any(axis=1).mean() <= 0.05
    assert (np.abs(walks / np.sqrt(n)) > 1.96).any(axis=1).mean() > 0.3
