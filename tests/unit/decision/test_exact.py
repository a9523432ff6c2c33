"""The small-book solver against every plan there is."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.exact import best_choice


def brute_force(values: np.ndarray, minutes: np.ndarray, capacity: int) -> float:
    accounts = np.arange(len(values))
    return max(
        values[accounts, plan].sum()
        for plan in map(list, product(range(values.shape[1]), repeat=len(values)))
        if minutes[accounts, plan].sum() <= capacity
    )


@given(
    seed=st.integers(0, 10_000),
    n_accounts=st.integers(1, 5),
    capacity=st.integers(0, 25),
    price=st.floats(0, 10),
    is_known=st.booleans(),
)
def test_it_equals_brute_force_at_any_price(seed, n_accounts, capacity, price, is_known):
    random = np.random.default_rng(seed)
    minutes = random.integers(1, 12, (n_accounts, 4)) * 5
    minutes[:, 0] = 0
    values = random.normal(20, 30, (n_accounts, 4)).round(1)
    values[:, 0] = 0
    values[random.random((n_accounts, 4)) < 0.2] = -np.inf
    values[:, 0] = 0
    bound = (values - price * minutes).max(axis=1).sum() + price * capacity * 5
    gap = bound if is_known else np.inf  # doing nothing is a plan, of value 0
    choice, is_best = best_choice(values, minutes, capacity=capacity * 5, price=price, gap=gap)
    assert is_best
    accounts = np.arange(n_accounts)
    assert minutes[accounts, choice].sum() <= capacity * 5
    assert values[accounts, choice].sum() == pytest.approx(brute_force(values, minutes, capacity * 5))


def test_of_two_equal_plans_the_lighter_is_taken():
    values, minutes = np.array([[0.0, 50.0, 50.0]]), np.array([[0, 60, 30]])
    assert best_choice(values, minutes, capacity=60, price=0.0, gap=np.inf)[0].tolist() == [2]


def test_too_much_work_is_declined():
    values, minutes = np.array([[0.0, 5.0]] * 10), np.array([[0, 7]] * 10)
    assert best_choice(values, minutes, capacity=35, price=0.0, gap=np.inf, work_limit=5) == (None, False)
