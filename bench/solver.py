"""How fast the solver plans a million accounts with twenty bundles, and how far it is from the dual bound.

Run it with ``python -m bench.solver``. The machine's speed is measured in the same run: one numpy argsort of
a million floats.
"""

import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from standfast.decision.bundles import BUNDLES, Channels, bundle_table
from standfast.decision.capacity import Capacity, Pools, assign_pools
from standfast.decision.matrix import CELLS
from standfast.decision.offers import Offers, bundle_cost, bundle_gains, bundle_minutes
from standfast.decision.response import Response, kept_value
from standfast.decision.solver import Solution, solve

N_ACCOUNTS = 1_000_000
N_OWNERS = 50
HOURS_PER_ACCOUNT = 0.2
SECONDS_BOUND, GIGABYTES_BOUND, GAP_BOUND = 10.0, 2.0, 0.001


def simulated_offers(n_accounts: int, *, seed: int = 1) -> Offers:
    """Give a book with skewed revenue whose cells follow rank of revenue and odds of churn."""
    random = np.random.default_rng(seed)
    p, q = random.beta(1.2, 8, n_accounts), random.beta(1.2, 8, n_accounts)
    revenue = np.exp(random.normal(9.5, 1.3, n_accounts))
    risk = np.digitize(p / (1 - p), np.array([2.0, 1.0]) * p.mean() / (1 - p.mean()))
    value = np.digitize(revenue, np.quantile(revenue, [0.9, 0.5]))
    place = {(cell.risk_tier, cell.value_tier): number for number, cell in enumerate(CELLS)}
    tiers = ("high", "medium", "low")
    places = np.array([[place[risk_tier, value_tier] for value_tier in tiers] for risk_tier in tiers])
    table = bundle_table(channels=Channels(), response=Response(), hourly_cost=125.0)
    kept = kept_value(p, 0.8 * revenue, horizon_days=90)
    return Offers(p, q, kept, 0.8 * 0.2 * revenue, places[risk, value], table)


def gap_to_bound(offers: Offers, solution: Solution) -> float:
    """Give the share of the dual bound that the plan is behind."""
    earned = bundle_gains(offers, solution.choice)
    worth = float((earned.save + earned.expand - bundle_cost(offers, solution.choice)).sum())
    return 1 - worth / float(solution.bound.sum())


def refuse_broken(offers: Offers, pools: Pools, solution: Solution) -> None:
    """Stop the benchmark where a plan takes more than a pool has: a fast wrong plan is no figure."""
    minutes = bundle_minutes(offers, solution.choice)
    used = np.bincount(pools.of_account, weights=minutes, minlength=len(pools.minutes))
    if (used > pools.minutes).any():
        raise SystemExit(f"hours exceeded: {used.max() / 60:.1f} of {pools.minutes[used.argmax()] / 60:.1f}")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Give the seconds the work takes, and what it gives."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def peak_gigabytes() -> float:
    """Give the most memory this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 30 if sys.platform == "darwin" else 1 << 20)


def team_pools(n_accounts: int, *, n_owners: int) -> Pools:
    """Give one pool for all, or one per owner with accounts dealt at random."""
    hours = HOURS_PER_ACCOUNT * n_accounts
    if n_owners == 1:
        return assign_pools(None, capacity=Capacity(hours=hours), n_accounts=n_accounts)
    owner = np.random.default_rng(2).integers(0, n_owners, n_accounts)
    minutes = np.full(n_owners, int(hours * 60 / n_owners))
    return Pools(tuple(f"owner {number}" for number in range(n_owners)), minutes, owner)


def rows(n_accounts: int = N_ACCOUNTS) -> list[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    offers = simulated_offers(n_accounts)
    argsort, _ = timed(partial(np.argsort, np.random.default_rng(0).random(n_accounts)))
    table = []
    for n_owners in (1, N_OWNERS):
        pools = team_pools(n_accounts, n_owners=n_owners)
        seconds, solution = timed(partial(solve, offers, pools, threads=2))
        refuse_broken(offers, pools, solution)
        who = "one pool" if n_owners == 1 else f"{n_owners} owners"
        named = f"solver, {n_accounts:,} accounts, {len(BUNDLES)} bundles, {who}"
        table += [
            (f"{named}: seconds", f"{seconds:.2f}", f"at most {SECONDS_BOUND:.0f}"),
            (f"{named}: ratio to one argsort", f"{seconds / argsort:.1f}", ""),
            (
                f"{named}: behind the dual bound",
                f"{gap_to_bound(offers, solution):.4%}",
                f"at most {GAP_BOUND:.1%}",
            ),
        ]
    table.append(
        ("solver: peak memory of the run, GB", f"{peak_gigabytes():.2f}", f"under {GIGABYTES_BOUND:.0f}")
    )
    return table


def main() -> None:
    """Print the table."""
    for name, figure, bound in rows():
        print(f"{name:<72} {figure:>10}  {bound}")


if __name__ == "__main__":
    main()
