"""The plain cadence per cell, scaled to the hours by a fixed order of cuts (C2)."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from standfast.decision.bundles import Bundle, Channels
from standfast.decision.cadence_stages import (
    DIGITAL,
    EMAIL,
    SAVE,
    STAGES,
    automate_emails,
    minutes_of,
    whole_touches,
)
from standfast.decision.capacity import Pools
from standfast.decision.columns import Bools, Ints, codes_of, numbers
from standfast.decision.default_touches import cell_touches
from standfast.decision.guards import OPEN, closed_to_outreach
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.offers import CLOSED, build_offers
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.solver import Solution
from standfast.decision.tally import Tally, tally_up


@dataclass(frozen=True, eq=False)
class Cadence:
    """A cadence in the hours there are: touches per account, (accounts, 5), and what was cut.

    Columns: visits, reviews, calls, e-mails, automated messages. ``wanted`` is the table without a limit of
    hours; ``n_stages`` is how many of ``STAGES`` an account went through, ``n_cut`` how many accounts each
    stage has cut.
    """

    touches: Ints
    wanted: Ints
    n_stages: Ints
    n_cut: tuple[int, ...]


def fit_cadence(
    scores: pd.DataFrame,
    cell: Ints,
    pools: Pools,
    *,
    channels: Channels,
    horizon_days: int,
    first_day: Ints | None = None,
    matrix: Matrix = MATRIX,
) -> Cadence:
    """Return the cadence of each account's cell, cut to the hours of its pool.

    The stages are gone through in order; within one the cells of lowest priority are cut first, there the
    accounts of least revenue, each only as far as the hours ask for it. More hours never cut more.

    Parameters
    ----------
    cell
        Each account's place in the matrix; below 0 it gets nothing.
    first_day
        The day the plan starts, in days since 1970; the turn of a touch that comes once a year hangs on it.
    """
    days = np.zeros(len(scores), dtype=np.int64) if first_day is None else first_day
    wanted, least = _table(scores, cell, first_day=days, horizon_days=horizon_days, matrix=matrix)
    states = _states(wanted, least, cell, channels=channels, matrix=matrix)
    minutes = np.stack([minutes_of(state, cell, channels=channels, matrix=matrix) for state in states])
    is_cut = _cut_until_it_fits(minutes, pools, _least_important_first(scores, cell))
    n_stages = np.where(is_cut, np.arange(1, len(states))[:, None], 0).max(axis=0, initial=0)
    touches = np.zeros_like(states[0])
    for place, state in enumerate(states):
        touches[n_stages == place] = state[n_stages == place]
    n_cut = tuple(is_cut.sum(axis=1).tolist())
    return Cadence(touches.astype(np.int64), states[0].astype(np.int64), n_stages, n_cut)


def tally_cadence(
    scores: pd.DataFrame,
    pools: Pools,
    *,
    policy: PlanPolicy,
    first_day: Ints | None = None,
) -> tuple[Cadence, Tally]:
    """Return the cadence of placed scores, and what it takes and earns, under the same response as a plan."""
    closed = closed_to_outreach(scores, guards=policy.guards)
    cell = np.where(closed == OPEN, codes_of(scores, "cell", policy.matrix.cell_names), CLOSED)
    cadence = fit_cadence(
        scores,
        cell,
        pools,
        channels=policy.channels,
        horizon_days=policy.horizon_days,
        first_day=first_day,
        matrix=policy.matrix,
    )
    bundles, chosen, wanted = _as_bundles(cadence)
    offers = build_offers(
        scores, closed, policy.bundle_table(bundles),
        economics=policy.economics, horizon_days=policy.horizon_days,
    )  # fmt: skip
    solution = _solution(pools, chosen, wanted)
    return cadence, tally_up(offers, pools, solution, closed, response=policy.response)


def _table(
    scores: pd.DataFrame, cell: Ints, *, first_day: Ints, horizon_days: int, matrix: Matrix
) -> tuple[Ints, Ints]:
    """Return the whole touches of the horizon, and the calls to keep: one a year, in Save one a horizon."""
    yearly = [[y.visits, y.reviews, y.calls, y.emails, y.digital] for y in cell_touches(matrix)]
    per_year = np.array([*yearly, [0.0] * 5])[cell]
    chance = pd.util.hash_array(scores["account_id"].astype(str).to_numpy(dtype=object), categorize=False)
    phase = chance / 2.0**64
    wanted = whole_touches(
        per_year, first_day=first_day[:, None], horizon_days=horizon_days, chance=phase[:, None]
    )
    once = whole_touches(np.ones(len(cell)), first_day=first_day, horizon_days=horizon_days, chance=phase)
    least = np.where(cell == SAVE, 1, once)
    return wanted, np.minimum(least, wanted[:, :EMAIL].sum(axis=1))


def _states(wanted: Ints, least: Ints, cell: Ints, *, channels: Channels, matrix: Matrix) -> list[Ints]:
    """Return the touches before any cut and after each stage, if it cut all that it may.

    Nobody is left with e-mail alone (C3), and a change that would take more minutes is not made.
    """
    takes = partial(minutes_of, cell=cell, channels=channels, matrix=matrix)
    states = [_never_email_only(wanted.astype(np.int16))]  # a state per stage: small numbers, little memory
    for stage in STAGES:
        before = states[-1]
        after = _never_email_only(stage.change(before, least))
        saves = takes(after) < takes(before)
        states.append(np.where((saves & stage.concerns(cell, matrix=matrix))[:, None], after, before))
    return states


def _never_email_only(touches: Ints) -> Ints:
    alone = touches[:, :EMAIL].sum(axis=1) == 0
    return np.where(alone[:, None], automate_emails(touches, touches[:, DIGITAL]), touches)


def _least_important_first(scores: pd.DataFrame, cell: Ints) -> Ints:
    """Return each account's place in the queue of cuts: lowest priority, then least revenue, then last id."""
    revenue = np.nan_to_num(numbers(scores, "annual_revenue"))
    place = np.empty(len(cell), dtype=np.int64)
    place[np.lexsort((-np.arange(len(cell)), revenue, -cell))] = np.arange(len(cell))
    return place


def _cut_until_it_fits(minutes: Ints, pools: Pools, place: Ints) -> Bools:
    """Return which stage cuts which account, (stages, accounts), no more than each pool's hours ask for."""
    freed = minutes[:-1] - minutes[1:]
    stage, account = np.nonzero(freed)
    pool = pools.of_account[account]
    order = np.lexsort((place[account], stage, pool))
    stage, account, pool = stage[order], account[order], pool[order]
    wanted = np.bincount(pools.of_account, weights=minutes[0], minlength=len(pools.names)).astype(np.int64)
    gained = np.cumsum(freed[stage, account])
    before = np.append(0, gained)[np.searchsorted(pool, np.arange(len(pools.names)))]
    so_far = gained - freed[stage, account] - before[pool]
    needed = so_far < (wanted - pools.minutes)[pool]
    is_cut = np.zeros(freed.shape, dtype=bool)
    is_cut[stage[needed], account[needed]] = True
    return is_cut


def _as_bundles(cadence: Cadence) -> tuple[list[Bundle], Ints, Ints]:
    """Return the distinct bundles of a cadence, nothing first, and each account's, cut and as wanted."""
    n = len(cadence.touches)
    every = np.vstack([np.zeros((1, 5), dtype=np.int64), cadence.touches, cadence.wanted])
    key = every @ (int(every.max()) + 1) ** np.arange(4, -1, -1)  # one number per row sorts faster than five
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    distinct, place = every[first], place.reshape(-1)
    bundles = [
        Bundle(visits + reviews, reviews, calls, emails, digital)
        for visits, reviews, calls, emails, digital in distinct.tolist()
    ]
    return bundles, place[1 : n + 1], place[n + 1 :]


def _solution(pools: Pools, chosen: Ints, wanted: Ints) -> Solution:
    """Return the cadence as a solution: it has no price, and claims no bound."""
    none = np.zeros(len(pools.names))
    return Solution(
        choice=chosen,
        price=none,
        bound=none,
        exact=none.astype(bool),
        wanted=wanted,
        first=chosen,
        first_slope=np.zeros(len(chosen)),
    )
