"""Which bundle each account gets: the dual over hull steps, a greedy fill, small pools solved exactly."""

from dataclasses import dataclass

import numpy as np

from standfast.decision.capacity import NO_LIMIT, Pools
from standfast.decision.capped import CappedPool, plan_capped
from standfast.decision.columns import Bools, Floats, Ints
from standfast.decision.exact import best_choice
from standfast.decision.hull import Hull, Steps, build_hull
from standfast.decision.offers import Offers, all_values, bundle_minutes

EXACT_ACCOUNTS = 400
"""A pool of up to so many accounts, an owner's book, is solved exactly."""
REFINED_ACCOUNTS = 20_000
"""A pool of up to so many accounts is solved exactly where greedy is not close enough to the bound."""
CLOSE_ENOUGH = 1e-4
"""Share of the dual bound that a larger pool's greedy plan may be behind."""
_FILL_WINDOW = 2_000
"""Steps past the cut-off that the greedy fill looks at; by then they are worth no more than the cut-off."""


@dataclass(frozen=True, eq=False)
class Solution:
    """The chosen bundle per account, and per pool what an hour is worth and how good the plan is.

    ``price`` is money per minute; ``bound`` is the dual bound, which no plan can pass; ``wanted`` is the
    bundle each account would get without a limit; ``first`` and ``first_slope`` are the bundle that
    is most worth its time, and what a minute of it is worth (0 where none pays).
    """

    choice: Ints
    price: Floats
    bound: Floats
    exact: Bools
    wanted: Ints
    first: Ints
    first_slope: Floats


def solve(
    offers: Offers,
    pools: Pools,
    *,
    exact_accounts: int = EXACT_ACCOUNTS,
    refined_accounts: int = REFINED_ACCOUNTS,
    threads: int = 2,
) -> Solution:
    """Return the plan that fits each pool's minutes and is worth most.

    Accounts are taken in the order given: where two steps are worth the same, the earlier account's is first.
    """
    hull = build_hull(offers, threads=threads)
    n_pools = len(pools.names)
    price, bound, exact = np.zeros(n_pools), np.zeros(n_pools), np.zeros(n_pools, dtype=bool)
    choice = hull.free_bundle.copy()
    queue, step_starts = _queues(hull.steps, pools)
    members, member_starts = _members(pools)
    for pool, capacity in enumerate(pools.minutes.tolist()):
        accounts = members[member_starts[pool] : member_starts[pool + 1]]
        steps = hull.steps.take(queue[step_starts[pool] : step_starts[pool + 1]])
        taken = _dual(steps, capacity)
        gap = taken.bound - float(steps.value[taken.steps].sum())
        _follow(choice, steps, taken.steps)
        price[pool], bound[pool] = taken.price, float(hull.free_value[accounts].sum()) + taken.bound
        exact[pool] = gap <= 1e-9 * (1 + abs(bound[pool]))
        limit = exact_accounts if gap <= CLOSE_ENOUGH * bound[pool] else refined_accounts
        if not exact[pool] and len(accounts) <= limit:
            exact[pool] = _improve(choice, offers, accounts, capacity, price=taken.price, gap=gap)
        if not _within_limits(choice, offers, accounts, pools, pool):
            held = plan_capped(_capped_pool(offers, accounts, pools, pool))
            choice[accounts], price[pool], exact[pool] = held.choice, held.price, held.is_exact
            bound[pool] = min(bound[pool], held.bound)
    return Solution(choice, price, bound, exact, *_wishes(hull))


@dataclass(frozen=True, eq=False)
class _Taken:
    """Places in the queue a pool takes, the price of a minute, and the dual bound beyond free bundles."""

    steps: Ints
    price: float
    bound: float


def _queues(steps: Steps, pools: Pools) -> tuple[Ints, Ints]:
    """Return the steps' places, pool by pool and steepest first, and where each pool starts."""
    queue = np.argsort(-steps.slope, kind="stable")
    pool = pools.of_account[steps.account[queue]]
    if len(pools.names) > 1:
        by_pool = np.argsort(pool, kind="stable")
        queue, pool = queue[by_pool], pool[by_pool]
    return queue, np.searchsorted(pool, np.arange(len(pools.names) + 1))


def _members(pools: Pools) -> tuple[Ints, Ints]:
    """Return the accounts pool by pool, and where each pool starts."""
    members = np.argsort(pools.of_account, kind="stable")
    return members, np.searchsorted(pools.of_account[members], np.arange(len(pools.names) + 1))


def _dual(steps: Steps, capacity: int) -> _Taken:
    """Return the steps that the smallest fitting price takes, and what of the rest still fits.

    With the steps sorted by slope the price needs no search: it is the slope of the first that does not fit.
    """
    spent = np.cumsum(steps.minutes)
    n_fit = int(np.searchsorted(spent, capacity, side="right"))
    if n_fit == len(steps):
        return _Taken(np.arange(n_fit), 0.0, float(steps.value.sum()))
    left = capacity - (int(spent[n_fit - 1]) if n_fit else 0)
    price = float(steps.slope[n_fit])
    bound = float(steps.value[:n_fit].sum()) + left * price
    return _Taken(np.append(np.arange(n_fit), _fill(steps, n_fit, left)), price, bound)


def _fill(steps: Steps, start: int, left: int) -> Ints:
    """Return the next steps that fit in the minutes left, each after all earlier steps of its account.

    A short loop: it looks at a window of steps, whatever the size of the book.
    """
    window = slice(start, start + _FILL_WINDOW)
    accounts, minutes = steps.account[window].tolist(), steps.minutes[window].tolist()
    shortest = min(minutes)
    stopped: set[int] = set()
    filled: list[int] = []
    for place, (account, needed) in enumerate(zip(accounts, minutes, strict=True), start):
        if left < shortest:
            break
        if needed > left:
            stopped.add(account)
        elif account not in stopped:
            filled.append(place)
            left -= needed
    return np.array(filled, dtype=np.int64)


def _follow(choice: Ints, steps: Steps, taken: Ints) -> None:
    """Set each account's bundle to that of its last step taken; steps of an account come in order."""
    choice[steps.account[taken]] = steps.bundle[taken]


def _improve(
    choice: Ints, offers: Offers, accounts: Ints, capacity: int, *, price: float, gap: float
) -> bool:
    """Replace the greedy choice of a small pool by the best one; say whether it could be found."""
    values, minutes = all_values(offers, accounts)
    greedy = values[np.arange(len(accounts)), choice[accounts]].sum()
    found, is_best = best_choice(values, minutes, capacity=capacity, price=price, gap=gap)
    if found is not None and (is_best or values[np.arange(len(accounts)), found].sum() > greedy):
        choice[accounts] = found
    return is_best


def _most(pools: Pools, pool: int) -> tuple[int, int]:
    """Return how many accounts and in-person touches a pool may have."""
    limits = (pools.most_accounts, pools.most_in_person)
    most_accounts, most_in_person = (NO_LIMIT if most is None else int(most[pool]) for most in limits)
    return most_accounts, most_in_person


def _within_limits(choice: Ints, offers: Offers, accounts: Ints, pools: Pools, pool: int) -> bool:
    """Say whether a pool's plan keeps to the most accounts and in-person touches of its owner."""
    most_accounts, most_in_person = _most(pools, pool)
    if min(most_accounts, most_in_person) == NO_LIMIT:
        return True
    n_with_time = int((bundle_minutes(offers, choice[accounts], accounts) > 0).sum())
    n_in_person = int(_in_person(offers)[choice[accounts]].sum())
    return n_with_time <= most_accounts and n_in_person <= most_in_person


def _capped_pool(offers: Offers, accounts: Ints, pools: Pools, pool: int) -> CappedPool:
    values, minutes = all_values(offers, accounts)
    return CappedPool(values, minutes, _in_person(offers), int(pools.minutes[pool]), *_most(pools, pool))


def _in_person(offers: Offers) -> Ints:
    return np.array([bundle.n_in_person for bundle in offers.table.bundles])


def _wishes(hull: Hull) -> tuple[Ints, Ints, Floats]:
    """Return each account's bundle without a limit, its first step's bundle and that step's slope."""
    steps = hull.steps
    wanted, first = hull.free_bundle.copy(), hull.free_bundle.copy()
    wanted[steps.account] = steps.bundle
    opening = steps.rank == 0
    first[steps.account[opening]] = steps.bundle[opening]
    slope = np.zeros(len(first))
    slope[steps.account[opening]] = steps.slope[opening]
    return wanted, first, slope
