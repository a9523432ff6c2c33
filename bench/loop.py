"""The closed loop: plan, hold out, see what comes, learn, plan better; eight quarters in made-up books.

Run it with ``python -m bench.loop``. Points are hundredths of the oracle's value. The holdout is that of the
plan: a tenth of the accounts with hours, drawn among those at the margin, none of the high value tier. The
default plan has the same book and the same hours, and holds nobody out.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from bench.decision import net_value, oracle
from bench.worlds import MANY_DOGS, N_ACCOUNTS, NO_EFFECT, SETTINGS, WORLDS, Book, World, months
from standfast.decision.guards import signs_of_sleep
from standfast.decision.outreach import solve_outreach
from standfast.decision.response import CHANNELS
from standfast.decision.tally import Tally
from standfast.learning.response import LearnedResponse
from standfast.learning.sleepers import SIGNS
from standfast.pipelines.learned_response import learn_from, plan_by_learned
from standfast.pipelines.plan import plan_policy
from standfast.schema import HOLDOUT
from standfast.settings import Settings

SEEDS = range(10)
N_QUARTERS, HOURS_PER_ACCOUNT = 8, 0.5
SHARE, MOST_LIKELY = 0.1, 0.5
MARGIN, WHOLE_MARGIN = 0.5, 1.0
LARGER = 2_400
BEHIND_BOUND, GAIN_BOUND, COST_BOUND = -0.5, 2.0, 1.0
FEW = (WORLDS[0], MANY_DOGS, NO_EFFECT)


@dataclass(frozen=True)
class Arrangement:
    """How large the book is, and among what part of the planned accounts chance decides."""

    name: str
    n_accounts: int = N_ACCOUNTS
    margin: float = MARGIN


USUAL = Arrangement("as planned")
WIDER = Arrangement("all of the medium and low tiers at the margin", margin=WHOLE_MARGIN)
LARGE = Arrangement(f"{LARGER:,} accounts", n_accounts=LARGER)


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


def loop(world: World, seed: int, arrangement: Arrangement = USUAL) -> Looped:
    """Plan, hold out, see and learn for eight quarters; then plan once more, both ways."""
    chance = np.random.default_rng([7, seed, *world.name.encode()])
    minutes = int(HOURS_PER_ACCOUNT * arrangement.n_accounts * 60)
    books = months(
        world, seed=seed, n_months=N_QUARTERS + 1, correlation=0.0, n_accounts=arrangement.n_accounts
    )
    drawn, costs = pd.DataFrame(), []
    learned = learn_from(_no_rows(), settings=SETTINGS)
    for quarter, book in enumerate(books):
        scores, settings = plan_by_learned(book.scores, learned, settings=SETTINGS)
        tally, best = _solve(scores, settings, minutes), oracle(book, minutes)
        worth = net_value(book, tally.solution.choice, minutes)
        if quarter == N_QUARTERS:
            usual = net_value(book, _solve(book.scores, SETTINGS, minutes).solution.choice, minutes)
            return Looped(world.name, best, usual, worth, tuple(costs), learned)
        assigned = _draw(book, tally, chance, quarter=quarter, margin=arrangement.margin)
        held = (assigned["arm"] == "held_out").to_numpy()
        carried_out = _solve(scores.assign(held_out=held), settings, minutes).solution.choice
        costs.append(100 * (worth - net_value(book, carried_out, minutes)) / best if best > 1 else 0.0)
        drawn = pd.concat([drawn, _seen(assigned, book, carried_out, chance)], ignore_index=True)
        learned = learn_from(drawn, settings=SETTINGS)
    raise AssertionError("the last quarter returns")


def _solve(scores: pd.DataFrame, settings: Settings, minutes: int) -> Tally:
    capacity = replace(settings.capacity, hours=minutes / 60)
    return solve_outreach(scores, policy=plan_policy(settings, capacity))


def _draw(
    book: Book, tally: Tally, chance: np.random.Generator, *, quarter: int, margin: float
) -> pd.DataFrame:
    """Give every account's assignment; those that chance had no say in have none to learn from."""
    scores, hours = book.scores, tally.minutes / 60
    may_be = (hours > 0) & (scores["value_tier"] != "high").to_numpy()
    per_hour = np.where(may_be, tally.expected_value / np.maximum(hours, 1e-9), np.inf)
    at_margin = np.zeros(len(scores), dtype=bool)
    at_margin[np.argsort(per_hour, kind="stable")[: int(np.ceil(margin * may_be.sum()))]] = True
    likely = min(MOST_LIKELY, SHARE * (hours > 0).sum() / max(1, at_margin.sum()))
    held = at_margin & (chance.random(len(scores)) < likely)
    touches = {f"n_{channel}": tally.counts[:, place] for place, channel in enumerate(CHANNELS)}
    return pd.DataFrame(
        {
            "experiment": HOLDOUT,
            "cycle": pd.Timestamp("2024-01-01") + pd.Timedelta(days=91 * quarter),
            "account_id": scores["account_id"],
            "arm": np.where(held, "held_out", "planned"),
            "arm_probability": np.where(at_margin, np.where(held, likely, 1 - likely), 1.0),
            "churn_probability": scores["churn_probability"],
            "upsell_probability": scores["upsell_probability"],
            SIGNS: signs_of_sleep(scores, guards=SETTINGS.guards),
            **touches,
        }
    )


def _seen(
    assigned: pd.DataFrame, book: Book, choice: np.ndarray, chance: np.random.Generator
) -> pd.DataFrame:
    """Give what came of the accounts that chance decided on, as the true chances have it."""
    accounts = np.arange(len(choice))
    churned = chance.random(len(choice)) < book.leaves[accounts, choice]
    expanded = chance.random(len(choice)) < book.grows[accounts, choice]
    grown = pd.array(np.where(churned, None, expanded), dtype="boolean")
    told = assigned.assign(is_matured=True, churned=churned, expanded=grown)
    return told[told["arm_probability"] < 1]


def _no_rows() -> pd.DataFrame:
    names = ("experiment", "cycle", "account_id", "arm", "arm_probability", "is_matured", "churned",
             "expanded", "churn_probability", "upsell_probability")  # fmt: skip
    return pd.DataFrame(columns=[*names, *(f"n_{channel}" for channel in CHANNELS)])


def loop_all(
    worlds: Iterable[World], seeds: Iterable[int], arrangement: Arrangement = USUAL
) -> dict[str, list[Looped]]:
    """Go round the loop in the books of every world, on two cores."""
    books = list(product(worlds, seeds, [arrangement]))
    with ProcessPoolExecutor(max_workers=2) as workers:
        looped = list(workers.map(loop, *zip(*books, strict=True)))
    return {
        world: [one for one in looped if one.world == world]
        for world in dict.fromkeys(o.world for o in looped)
    }


def rows(seeds: Iterable[int] = SEEDS) -> Iterator[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    seeds = list(seeds)
    for arrangement in (USUAL, WIDER, LARGE):
        worlds = (*WORLDS, MANY_DOGS, NO_EFFECT) if arrangement is USUAL else FEW
        yield from _rows(loop_all(worlds, seeds, arrangement), arrangement)


def _rows(looped: dict[str, list[Looped]], arrangement: Arrangement) -> Iterator[tuple[str, str, str]]:
    costs = []
    for world, books in looped.items():
        name = f"loop, {arrangement.name}: {world}"
        if world == NO_EFFECT.name:
            yield name, _nothing_found(books), "the zero effect found; a smaller loss"
            continue
        off = np.array([100 * (one.learned - one.default) / one.best for one in books])
        costs.append(float(np.mean([one.costs for one in books])))
        share = float(np.mean([one.default / one.best for one in books]))
        bound = f"at least {GAIN_BOUND:+.0f}" if world == MANY_DOGS.name else f"at least {BEHIND_BOUND:+.1f}"
        yield name, f"{_points(off)} on {share:.3f}; {_stages(books)}; {costs[-1]:.2f} held out", bound
    worst = max(costs)
    told = f"{np.mean(costs):.2f} points, {worst:.2f} in the dearest world"
    yield f"loop, {arrangement.name}: cost of the holdout", told, f"at most {COST_BOUND:.0f} point"


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
    return f"{left:.2f} of the default's loss; {_stages(books)}; zero within the interval in {holds}"


def main() -> None:
    """Print the table."""
    for name, figure, bound in rows():
        print(f"{name:<72} {figure:<62} {bound}", flush=True)


if __name__ == "__main__":
    main()
