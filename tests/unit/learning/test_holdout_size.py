"""What a holdout teaches is told as it is: after how many cycles an effect would be seen."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.learning.holdout_size import cycles_needed
from standfast.learning.power import accounts_per_arm


@pytest.mark.parametrize(("churn", "needed"), [(0.06, 3467), (0.10, 2002), (0.20, 903)])
def test_the_sizes_are_those_of_the_method(churn, needed):
    """The figures of the simulation: 80 % power for a reduction by 25 %."""
    assert accounts_per_arm(churn, 0.25) == needed


@given(st.floats(0.01, 0.5), st.integers(1, 5000))
def test_equal_arms_need_as_many_cycles_as_their_accounts_say(churn, n):
    assert cycles_needed(churn, n_held_out=n, n_planned=n) == math.ceil(
        accounts_per_arm(churn, 0.25) / n
    ) or (
        accounts_per_arm(churn, 0.25) % n == 1  # the accounts were rounded up already
    )


@given(st.floats(0.01, 0.5), st.integers(1, 500), st.integers(1, 500))
def test_more_accounts_never_need_more_cycles(churn, n_held_out, n_planned):
    few = cycles_needed(churn, n_held_out=n_held_out, n_planned=n_planned)
    assert cycles_needed(churn, n_held_out=n_held_out + 1, n_planned=n_planned) <= few
    assert cycles_needed(churn, n_held_out=n_held_out, n_planned=n_planned + 1) <= few
    assert few >= 1


NEVER = [(0.0, 9, 9), (1.0, 9, 9), (math.nan, 9, 9), (0.1, 0, 9), (0.1, 9, 0)]


@pytest.mark.parametrize(("churn", "held", "planned"), NEVER)
def test_what_can_never_be_seen_is_said_to_be_so(churn, held, planned):
    assert cycles_needed(churn, n_held_out=held, n_planned=planned) is None
