"""C2: whose hours an account may use."""

import math

import pandas as pd
import pytest

from standfast.decision.capacity import SHARED_POOL, TEAM, Capacity, assign_pools
from standfast.errors import InputError

OWNERS = pd.Series(["Ada", "Bo", None, "Ada"])


def test_without_owner_hours_the_team_is_one_pool():
    pools = assign_pools(OWNERS, capacity=Capacity(hours=10), n_accounts=4)
    assert (pools.names, pools.minutes.tolist(), pools.of_account.tolist()) == ((TEAM,), [600], [0, 0, 0, 0])


def test_without_owner_column_the_team_is_one_pool_of_all_hours():
    pools = assign_pools(None, capacity=Capacity(hours=10, owners={"Ada": 8.0, "Bo": 7.0}), n_accounts=2)
    assert (pools.names, pools.minutes.tolist()) == ((TEAM,), [900])


def test_owners_use_their_hours_and_the_rest_share_what_is_left():
    pools = assign_pools(OWNERS, capacity=Capacity(hours=10, owners={"Ada": 8.0}), n_accounts=4)
    assert pools.names == ("Ada", SHARED_POOL)
    assert pools.minutes.tolist() == [480, 120]
    assert pools.of_account.tolist() == [0, 1, 1, 0]


def test_the_shared_pool_is_never_below_zero():
    pools = assign_pools(OWNERS, capacity=Capacity(hours=5, owners={"Ada": 8.0}), n_accounts=4)
    assert pools.minutes.tolist() == [480, 0]


def test_owners_that_are_numbers_are_met_by_their_text():
    pools = assign_pools(pd.Series([7, 8]), capacity=Capacity(hours=5, owners={"7": 2.0}), n_accounts=2)
    assert pools.of_account.tolist() == [0, 1]


def test_owners_that_are_numbers_are_met_beside_accounts_without_owner():
    """An empty cell turns a column of whole numbers into fractions: owner 7 must not become 7.0."""
    owner = pd.Series([7, None, 8])
    pools = assign_pools(owner, capacity=Capacity(hours=5, owners={"7": 2.0, "8": 1.0}), n_accounts=3)
    assert pools.of_account.tolist() == [0, 2, 1]


def test_part_minutes_are_rounded_down():
    pools = assign_pools(None, capacity=Capacity(hours=0.99), n_accounts=1)
    assert pools.minutes.tolist() == [59]


@pytest.mark.parametrize("hours", [-1.0, math.nan, math.inf, 1e18])
def test_impossible_hours_are_refused(hours):
    with pytest.raises(InputError, match="hours of the team"):
        Capacity(hours=hours)
    with pytest.raises(InputError, match="hours of Ada"):
        Capacity(hours=1, owners={"Ada": hours})


def test_impossible_cost_is_refused():
    with pytest.raises(InputError, match="hourly_cost"):
        Capacity(hours=1, hourly_cost=-5)
