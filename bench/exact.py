"""How near the best the plans are: small books against an independent solver, larger ones against the bound.

Run it with ``python -m bench.exact``. The independent solver is HiGHS, by ``scipy.optimize.milp``; the two
share nothing but values and minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from bench.solver import gap_to_bound, refuse_broken, simulated_offers, team_pools, timed
from standfast.decision.offers import Offers, all_values
from standfast.decision.solver import Solution, solve

SMALL, LARGE = (20, 50, 100, 150, 200, 300), (1_000, 3_000, 10_000, 100_000)
SEEDS = range(10)
SAMPLE_SEEDS = range(5)
SECONDS_BOUND, GAP_BOUND = 1.0, 0.001
SAME = 1e-7
"""Two optima that differ by less than this share are the same, found within HiGHS's tolerance."""


@dataclass(frozen=True)
class Solved:
    """A small book: how long it took, whether it is proved best, how far the independent optimum is away."""

    seconds: float
    is_exact: bool
    away: float


def independent_optimum(offers: Offers, minutes_there_are: int) -> float:
    """Give the best total value by a mixed-integer programme: one bundle per account, within the minutes."""
    values, minutes = all_values(offers, np.arange(len(offers)))
    account, bundle = np.nonzero(np.isfinite(values))
    worth, taken = values[account, bundle], minutes[account, bundle]
    one_each = csr_array((np.ones(len(account)), (account, np.arange(len(account)))))
    found = milp(
        -worth,
        integrality=np.ones(len(worth)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(one_each, 1, 1),
            LinearConstraint(taken[None, :].astype(float), 0, minutes_there_are),
        ],
        options={"mip_rel_gap": 0.0, "time_limit": 60},
    )
    if not found.success:
        raise SystemExit(f"the independent solver gave up: {found.message}")
    return float(-found.fun)


def total_value(offers: Offers, solution: Solution) -> float:
    values, _ = all_values(offers, np.arange(len(offers)))
    return float(values[np.arange(len(offers)), solution.choice].sum())


def solve_small(n_accounts: int, seed: int, *, compare: bool) -> Solved:
    """Solve an owner's book, and ask the independent solver where ``compare`` says so."""
    offers, pools = simulated_offers(n_accounts, seed=seed), team_pools(n_accounts, n_owners=1)
    seconds, solution = timed(lambda: solve(offers, pools))
    refuse_broken(offers, pools, solution)
    best = independent_optimum(offers, int(pools.minutes[0])) if compare else total_value(offers, solution)
    return Solved(seconds, bool(solution.exact.all()), abs(best / total_value(offers, solution) - 1))


def rows() -> Iterator[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    for n_accounts in SMALL:
        solved = [solve_small(n_accounts, seed, compare=seed in SAMPLE_SEEDS) for seed in SEEDS]
        n_exact, slowest = sum(one.is_exact for one in solved), max(one.seconds for one in solved)
        away = max(one.away for one in solved)
        figure = f"{n_exact} of {len(solved)} exact, slowest {slowest:.3f} s; HiGHS differs by {away:.1e}"
        yield f"solver, owner's book of {n_accounts}", figure, f"all, {SECONDS_BOUND:.0f} s; under {SAME:.0e}"
    for n_accounts in LARGE:
        offers, pools = simulated_offers(n_accounts), team_pools(n_accounts, n_owners=1)
        gap = gap_to_bound(offers, solve(offers, pools))
        yield (
            f"solver, {n_accounts:,} accounts: behind the dual bound",
            f"{gap:.4%}",
            f"at most {GAP_BOUND:.1%}",
        )


def main() -> None:
    """Print the table."""
    for name, figure, bound in rows():
        print(f"{name:<72} {figure:<62} {bound}", flush=True)


if __name__ == "__main__":
    main()
