"""Dual, greedy fill and exact solution together."""

import numpy as np
import pytest

from standfast.decision.bundles import Channel, Channels, bundle_table
from standfast.decision.capacity import Capacity, Pools, assign_pools
from standfast.decision.guards import OPEN
from standfast.decision.offers import Offers, all_values, build_offers, bundle_minutes
from standfast.decision.response import Response
from standfast.decision.reward import Economics
from standfast.decision.solver import Solution, solve


@pytest.fixture(scope="module")
def offers_of(make_book):
    def build(n_accounts: int, *, seed: int = 0, channels: Channels | None = None) -> Offers:
        table = bundle_table(channels=channels or Channels(), response=Response(), hourly_cost=125.0)
        scores = make_book(n_accounts, seed=seed).sort_values("account_id")
        return build_offers(scores, np.full(n_accounts, OPEN), table, economics=Economics(), horizon_days=90)

    return build


def one_pool(offers: Offers, hours: float) -> Pools:
    return assign_pools(None, capacity=Capacity(hours=hours), n_accounts=len(offers))


def worth(offers: Offers, solution: Solution) -> float:
    values, _ = all_values(offers, np.arange(len(offers)))
    return float(values[np.arange(len(offers)), solution.choice].sum())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_plan_is_within_a_thousandth_of_the_dual_bound_at_two_thousand_accounts(offers_of, seed):
    offers = offers_of(2000, seed=seed)
    for hours in (100, 400, 1500):
        solution = solve(offers, one_pool(offers, hours))
        bound = solution.bound[0]
        assert bound * 0.999 <= worth(offers, solution) <= bound * (1 + 1e-9)
        assert bundle_minutes(offers, solution.choice).sum() <= hours * 60


def test_greedy_alone_is_within_a_thousandth_at_twenty_thousand_accounts(offers_of):
    offers = offers_of(20_000)
    solution = solve(offers, one_pool(offers, 4000), exact_accounts=0, refined_accounts=0)
    assert not solution.exact.any()
    assert worth(offers, solution) >= solution.bound[0] * 0.999


@pytest.mark.parametrize("n_accounts", [20, 50, 150, 400, 2000])
def test_a_book_of_any_owner_s_size_is_solved_exactly(offers_of, n_accounts):
    offers = offers_of(n_accounts)
    pools = one_pool(offers, n_accounts / 5)
    exact = solve(offers, pools)
    assert exact.exact.all()
    greedy = solve(offers, pools, exact_accounts=0, refined_accounts=0)
    assert worth(offers, greedy) <= worth(offers, exact) * (1 + 1e-12) <= exact.bound[0] * (1 + 1e-9)


def test_exact_beats_greedy_in_some_small_book(offers_of):
    """Small books are where greedy loses: the reason to solve them exactly."""
    gains = []
    for seed in range(8):
        offers = offers_of(20, seed=seed)
        pools = one_pool(offers, 9)
        gains.append(
            worth(offers, solve(offers, pools))
            - worth(offers, solve(offers, pools, exact_accounts=0, refined_accounts=0))
        )
    assert min(gains) >= -1e-9
    assert max(gains) > 1


def test_odd_minutes_are_still_solved_exactly(offers_of):
    odd = Channels(
        in_person=Channel(minutes=241), review=Channel(minutes=179), call=Channel(minutes=61),
        low_value_call=Channel(minutes=31), email=Channel(minutes=11),
    )  # fmt: skip
    offers = offers_of(400, channels=odd)
    solution = solve(offers, one_pool(offers, 200))
    assert solution.exact.all()


def test_the_price_is_zero_where_everything_fits_and_the_steepest_step_where_nothing_does(offers_of):
    offers = offers_of(100)
    plenty, none = solve(offers, one_pool(offers, 1e6)), solve(offers, one_pool(offers, 0))
    assert plenty.price[0] == 0
    assert (plenty.choice == plenty.wanted).all()
    assert none.price[0] == none.first_slope.max()
    assert bundle_minutes(offers, none.choice).sum() == 0


def test_pools_do_not_share_minutes(offers_of):
    offers = offers_of(60)
    pools = Pools(("a", "b"), np.array([600, 0]), np.arange(60) % 2)
    minutes = bundle_minutes(offers, solve(offers, pools).choice)
    assert 0 < minutes[::2].sum() <= 600
    assert minutes[1::2].sum() == 0


def test_an_empty_book_has_an_empty_solution(offers_of):
    offers = offers_of(1)
    nobody = Offers(
        *(getattr(offers, name)[:0] for name in ("p", "q", "kept", "added", "cell")), offers.table
    )
    assert len(solve(nobody, one_pool(nobody, 5)).choice) == 0
