"""U5: how many accounts a test takes, and what a number of accounts can show."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from standfast.errors import InputError
from standfast.learning.experiment_policy import ExperimentPolicy
from standfast.learning.power import (
    accounts_per_arm,
    arm_sizes,
    detectable_reduction,
    months_needed,
    power_of,
)

POLICY = ExperimentPolicy()
RATES, CUTS = st.floats(0.01, 0.9), st.floats(0.05, 0.9)


@pytest.mark.parametrize(("rate", "needed"), [(0.06, 3_467), (0.10, 2_002), (0.20, 903)])
def test_a_quarter_less_churn_takes_as_many_accounts_as_the_method_says(rate, needed):
    """U5."""
    assert accounts_per_arm(rate, 0.25) == needed


def test_fifteen_to_ten_per_cent_takes_686_by_the_chi_square_test():
    """U5: 683 with each arm's own variance, as read-outs have it."""
    assert accounts_per_arm(0.15, 1 / 3, variance="pooled") == 686
    assert accounts_per_arm(0.15, 1 / 3) == 683


@given(RATES, CUTS, st.floats(0.05, 0.95))
def test_the_size_that_is_asked_for_shows_the_effect_it_was_asked_for(rate, cut, share):
    size = arm_sizes(rate, cut, policy=POLICY, control_share=share)
    assume(size.total > 400)  # accounts are whole, which moves small tests
    found = detectable_reduction(rate, size.total, policy=POLICY, control_share=share)
    assert found == pytest.approx(cut, rel=0.05)
    assert power_of(rate, cut, size.total, policy=POLICY, control_share=share) == pytest.approx(0.8, abs=0.03)


@given(RATES, CUTS)
def test_halves_need_the_fewest_accounts_and_a_tenth_many_more(rate, cut):
    half, tenth = (arm_sizes(rate, cut, policy=POLICY, control_share=s).total for s in (0.5, 0.1))
    assert tenth > 1.5 * half
    assert half == pytest.approx(2 * accounts_per_arm(rate, cut), abs=2)


def test_what_is_known_before_spares_accounts():
    full, adjusted = (arm_sizes(0.1, 0.25, policy=POLICY, kept_variance=k).total for k in (1.0, 0.8))
    assert adjusted == pytest.approx(0.8 * full, rel=0.001)


def test_few_accounts_show_nothing_and_months_never_end_where_nobody_is_eligible():
    assert math.isinf(detectable_reduction(0.06, 20, policy=POLICY))
    assert math.isinf(months_needed(10, per_cycle=0, days_per_cycle=90))
    assert months_needed(0, per_cycle=0, days_per_cycle=90) == 0
    assert months_needed(101, per_cycle=100, days_per_cycle=90) == pytest.approx(2 * 90 / 30.44, rel=0.01)


@pytest.mark.parametrize(
    ("rate", "cut"), [(0.0, 0.25), (1.0, 0.25), (0.1, 0.0), (0.1, 1.5), (math.nan, 0.25)]
)
def test_impossible_rates_are_refused_with_their_value(rate, cut):
    with pytest.raises(InputError, match=r"base rate|relative reduction"):
        accounts_per_arm(rate, cut)
