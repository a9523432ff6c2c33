"""What a holdout costs in made-up books with known response, how many it holds out, and what it adds in CPU.

Run it with ``python -m bench holdout``. Costs are shares of the oracle's value, as in ``bench.decision``.
"""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, product

import numpy as np
import pandas as pd

from bench.decision import HOURS_PER_ACCOUNT, choice_of, net_value, oracle, planned
from bench.worlds import N_ACCOUNTS, NO_EFFECT, SETTINGS, WORLDS, Book, World, months
from standfast.decision.outreach import outreach_figures
from standfast.learning.holdout import HELD_OUT, at_the_margin, draw_holdout
from standfast.learning.holdout_policy import HoldoutPolicy
from standfast.learning.holdout_size import cycles_needed
from standfast.learning.power import accounts_per_arm
from standfast.pipelines.plan import plan_policy

SEEDS = range(10)
COST_BOUND, STRATUM_BOUND = 0.01, 1.0
WHATEVER = 1.0
"""No holdout costs all that a plan is worth: as many as wanted are held out."""
POLICIES = {
    "by default": HoldoutPolicy(),
    "whatever it costs": HoldoutPolicy(most_cost=WHATEVER),
    "the high value tier, too": HoldoutPolicy(value_tiers=("high", "medium", "low"), most_cost=WHATEVER),
    "anywhere in the plan": HoldoutPolicy(
        value_tiers=("high", "medium", "low"), margin=1.0, most_cost=WHATEVER
    ),
}


@dataclass(frozen=True)
class Cost:
    """One book, capacity and policy: what the holdout costs in truth and as told, and how many it takes."""

    world: str
    policy: str
    true_cost: float
    told_cost: float
    n_planned: int
    n_marginal: int
    n_held_out: int
    n_cycles: int | None


def cost_of(world: World, seed: int) -> list[Cost]:
    """Plan one book under each capacity, with nobody held out and with each policy."""
    book = next(iter(months(world, seed=seed, n_months=1)))
    return [
        _cost(world.name, name, replace(policy, seed=seed), book, hours=share * N_ACCOUNTS)
        for share, (name, policy) in product(HOURS_PER_ACCOUNT, POLICIES.items())
    ]


def _cost(world: str, name: str, policy: HoldoutPolicy, book: Book, *, hours: float) -> Cost:
    whole, minutes = planned(book.scores, hours), int(hours * 60)
    drawn = _draw(book.scores, whole.lines, policy, cut_off=whole.summary.lambda_)
    held = drawn.loc[drawn["arm"] == HELD_OUT]
    without = planned(book.scores.assign(held_out=book.scores["account_id"].isin(held["account_id"])), hours)
    best = oracle(book, minutes)
    lost = net_value(book, choice_of(whole), minutes) - net_value(book, choice_of(without), minutes)
    told = whole.summary.expected_value - without.summary.expected_value
    return Cost(
        world=world,
        policy=name,
        true_cost=lost / best if best > 0 else 0.0,
        told_cost=told / best if best > 0 else 0.0,
        n_planned=int((whole.lines["hours"] > 0).sum()),
        n_marginal=len(drawn),
        n_held_out=len(held),
        n_cycles=cycles_needed(
            float(drawn["churn_probability"].mean()), n_held_out=len(held), n_planned=len(drawn) - len(held)
        ),
    )


def _draw(
    scores: pd.DataFrame, lines: pd.DataFrame, policy: HoldoutPolicy, *, cut_off: float
) -> pd.DataFrame:
    book = scores.assign(
        hours=lines["hours"],
        value_per_hour=lines["value_per_hour"],
        expected_value=lines["expected_value"],
        cut_off=cut_off,
        is_barred=False,
    )
    return draw_holdout(book, policy=policy, book_name="bench", cycle="2026-01-05")


def rows(seeds: Iterable[int] = SEEDS) -> Iterator[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    books = list(product((*WORLDS, NO_EFFECT), seeds))
    with ProcessPoolExecutor(max_workers=2) as workers:
        costs = list(chain.from_iterable(workers.map(cost_of, *zip(*books, strict=True))))
    yield from _costs([one for one in costs if one.world != NO_EFFECT.name])
    yield from _laws()
    yield from _sizes()
    yield from _cpu()


def _costs(costs: list[Cost]) -> Iterator[tuple[str, str, str]]:
    for name in POLICIES:
        mine = [one for one in costs if one.policy == name]
        lost = np.array([one.true_cost for one in mine])
        told = np.mean([one.told_cost for one in mine])
        share = sum(one.n_held_out for one in mine) / sum(one.n_planned for one in mine)
        cycles = [one.n_cycles for one in mine if one.n_cycles]
        by_book = lost.reshape(-1, len(HOURS_PER_ACCOUNT)).mean(axis=1)  # one book's capacities are not apart
        error = by_book.std(ddof=1) / np.sqrt(len(by_book))
        seldom = f"{np.quantile(lost, 0.95):.4f} in one book of 20"
        figure = f"{lost.mean():.4f} +/- {error:.4f} ({told:.4f} told, {seldom})"
        yield (
            f"holdout {name}: share of the oracle it costs, {len(mine)} books",
            figure,
            f"at most {COST_BOUND}",
        )
        if name == next(iter(POLICIES)):
            yield from _by_world(mine)
        size = f"{share:.1%} of those planned; 25 % is seen after {np.median(cycles):,.0f} cycles"
        yield f"  accounts held out, of {N_ACCOUNTS:,} in the book", size, ""


def _by_world(costs: list[Cost]) -> Iterator[tuple[str, str, str]]:
    for world in dict.fromkeys(one.world for one in costs):
        mine = [one for one in costs if one.world == world]
        lost, share = np.mean([one.true_cost for one in mine]), sum(one.n_held_out for one in mine)
        share /= sum(one.n_planned for one in mine)
        yield f"  {world}", f"{lost:.4f}; {share:.1%} of those planned held out", f"at most {COST_BOUND}"


def _laws() -> Iterator[tuple[str, str, str]]:
    """Give how far a stratum is from its share, and that the best tier is never drawn."""
    worst, n_high = 0.0, 0
    for seed in SEEDS:
        book = next(iter(months(WORLDS[0], seed=seed, n_months=1)))
        whole = planned(book.scores, 0.5 * N_ACCOUNTS)
        drawn = _draw(book.scores, whole.lines, HoldoutPolicy(seed=seed), cut_off=whole.summary.lambda_)
        is_held = drawn["arm"] == HELD_OUT
        chance = drawn["arm_probability"].where(is_held, 1 - drawn["arm_probability"])
        off = is_held.groupby(drawn["stratum"]).sum() - chance.groupby(drawn["stratum"]).sum()
        worst = max(worst, float(off.abs().max()))
        n_high += int((drawn["value_tier"] == "high").sum())
    yield "holdout: accounts by which a stratum misses its share, at most", f"{worst:.2f}", f"{STRATUM_BOUND}"
    yield "holdout: accounts of the high value tier drawn by default", f"{n_high}", "0"


def _sizes() -> Iterator[tuple[str, str, str]]:
    sizes = ", ".join(f"{accounts_per_arm(churn, 0.25):,} at {churn:.0%}" for churn in (0.06, 0.10, 0.20))
    yield (
        "holdout: accounts per arm to see churn fall by 25 %",
        sizes,
        "3,467 at 6%, 2,002 at 10%, 903 at 20%",
    )


def _cpu() -> Iterator[tuple[str, str, str]]:
    """Give what the plan without anybody held out takes, which a plan with a holdout needs beside its own."""
    book = next(iter(months(WORLDS[0], seed=0, n_months=1))).scores
    for times in (1, 100):
        many = pd.concat([book] * times, ignore_index=True)
        many["account_id"] = [f"A{place:07d}" for place in range(len(many))]
        policy = plan_policy(SETTINGS, replace(SETTINGS.capacity, hours=0.5 * len(many)))
        start = time.process_time()
        figures = outreach_figures(many, policy=policy)
        whole = time.process_time() - start
        start = time.process_time()
        book_then = many.assign(**figures, is_barred=False)
        n_marginal = int(at_the_margin(book_then, policy=HoldoutPolicy()).sum())
        draw_holdout(book_then, policy=HoldoutPolicy(), book_name="bench", cycle="2026-01-05")
        drawn = time.process_time() - start
        figure = f"{whole:.2f} s of CPU solved whole, {drawn:.2f} s drawn among {n_marginal:,}"
        yield f"holdout: added to a plan of {len(many):,} accounts", figure, ""
