"""How good the plans are: net value in made-up books with known response, against the rules teams use.

Run it with ``python -m bench.decision``. Figures are net value over no outreach, as a share of the oracle's:
the dual bound of the true values, which no plan can pass, whatever it knows.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, product

import numpy as np
import pandas as pd

from bench.rules import RULES, SCALED
from bench.worlds import N_ACCOUNTS, NO_EFFECT, SETTINGS, WORLDS, Book, World, months
from standfast.decision.bundles import BUNDLES
from standfast.decision.guards import Guards, sleeping_dogs
from standfast.decision.keeping import last_bundles
from standfast.decision.outreach import Plan, plan_outreach
from standfast.pipelines.plan import plan_policy

SEEDS = range(10)
HOURS_PER_ACCOUNT = (0.25, 0.5, 1.0)
"""Short, usual and ample hours per account and quarter."""
N_MONTHS = 3
SHARE_BOUND, TIMES_SCALED_BOUND, AHEAD_BOUND, MOVED_BOUND, LOSS_BOUND = 0.74, 1.15, 0.95, 0.10, 0.005
OURS = "standfast"
UNGUARDED, KNOWING = "standfast without do-not-disturb", "standfast told the true probabilities"
SPARING = ", sparing the same accounts"
"""A rule that leaves alone whom do-not-disturb leaves alone, and has their hours for the others."""


@dataclass(frozen=True)
class Judged:
    """One book under one capacity: what the oracle and each method earn in truth, and how ours holds still.

    ``moved`` and ``later`` are means over the months after the first, without and with the keep bonus: the
    share of the hours that moved since the month before, and the share of the oracle.
    """

    world: str
    oracle: float
    worth: dict[str, float]
    told_cost: float
    n_email_only: int
    moved: tuple[float, float]
    later: tuple[float, float]


def planned(
    scores: pd.DataFrame, hours: float, *, guards: Guards = SETTINGS.guards, last: Plan | None = None
) -> Plan:
    """Give our plan by the default settings."""
    return plan_outreach(
        scores,
        policy=replace(plan_policy(SETTINGS, replace(SETTINGS.capacity, hours=hours)), guards=guards),
        last_plan=last.lines if last else None,
    )


def choice_of(plan: Plan) -> np.ndarray:
    return last_bundles(plan.lines["account_id"], plan.lines, bundles=BUNDLES)


def oracle(book: Book, minutes: int) -> float:
    """Give the dual bound of the true values: profits at the least price that fits, and the hours' worth."""
    low, high = 0.0, float((book.worth / np.maximum(book.minutes, 1)).max()) + 1.0
    for _ in range(50):
        price = (low + high) / 2
        best = (book.worth - price * book.minutes).argmax(axis=1)
        fits = book.minutes[np.arange(len(best)), best].sum() <= minutes
        low, high = (low, price) if fits else (price, high)
    return float((book.worth - high * book.minutes).max(axis=1).sum() + high * minutes)


def net_value(book: Book, choice: np.ndarray, minutes: int) -> float:
    """Give the true net value of a plan; one beyond the hours is no plan."""
    accounts = np.arange(len(choice))
    taken = int(book.minutes[accounts, choice].sum())
    if taken > minutes:
        raise SystemExit(f"a plan takes {taken} of {minutes} minutes")
    return float(book.worth[accounts, choice].sum())


def sparing(
    book: Book, rule: Callable[[Book, int], np.ndarray], minutes: int, *, spared: np.ndarray
) -> np.ndarray:
    """Give the choice of a rule that does not see some accounts: they get nothing."""
    seen = ~spared
    part = Book(*(part[seen] for part in book))
    choice = np.zeros(len(spared), dtype=np.int64)
    choice[seen] = rule(part, minutes)
    return choice


def judge(world: World, seed: int) -> list[Judged]:
    """Plan one book under each capacity: by every method in its first month, by ours in the later ones."""
    books = list(months(world, seed=seed, n_months=N_MONTHS))
    return [_judge(world.name, books, hours=share * N_ACCOUNTS) for share in HOURS_PER_ACCOUNT]


def _judge(world: str, books: list[Book], *, hours: float) -> Judged:
    book, minutes = books[0], int(hours * 60)
    plan = planned(book.scores, hours)
    plans = {
        OURS: plan,
        UNGUARDED: planned(book.scores, hours, guards=replace(SETTINGS.guards, do_not_disturb=False)),
        KNOWING: planned(book.true_scores, hours),
    }
    chosen = {name: choice_of(one) for name, one in plans.items()}
    chosen |= {name: rule(book, minutes) for name, rule in RULES.items()}
    asleep = sleeping_dogs(book.scores, guards=SETTINGS.guards)
    chosen |= {
        f"{name}{SPARING}": sparing(book, rule, minutes, spared=asleep) for name, rule in RULES.items()
    }
    worth = {name: net_value(book, choice, minutes) for name, choice in chosen.items()}
    best = oracle(book, minutes)
    if max(worth.values()) > best + 1e-6 * abs(best):
        raise SystemExit(f"{max(worth, key=worth.__getitem__)} earns more than the oracle's {best:,.0f}")
    lines = plan.lines
    fresh, held = (_follow(plan, books[1:], hours, keeps=keeps) for keeps in (False, True))
    return Judged(
        world=world,
        oracle=best,
        worth=worth,
        told_cost=plan.summary.cost,
        n_email_only=int(((lines["n_email"] > 0) & (lines["n_call"] + lines["n_in_person"] == 0)).sum()),
        moved=(fresh[0], held[0]),
        later=(fresh[1], held[1]),
    )


def _follow(plan: Plan, books: list[Book], hours: float, *, keeps: bool) -> tuple[float, float]:
    """Plan the later months; give the mean share of the hours that moved, and of the oracle."""
    moved, shares, minutes = [], [], int(hours * 60)
    for book in books:
        before, plan = plan.lines["hours"], planned(book.scores, hours, last=plan if keeps else None)
        moved.append((plan.lines["hours"] - before).clip(lower=0).sum() / plan.lines["hours"].sum())
        shares.append(_share(net_value(book, choice_of(plan), minutes), oracle(book, minutes)))
    return float(np.mean(moved)), float(np.mean(shares))


def _share(worth: float, best: float) -> float:
    """Give the share of the oracle's value, 0 where there is nothing to earn."""
    return worth / best if best > 0 else 0.0


def judge_all(seeds: Iterable[int]) -> list[Judged]:
    """Judge the books of every world, on two cores."""
    books = list(product((*WORLDS, NO_EFFECT), seeds))
    with ProcessPoolExecutor(max_workers=2) as workers:
        return list(chain.from_iterable(workers.map(judge, *zip(*books, strict=True))))


def rows(seeds: Iterable[int] = SEEDS) -> Iterator[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    judged = judge_all(seeds)
    nowhere = [book for book in judged if book.world == NO_EFFECT.name]
    books = [book for book in judged if book.world != NO_EFFECT.name]
    yield from _quality(books)
    yield from _harm(nowhere)
    email_only = sum(book.n_email_only for book in judged)
    yield "plan: accounts with e-mail and neither call nor visit", f"{email_only}", "0"
    yield from _stability(books)


def _mean_share(books: list[Judged], method: str) -> float:
    return float(np.mean([_share(book.worth[method], book.oracle) for book in books]))


def _ahead(books: list[Judged], method: str, rule: str) -> float:
    return float(np.mean([book.worth[method] > book.worth[rule] for book in books]))


def _quality(books: list[Judged]) -> Iterator[tuple[str, str, str]]:
    share = partial(_mean_share, books)
    yield f"plan: share of the oracle, {len(books)} books", f"{share(OURS):.3f}", f"at least {SHARE_BOUND}"
    times = f"{share(OURS) / share(SCALED):.2f}"
    yield f"plan: times {SCALED}", times, f"at least {TIMES_SCALED_BOUND}"
    for rule in RULES:
        ahead = (
            f"{share(rule):.3f}; we are ahead in {_ahead(books, OURS, rule):.0%} of the books, in "
            f"{_ahead(books, OURS, rule + SPARING):.0%} of one{SPARING}"
        )
        yield f"  {rule}", ahead, f"ahead in {AHEAD_BOUND:.0%}"
    least = min(_ahead(books, UNGUARDED, rule) for rule in RULES)
    yield f"  {UNGUARDED}", f"{share(UNGUARDED):.3f}; ahead of each rule in {least:.0%} or more", ""
    yield f"  {KNOWING}", f"{share(KNOWING):.3f}", ""
    for world in WORLDS:
        there = [book for book in books if book.world == world.name]
        figure = f"{_mean_share(there, OURS):.3f}; {_mean_share(there, UNGUARDED):.3f} without do-not-disturb"
        yield f"  {world.name}", figure, ""


def _harm(nowhere: list[Judged]) -> Iterator[tuple[str, str, str]]:
    """Give what is lost where outreach does nothing."""
    beyond = max(-book.worth[OURS] / book.told_cost - 1 for book in nowhere)
    lost = sum(book.worth[OURS] for book in nowhere) / sum(book.worth[SCALED] for book in nowhere)
    figure = f"{max(0.0, beyond):.2%} beyond it; {lost:.2f} x the loss of {SCALED}"
    yield "plan: loss where outreach has no effect, to the cost of the touches", figure, "0 % beyond it"


def _stability(books: list[Judged]) -> Iterator[tuple[str, str, str]]:
    """Give how much moves from month to month, and what holding still costs."""
    fresh, held = np.mean([book.moved for book in books], axis=0)
    figure = f"{held:.1%} ({fresh:.1%} without keep bonus)"
    yield "plan: hours moved from month to month", figure, f"at most {MOVED_BOUND:.0%}"
    losses = np.array([book.later[0] - book.later[1] for book in books])
    by_book = losses.reshape(-1, len(HOURS_PER_ACCOUNT)).mean(axis=1)  # one book's capacities are not apart
    figure = f"{losses.mean():.4f} +/- {by_book.std(ddof=1) / np.sqrt(len(by_book)):.4f}"
    yield "plan: share of the oracle that the keep bonus costs", figure, f"at most {LOSS_BOUND}"


def main() -> None:
    """Print the table."""
    for name, figure, bound in rows():
        print(f"{name:<72} {figure:<62} {bound}", flush=True)


if __name__ == "__main__":
    main()
