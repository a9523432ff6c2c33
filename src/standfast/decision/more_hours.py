"""What one more customer-success manager would earn, and with whose accounts."""

from dataclasses import dataclass, replace

import numpy as np

from standfast.decision.capacity import NO_LIMIT, Capacity, Pools
from standfast.decision.columns import Floats, Ints
from standfast.decision.offers import bundle_cost, bundle_gains, bundle_minutes
from standfast.decision.reward import DAYS_PER_YEAR
from standfast.decision.solver import solve
from standfast.decision.summary import OneMoreCsm
from standfast.decision.tally import Tally


@dataclass(frozen=True, eq=False)
class _PoolSums:
    """What each pool's plan earns before the cost of its hours, and the minutes it takes."""

    earned: Floats
    minutes: Floats


def hours_of_csm(capacity: Capacity, *, horizon_days: int) -> float:
    """Return the hours that one more CSM brings to a horizon."""
    return capacity.csm_hours * horizon_days / DAYS_PER_YEAR


def one_more_csm(
    tally: Tally, *, capacity: Capacity, horizon_days: int, threads: int = 2
) -> OneMoreCsm | None:
    """Return what one more CSM's hours would earn in the pool where they earn most; None without hours.

    Pools do not touch each other: one solve with more minutes in each tells what they are worth in any.
    Someone new brings as much room for accounts and visits as the owner had.
    """
    hours = hours_of_csm(capacity, horizon_days=horizon_days)
    minutes = int(hours * 60)
    has_accounts = np.bincount(tally.pools.of_account, minlength=len(tally.pools.names)) > 0
    if minutes < 1 or not has_accounts.any():
        return None
    more = solve(tally.offers, _with_more(tally.pools, minutes), threads=threads)
    now = _sums(tally, tally.solution.choice, hourly_cost=capacity.hourly_cost)
    then = _sums(tally, more.choice, hourly_cost=capacity.hourly_cost)
    gained = then.earned - now.earned
    place = int(np.argmax(np.where(has_accounts, gained, -np.inf)))
    return OneMoreCsm(
        hours=hours,
        owner=tally.pools.names[place],
        hours_used=max(0.0, float(then.minutes[place] - now.minutes[place]) / 60),
        value=max(0.0, float(gained[place])),
        cost=hours * capacity.hourly_cost,
    )


def _with_more(pools: Pools, minutes: int) -> Pools:
    """Return the pools with more minutes each, and twice the room where an owner's list is limited."""
    return replace(
        pools,
        minutes=pools.minutes + minutes,
        most_accounts=_twice(pools.most_accounts),
        most_in_person=_twice(pools.most_in_person),
    )


def _twice(most: Ints | None) -> Ints | None:
    return None if most is None else np.minimum(2 * most, NO_LIMIT)


def _sums(tally: Tally, choice: Ints, *, hourly_cost: float) -> _PoolSums:
    """Return each pool's worth before the cost of hours: a salary is what one more CSM is weighed against."""
    earned, minutes = bundle_gains(tally.offers, choice), bundle_minutes(tally.offers, choice)
    value = earned.save + earned.expand - bundle_cost(tally.offers, choice) + minutes / 60 * hourly_cost
    n_pools = len(tally.pools.names)
    per_pool = (
        np.bincount(tally.pools.of_account, weights=part, minlength=n_pools) for part in (value, minutes)
    )
    return _PoolSums(*(np.asarray(sums, dtype=np.float64) for sums in per_pool))
