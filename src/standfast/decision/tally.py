"""Count up a solved plan: what each account earns and costs, and the figures of the whole."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.capacity import Pools
from standfast.decision.columns import Bools, Floats, Ints, numbers
from standfast.decision.guards import OPEN, REASONS
from standfast.decision.notes import CostToServe, plan_notes
from standfast.decision.offers import Offers, bundle_cost, bundle_gains, bundle_minutes, keep_bonus
from standfast.decision.response import Gains, Response
from standfast.decision.reward import Economics
from standfast.decision.solver import Solution
from standfast.decision.summary import Cut, PlanSummary, PoolUse, Sensitivity

NOTHING_PAYS = "no personal touch is worth its cost"
LIST_FULL = "the owner's list of accounts is full"
BELOW_CUT_OFF = "below the cut-off, or no hours left"


@dataclass(frozen=True, eq=False)
class Tally:
    """A solved plan with what each account's bundle takes, earns and costs."""

    offers: Offers
    pools: Pools
    solution: Solution
    closed: Ints
    minutes: Ints
    cost: Floats
    earned: Gains
    expected_value: Floats
    conservative_value: Floats

    @property
    def planned(self) -> Bools:
        """Whether the account gets hours."""
        return self.minutes > 0

    @property
    def contacted(self) -> Bools:
        """Whether outreach calls or visits the account."""
        return np.asarray(self.counts[:, :2].sum(axis=1) > 0)

    @property
    def touched(self) -> Bools:
        """Whether the account gets any touch, automated ones included."""
        return np.asarray(self.counts.sum(axis=1) > 0)

    @property
    def wait_days(self) -> Ints:
        """Days from the plan's start until the account may be contacted again."""
        limits = self.offers.limits
        if limits is None or limits.contact is None:
            return np.zeros(len(self.minutes), dtype=np.int64)
        return limits.contact.wait_days

    @property
    def list_full(self) -> Bools:
        """Whether the account would get time if its owner's list were longer: there are hours for it."""
        pools = self.pools
        if pools.most_accounts is None:
            return np.zeros(len(self.minutes), dtype=bool)
        n_planned = np.bincount(pools.of_account, weights=self.planned, minlength=len(pools.names))
        is_full = (n_planned >= pools.most_accounts)[pools.of_account]
        pays = self.solution.first_slope > self.solution.price[pools.of_account]
        return np.asarray((self.closed == OPEN) & ~self.planned & is_full & pays)

    @property
    def kept(self) -> Bools:
        """Whether the account gets a person's time, with the same touches as in the last plan."""
        if self.offers.last is None:
            return np.zeros(len(self.minutes), dtype=bool)
        return np.asarray(self.planned & (self.offers.last == self.solution.choice))

    @property
    def counted(self) -> Floats:
        """What the solver counted: the expected value, and the bonus for touches kept."""
        everyone = np.arange(len(self.minutes))
        return self.expected_value + keep_bonus(
            self.offers, self.expected_value, everyone, self.solution.choice
        )

    @property
    def email_only(self) -> Bools:
        """Whether the account gets e-mail and neither call nor visit; C3 says never."""
        in_person, call, email, _ = self.counts.T
        return np.asarray((email > 0) & (in_person + call == 0))

    @property
    def counts(self) -> Ints:
        """Touches of each account: in person, call, e-mail, digital."""
        return np.array([bundle.counts for bundle in self.offers.table.bundles])[self.solution.choice]


def tally_up(offers: Offers, pools: Pools, solution: Solution, closed: Ints, *, response: Response) -> Tally:
    """Return what the chosen bundles take, earn and cost.

    Conservatively, hours keep ``save_rate`` of leaving accounts and sell nothing, and automated
    messages alone change nothing. Where effects were learned and keep less, that counts.
    """
    minutes, cost = bundle_minutes(offers, solution.choice), bundle_cost(offers, solution.choice)
    earned = bundle_gains(offers, solution.choice)
    saved = _cautiously_saved(offers, earned, save_rate=response.save_rate)
    saved = np.where(minutes > 0, saved, 0.0)
    return Tally(
        offers,
        pools,
        solution,
        closed,
        minutes,
        cost,
        earned,
        earned.save + earned.expand - cost,
        saved - cost,
    )


def _cautiously_saved(offers: Offers, earned: Gains, *, save_rate: float) -> Floats:
    """Return the margin that a low save rate keeps, and no more than what was learned says."""
    assumed = save_rate * offers.p * offers.kept
    return assumed if offers.effects is None else np.minimum(assumed, earned.save)


def summarise(
    tally: Tally, scores: pd.DataFrame, *, economics: Economics, response: Response, horizon_days: int
) -> PlanSummary:
    """Return the plan's figures."""
    by_owner = _pool_uses(tally)
    costs = CostToServe(tally.cost, economics.most_cost_to_serve, horizon_days)
    planned = tally.planned
    bound = float(tally.solution.bound.sum())
    ahead = sum(use.gap * use.bound for use in by_owner)
    return PlanSummary(
        horizon_days=horizon_days,
        n_accounts=len(planned),
        n_planned=int(planned.sum()),
        n_digital_only=int((tally.touched & ~planned).sum()),
        n_email_only=int(tally.email_only.sum()),
        hours_capacity=float((tally.pools.minutes + tally.pools.fixed_minutes).sum()) / 60,
        hours_fixed=float(tally.pools.fixed_minutes.sum()) / 60,
        hours_used=float(tally.minutes.sum()) / 60,
        lambda_=max((use.lambda_ for use in by_owner), default=0.0),
        gap=ahead / bound if bound > 0 else 0.0,
        expected_value=float(tally.expected_value.sum()),
        digital_value=float(tally.expected_value[~planned].sum()),
        conservative_value=float(tally.conservative_value.sum()),
        save_rate=response.save_rate,
        cost=float(tally.cost.sum()),
        revenue_reached=float(np.nan_to_num(numbers(scores, "annual_revenue"))[planned].sum()),
        left=_left(tally),
        by_owner=by_owner,
        cut=_cuts(tally),
        sensitivity=_sensitivity(tally),
        notes=plan_notes(scores, tally.pools, tally.minutes, costs=costs),
    )


def _pool_uses(tally: Tally) -> tuple[PoolUse, ...]:
    """Return each pool's hours and value; a pool without hours and without accounts is left out."""
    pools, solution = tally.pools, tally.solution
    n_accounts, n_planned, used, expected, counted, conservative = (
        np.bincount(pools.of_account, weights=part, minlength=len(pools.names))
        for part in (
            np.ones(len(tally.minutes)), tally.planned, tally.minutes,
            tally.expected_value, tally.counted, tally.conservative_value,
        )
    )  # fmt: skip
    gap = np.where(solution.exact | (solution.bound <= 0), 0.0, 1 - counted / _or_one(solution.bound))
    return tuple(
        PoolUse(
            owner=name,
            capacity=float(pools.minutes[pool] + pools.fixed_minutes[pool]) / 60,
            fixed=float(pools.fixed_minutes[pool]) / 60,
            used=float(used[pool]) / 60,
            lambda_=float(solution.price[pool]) * 60,
            n_accounts=int(n_accounts[pool]),
            n_planned=int(n_planned[pool]),
            expected_value=float(expected[pool]),
            conservative_value=float(conservative[pool]),
            bound=float(solution.bound[pool]),
            gap=max(0.0, float(gap[pool])),
            is_exact=bool(solution.exact[pool]),
        )
        for pool, name in enumerate(pools.names)
        if n_accounts[pool] or pools.minutes[pool] + pools.fixed_minutes[pool]
    )


def _left(tally: Tally) -> dict[str, int]:
    """Count the accounts without hours by reason, leaving out reasons that nobody has."""
    still_open = (tally.closed == OPEN) & ~tally.planned & ~tally.list_full
    pays = tally.solution.first_slope > 0
    counted = {reason: int((tally.closed == place).sum()) for place, reason in enumerate(REASONS)}
    counted[NOTHING_PAYS] = int((still_open & ~pays).sum())
    counted[LIST_FULL] = int(tally.list_full.sum())
    counted[BELOW_CUT_OFF] = int((still_open & pays).sum())
    return {reason: n for reason, n in counted.items() if n}


def _cuts(tally: Tally) -> tuple[Cut, ...]:
    """Return per segment what a plan without a limit would take, and what this one takes."""
    wanted = bundle_minutes(tally.offers, tally.solution.wanted)
    return tuple(
        Cut(
            segment=segment,
            n_wanted=int((wanted[members] > 0).sum()),
            n_planned=int(tally.planned[members].sum()),
            hours_wanted=float(wanted[members].sum()) / 60,
            hours_planned=float(tally.minutes[members].sum()) / 60,
        )
        for place, segment in enumerate(tally.offers.table.matrix.segments)
        if len(members := np.flatnonzero(tally.offers.cell == place))
    )


def _sensitivity(tally: Tally) -> Sensitivity:
    """Return what the same plan earns under half and twice the response, and the save rate that pays it."""
    at_stake = float((tally.offers.p * tally.offers.kept)[tally.planned].sum())
    cost = float(tally.cost[tally.planned].sum())
    return Sensitivity(
        value_at_half_response=_value_at(tally, 0.5),
        value_at_twice_response=_value_at(tally, 2.0),
        break_even_save_rate=cost / at_stake if cost > 0 and at_stake > 0 else None,
    )


def _value_at(tally: Tally, strength: float) -> float:
    earned = bundle_gains(tally.offers, tally.solution.choice, strength=strength)
    return float((earned.save + earned.expand - tally.cost).sum())


def _or_one(values: Floats) -> Floats:
    return np.where(values > 0, values, 1.0)
