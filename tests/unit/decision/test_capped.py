"""An owner's list limited beside the hours: the best plan, and never more than the most."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.capped import CappedPool, plan_capped

IN_PERSON = np.array([0, 0, 1, 2])
MINUTES = np.array([0, 30, 90, 150])


def random_pool(n_accounts: int, seed: int, *, hours: float, accounts: int, in_person: int) -> CappedPool:
    random = np.random.default_rng(seed)
    values = np.sort(random.exponential(100, (n_accounts, 4)), axis=1)
    values[:, 0] = 0.0
    values[random.random(values.shape) < 0.2] = -np.inf
    values[:, 0] = 0.0
    return CappedPool(
        values, np.tile(MINUTES, (n_accounts, 1)), IN_PERSON, int(60 * hours), accounts, in_person
    )


def best_by_trying_all(pool: CappedPool) -> float:
    plans = (np.array(choice) for choice in product(range(4), repeat=len(pool.values)))
    return max(pool.value(choice) for choice in plans if pool.fits(choice))


@given(
    n_accounts=st.integers(1, 6), seed=st.integers(0, 999), hours=st.floats(0, 12),
    accounts=st.integers(0, 6), in_person=st.integers(0, 6),
)  # fmt: skip
def test_a_small_list_is_planned_as_well_as_by_trying_everything(
    n_accounts, seed, hours, accounts, in_person
):
    pool = random_pool(n_accounts, seed, hours=hours, accounts=accounts, in_person=in_person)
    plan = plan_capped(pool)
    assert pool.fits(plan.choice)
    assert plan.is_exact
    assert pool.value(plan.choice) == pytest.approx(best_by_trying_all(pool), rel=1e-6)
    assert pool.value(plan.choice) <= plan.bound * (1 + 1e-9) + 1e-6


@pytest.mark.parametrize(("accounts", "in_person"), [(1 << 40, 40), (50, 1 << 40), (50, 30)])
def test_a_large_list_keeps_to_the_most_and_close_to_the_bound(accounts, in_person):
    pool = random_pool(3_000, 1, hours=60, accounts=accounts, in_person=in_person)
    plan = plan_capped(pool)
    assert pool.fits(plan.choice)
    assert pool.value(plan.choice) >= plan.bound * 0.98


def test_nobody_gets_time_from_an_owner_without_a_place():
    pool = random_pool(20, 3, hours=10, accounts=0, in_person=5)
    assert not plan_capped(pool).choice.any()
