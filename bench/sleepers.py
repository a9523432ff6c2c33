"""Is do-not-disturb dropped where nobody sleeps, and kept where outreach wakes? In made-up books.

Run it with ``python -m bench sleepers``. In each of eight quarters chance releases half of those that the
rule alone keeps from outreach.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from bench.loop import HOURS_PER_ACCOUNT, N_QUARTERS, seen_of, solved, with_figures
from bench.worlds import MANY_DOGS, SETTINGS, WORLDS, World, months
from standfast.decision.guards import sleeping_dogs
from standfast.learning.release import LET_GO, draw_released
from standfast.learning.sleepers import DROPPED, SleeperVerdict
from standfast.pipelines.learned_response import learn_from
from standfast.schema import RELEASED

SEEDS = range(10)
SIZES = (600, 9_600)
POLICY = replace(SETTINGS.holdout, release_share=0.5)
AWAKE, ASLEEP = WORLDS[0], (WORLDS[1], MANY_DOGS)


@dataclass(frozen=True)
class Tested:
    """What eight quarters taught of the rule in one book."""

    world: str
    n_accounts: int
    verdict: SleeperVerdict


def tested(world: World, seed: int, n_accounts: int) -> Tested:
    """Release by chance, see what comes, and judge the rule by it after eight quarters."""
    chance = np.random.default_rng([11, seed, *world.name.encode()])
    minutes = int(HOURS_PER_ACCOUNT * n_accounts * 60)
    awake = replace(SETTINGS, guards=replace(SETTINGS.guards, do_not_disturb=False))
    books = months(world, seed=seed, n_months=N_QUARTERS, correlation=0.0, n_accounts=n_accounts)
    drawn = []
    for quarter, book in enumerate(books):
        spared = sleeping_dogs(book.scores, guards=SETTINGS.guards)
        planned = with_figures(book, solved(book.scores, awake, minutes)).assign(is_spared=spared)
        day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=91 * quarter)
        policy = replace(POLICY, seed=seed)
        rows = draw_released(planned, policy=policy, book_name="bench", cycle=day.isoformat())
        let_go = book.scores["account_id"].isin(rows.loc[rows["arm"] == LET_GO, "account_id"])
        carried_out = solved(book.scores.assign(released=let_go), SETTINGS, minutes).solution.choice
        drawn.append(seen_of(rows.assign(experiment=RELEASED, cycle=day), book, carried_out, chance))
    learned = learn_from(pd.concat(drawn, ignore_index=True), settings=SETTINGS)
    return Tested(world.name, n_accounts, learned.sleepers)


def rows(seeds: Iterable[int] = SEEDS) -> Iterator[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    books = list(product((AWAKE, *ASLEEP), seeds, SIZES))
    with ProcessPoolExecutor(max_workers=2) as workers:
        found = list(workers.map(tested, *zip(*books, strict=True)))
    for n_accounts, world in product(SIZES, dict.fromkeys(one.world for one in found)):
        mine = [one.verdict for one in found if (one.n_accounts, one.world) == (n_accounts, world)]
        n_dropped = sum(one.rule == DROPPED for one in mine)
        figure = (
            f"dropped in {n_dropped} of {len(mine)}; {np.mean([one.n_spared for one in mine]):,.0f} drawn, "
            f"outreach helps them with {np.mean([one.chance_helps_spared for one in mine]):.0%}"
        )
        bound = "told" if world == AWAKE.name else "dropped in 1 of 10 at most"
        yield f"do-not-disturb, {n_accounts:,} accounts: {world}", figure, bound
