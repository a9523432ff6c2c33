"""The closed loop: plan, hold out, see what comes, learn, plan better; eight quarters in made-up books.

Run it with ``python -m bench loop``. Points are hundredths of the oracle's value. The holdout is the plan's
own, by the default settings. The default plan has the same book and hours, and holds nobody out.

What can be found is a matter of how many accounts chance decided on, so every world is gone round in books
of a usual size and in large ones, and three of them in more sizes.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from bench.decision import net_value, oracle
from bench.worlds import MANY_DOGS, N_ACCOUNTS, NO_EFFECT, WORLDS, Book, World, months
from bench.worlds import SETTINGS as DEFAULTS
from standfast.decision.guards import signs_of_sleep
from standfast.decision.outreach import solve_outreach
from standfast.decision.response import CHANNELS
from standfast.decision.tally import Tally
from standfast.learning.holdout import HELD_OUT, draw_holdout
from standfast.learning.holdout_policy import HoldoutPolicy
from standfast.learning.response import LearnedResponse
from standfast.learning.sleepers import SIGNS
from standfast.pipelines.learned_response import learn_from, plan_by_learned
from standfast.pipelines.plan import plan_policy
from standfast.schema import HOLDOUT
from standfast.settings import Settings

SETTINGS = replace(DEFAULTS, learning=replace(DEFAULTS.learning, individual_rows=10**9))
"""No effects account by account: no feature of these books tells them, and their learners take minutes."""
SEEDS = range(10)
N_QUARTERS, HOURS_PER_ACCOUNT = 8, 0.5
BEHIND_BOUND, GAIN_BOUND, COST_BOUND, FOUND_BOUND = -0.5, 2.0, 1.0, 0.8
SIZES = (N_ACCOUNTS, 2_400, 9_600, 38_400)
USUAL, LARGE = (SIZES[0], SIZES[2]), SIZES[-1]
ALL = (*WORLDS, MANY_DOGS, NO_EFFECT)
FEW = (WORLDS[0], MANY_DOGS, NO_EFFECT)


@dataclass(frozen=True)
class Looped:
    """One book, eight quarters later: both plans of the quarter that follows, and what was learned.

    ``costs`` are what the holdout took in each quarter, of the plan by the same response.
    """

    world: str
    best: float
    default: float
    learned: float
    costs: tuple[float, ...]
    response: LearnedResponse


def loop(world: World, seed: int, n_accounts: int = N_ACCOUNTS) -> Looped:
    """Plan, hold out, see and learn for eight quarters; then plan once more, both ways."""
    chance = np.random.default_rng([7, seed, *world.name.encode()])
    minutes = int(HOURS_PER_ACCOUNT * n_accounts * 60)
    books = months(world, seed=seed, n_months=N_QUARTERS + 1, correlation=0.0, n_accounts=n_accounts)
    drawn, costs = pd.DataFrame(), []
    learned = learn_from(_no_rows(), settings=SETTINGS)
    for quarter, book in enumerate(books):
        scores, settings = plan_by_learned(book.scores, learned, settings=SETTINGS)
        tally, best = solved(scores, settings, minutes), oracle(book, minutes)
        worth = net_value(book, tally.solution.choice, minutes)
        if quarter == N_QUARTERS:
            usual = net_value(book, solved(book.scores, SETTINGS, minutes).solution.choice, minutes)
            return Looped(world.name, best, usual, worth, tuple(costs), learned)
        assigned = _draw(book, tally, quarter=quarter, policy=replace(SETTINGS.holdout, seed=seed))
        held = book.scores["account_id"].isin(assigned.loc[assigned["arm"] == HELD_OUT, "account_id"])
        carried_out = solved(scores.assign(held_out=held), settings, minutes).solution.choice
        costs.append(100 * (worth - net_value(book, carried_out, minutes)) / best if best > 1 else 0.0)
        drawn = pd.concat([drawn, seen_of(assigned, book, carried_out, chance)], ignore_index=True)
        learned = learn_from(drawn, settings=SETTINGS)
    raise AssertionError("the last quarter returns")


def solved(scores: pd.DataFrame, settings: Settings, minutes: int) -> Tally:
    capacity = replace(settings.capacity, hours=minutes / 60)
    return solve_outreach(scores, policy=plan_policy(settings, capacity))


def _draw(book: Book, tally: Tally, *, quarter: int, policy: HoldoutPolicy) -> pd.DataFrame:
    """Give the assignment of each account that chance decides on."""
    day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=91 * quarter)
    drawn = draw_holdout(with_figures(book, tally), policy=policy, book_name="bench", cycle=day.isoformat())
    return drawn.assign(experiment=HOLDOUT, cycle=day)


def with_figures(book: Book, tally: Tally) -> pd.DataFrame:
    """Give the scores with what is planned, as chance draws among them."""
    hours = tally.minutes / 60
    figures = {f"n_{channel}": tally.counts[:, place] for place, channel in enumerate(CHANNELS)}
    return book.scores.assign(
        hours=hours,
        value_per_hour=tally.expected_value / np.where(hours > 0, hours, np.nan),
        expected_value=tally.expected_value,
        cut_off=tally.solution.price[tally.pools.of_account] * 60,
        is_barred=False,
        **figures,
        **{SIGNS: signs_of_sleep(book.scores, guards=SETTINGS.guards)},
    )


def seen_of(
    assigned: pd.DataFrame, book: Book, choice: np.ndarray, chance: np.random.Generator
) -> pd.DataFrame:
    """Give what came of the accounts that chance decided on, as the true chances have it."""
    accounts = np.arange(len(choice))
    churned = chance.random(len(choice)) < book.leaves[accounts, choice]
    expanded = chance.random(len(choice)) < book.grows[accounts, choice]
    grown = pd.array(np.where(churned, None, expanded), dtype="boolean")
    came = book.scores[["account_id"]].assign(is_matured=True, churned=churned, expanded=grown)
    return assigned.merge(came, on="account_id")


def _no_rows() -> pd.DataFrame:
    names = ("experiment", "cycle", "account_id", "arm", "arm_probability", "is_matured", "churned",
             "expanded", "churn_probability", "upsell_probability")  # fmt: skip
    return pd.DataFrame(columns=[*names, *(f"n_{channel}" for channel in CHANNELS)])


def loop_all(
    worlds: Iterable[World], seeds: Iterable[int], n_accounts: int = N_ACCOUNTS
) -> dict[str, list[Looped]]:
    """Go round the loop in the books of every world, on two cores."""
    books = list(product(worlds, seeds, [n_accounts]))
    with ProcessPoolExecutor(max_workers=2) as workers:
        looped = list(workers.map(loop, *zip(*books, strict=True)))
    return {
        world: [one for one in looped if one.world == world]
        for world in dict.fromkeys(o.world for o in looped)
    }


def rows(seeds: Iterable[int] = SEEDS) -> Iterator[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    seeds = list(seeds)
    for n_accounts in SIZES:
        worlds = ALL if n_accounts in USUAL else FEW
        yield from _rows(loop_all(worlds, seeds, n_accounts), n_accounts)


def _rows(looped: dict[str, list[Looped]], n_accounts: int) -> Iterator[tuple[str, str, str]]:
    costs = []
    for world, books in looped.items():
        name = f"loop, {n_accounts:,} accounts: {world}"
        if world == NO_EFFECT.name:
            found = f"found in {FOUND_BOUND:.0%}; " if n_accounts == LARGE else ""
            yield name, _nothing_found(books), f"{found}no larger loss"
            continue
        off = np.array([100 * (one.learned - one.default) / one.best for one in books])
        costs.append(float(np.mean([one.costs for one in books])))
        share = float(np.mean([one.default / one.best for one in books]))
        is_wanted = world == MANY_DOGS.name and n_accounts == LARGE
        bound = f"at least {GAIN_BOUND:+.0f}" if is_wanted else f"at least {BEHIND_BOUND:+.1f}"
        told = f"{_points(off)} on {share:.3f}; {_stages(books)}; {costs[-1]:.2f} held out"
        yield name, told, f"{bound}; {COST_BOUND:.0f} held out at most"


def _points(off: np.ndarray) -> str:
    error = off.std(ddof=1) / np.sqrt(len(off)) if len(off) > 1 else float("nan")
    return f"{off.mean():+.2f} +/- {error:.2f} points (worst {off.min():+.1f})"


def _stages(books: list[Looped]) -> str:
    """Say what was learned: how many books left the default, and the mean effects."""
    n_learned = sum(not one.response.is_default for one in books)
    save, expand = (
        np.mean([getattr(one.response, n) for one in books]) for n in ("save_effect", "expand_effect")
    )
    n_rows = np.mean([one.response.n_rows for one in books])
    return f"{n_learned} of {len(books)} learned from {n_rows:.0f} rows, s {save:.2f} u {expand:.2f}"


def _nothing_found(books: list[Looped]) -> str:
    """Say how much of the default's loss is left, and in how many books the interval holds zero."""
    left = sum(one.learned for one in books) / sum(one.default for one in books)
    holds = sum(
        not one.response.is_default
        and abs(one.response.save_effect) < 1.96 * one.response.error_of("save_effect")
        for one in books
    )
    return f"zero found in {holds} of {len(books)}; {left:.2f} of the default's loss; {_stages(books)}"


def main() -> None:
    """Print the table."""
    for name, figure, bound in rows():
        print(f"{name:<72} {figure:<62} {bound}", flush=True)


if __name__ == "__main__":
    main()
