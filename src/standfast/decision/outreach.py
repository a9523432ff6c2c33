"""The plan: which touches each account gets, so that the team's hours earn most."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.bundles import BUNDLES, Bundle
from standfast.decision.capacity import SHARED_POOL, TEAM, Capacity, Pools, assign_pools
from standfast.decision.columns import Floats, Ints, in_order_of_ids, numbers
from standfast.decision.considered import bundles_considered
from standfast.decision.fixed_plan import FixedPlan, plan_fixed
from standfast.decision.keeping import TOUCH_COUNTS
from standfast.decision.lines import plan_lines, value_per_hour
from standfast.decision.more_hours import one_more_csm
from standfast.decision.offering import offer_bundles, start_dates
from standfast.decision.offers import bundle_cost, bundle_gains, bundle_minutes, keep_bonus
from standfast.decision.plan_input import check_plan_input
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.recent_contact import fixed_contacts
from standfast.decision.remarks import add_remarks
from standfast.decision.reward import Economics, upsell_values
from standfast.decision.solver import solve
from standfast.decision.summary import PlanSummary
from standfast.decision.tally import Tally, summarise, tally_up
from standfast.decision.words import Decision, why
from standfast.errors import InputError
from standfast.schema import SCHEDULE_COLUMNS

__all__ = [
    "Capacity",
    "Plan",
    "PlanSummary",
    "bundles_considered",
    "check_plan_input",
    "outreach_figures",
    "plan_outreach",
    "solve_outreach",
]


@dataclass(frozen=True, eq=False)
class Plan:
    """The lines, one per account scored, and what they amount to.

    The lines are outreach; ``fixed`` is the work that comes before it, one row per touch. ``wait_days`` are
    the days until the next contact with each account may come; empty where none has to wait.
    """

    lines: pd.DataFrame
    summary: PlanSummary
    fixed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SCHEDULE_COLUMNS)))
    wait_days: pd.Series = field(default_factory=lambda: pd.Series(dtype="int64"))

    def cut_off_of(self, account_id: str) -> float:
        """Return what an hour must earn to be planned for this account: the worth of its pool's next hour."""
        cut_offs = {use.owner: use.lambda_ for use in self.summary.by_owner}
        owner = self.lines.loc[self.lines["account_id"].astype(str) == str(account_id), "owner"]
        if owner.empty:
            raise InputError(f"account {account_id!r} is not among the {len(self.lines):,} accounts planned")
        return cut_offs.get(owner.iloc[0], cut_offs.get(SHARED_POOL, cut_offs.get(TEAM, 0.0)))


def plan_outreach(
    scores: pd.DataFrame,
    *,
    policy: PlanPolicy,
    as_of: Any = None,
    last_plan: pd.DataFrame | None = None,
    made: pd.DataFrame | None = None,
    bundles: Sequence[Bundle] = BUNDLES,
    threads: int = 2,
) -> Plan:
    """Return the plan for placed scores: a line per account in the input's order, and the summary.

    An empty probability counts as zero, and the notes say so. Rows in another order give the same plan: ties
    are broken by ``account_id``.

    Parameters
    ----------
    as_of
        The day the plan starts (a date, timestamp or ISO text); each account's ``observation_date`` if None.
    last_plan
        The lines of the plan before this one; touches an account had there count for more, by ``keep_bonus``.
    made
        Touches already made (account_id, day, channel); they count against contact caps and cooldowns.
    bundles
        The touches to choose from; the first must be 'do nothing'.

    Raises
    ------
    InputError
        The scores are not placed in the matrix, or do not pass ``check_plan_input``.

    Examples
    --------
    >>> book = pd.DataFrame({
    ...     "account_id": ["a", "b"], "churn_probability": [0.28, 0.02], "upsell_probability": [0.1, 0.1],
    ...     "annual_revenue": [96_000.0, 4_000.0], "upsell_value": [19_200.0, 800.0],
    ...     "cell": ["high risk, high value", "low risk, low value"]})
    >>> plan = plan_outreach(book, policy=PlanPolicy(capacity=Capacity(hours=4)))
    >>> plan.lines[["account_id", "n_in_person", "n_call", "n_email", "hours"]].values.tolist()
    [['a', 1, 1, 0, 4.0], ['b', 0, 0, 0, 0.0]]
    """
    solved = _solve_book(
        scores, policy=policy, as_of=as_of, last_plan=last_plan, made=made, bundles=bundles, threads=threads
    )
    ranked, order, start, fixed, tally = solved.ranked, solved.order, solved.start, solved.fixed, solved.tally
    economics, horizon_days = policy.economics, policy.horizon_days
    sentences = why(_decision(ranked, tally, economics=economics), bundles=tally.offers.table.bundles)
    sentences = fixed.told(add_remarks(sentences, tally, start=start))
    lines = plan_lines(
        ranked, tally, why=sentences, horizon_days=horizon_days, as_of=as_of, plays=policy.plays
    )
    summary = summarise(
        tally, ranked, economics=economics, response=policy.response, horizon_days=horizon_days
    )
    more = one_more_csm(tally, capacity=policy.capacity, horizon_days=horizon_days, threads=threads)
    summary = fixed.added_to(replace(summary, one_more_csm=more), contacted=tally.contacted)
    back = np.argsort(order)
    wait_days = pd.Series(tally.wait_days[back], index=lines.index[back])
    return Plan(lines.iloc[back], summary, solved.fixed_rows, wait_days)


def outreach_figures(
    scores: pd.DataFrame,
    *,
    policy: PlanPolicy,
    as_of: Any = None,
    last_plan: pd.DataFrame | None = None,
    made: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the figures of the plan that ``plan_outreach`` would make, a row per account, without words.

    They are the touches, ``hours``, ``expected_value``, ``conservative_value``, ``value_per_hour``, and
    ``cut_off``, what an hour must earn in the account's pool.
    """
    solved = _solve_book(scores, policy=policy, as_of=as_of, last_plan=last_plan, made=made)
    tally, hours = solved.tally, solved.tally.minutes / 60
    figures = pd.DataFrame(tally.counts, columns=TOUCH_COUNTS).assign(
        hours=hours,
        expected_value=tally.expected_value,
        conservative_value=tally.conservative_value,
        value_per_hour=value_per_hour(tally.expected_value, hours),
        cut_off=tally.solution.price[tally.pools.of_account] * 60,
    )
    return figures.iloc[np.argsort(solved.order)].set_axis(scores.index)


@dataclass(frozen=True, eq=False)
class _Solved:
    """A book in order of its ids, and what is planned for it in figures."""

    ranked: pd.DataFrame
    order: Ints
    start: pd.Series
    fixed: FixedPlan
    fixed_rows: pd.DataFrame
    tally: Tally


def _solve_book(
    scores: pd.DataFrame,
    *,
    policy: PlanPolicy,
    as_of: Any,
    last_plan: pd.DataFrame | None,
    made: pd.DataFrame | None,
    bundles: Sequence[Bundle] = BUNDLES,
    threads: int = 2,
) -> _Solved:
    """Return fixed work first, then outreach in the hours that it leaves."""
    check_placed(scores)
    ranked, order = in_order_of_ids(scores)
    start = start_dates(ranked, as_of=as_of)
    fixed = plan_fixed(ranked, start, policy=policy)
    fixed_rows = fixed.rows(ranked)
    tally = solve_outreach(
        ranked,
        policy=policy,
        as_of=as_of,
        last_plan=last_plan,
        made=made,
        bundles=bundles,
        pools=fixed.pools,
        n_fixed=fixed_contacts(fixed_rows, ranked["account_id"], response=policy.response),
        threads=threads,
    )
    return _Solved(ranked, order, start, fixed, fixed_rows, tally)


def check_placed(scores: pd.DataFrame) -> None:
    """Raise unless a plan can be made of the scores, and they are placed in the matrix."""
    check_plan_input(scores)
    if "cell" not in scores:
        raise InputError("the scores have no column 'cell'; place them in the matrix before planning")


def solve_outreach(
    scores: pd.DataFrame,
    *,
    policy: PlanPolicy,
    as_of: Any = None,
    last_plan: pd.DataFrame | None = None,
    made: pd.DataFrame | None = None,
    bundles: Sequence[Bundle] = BUNDLES,
    pools: Pools | None = None,
    n_fixed: Ints | None = None,
    threads: int = 2,
) -> Tally:
    """Return the plan in figures, row by row: what each account gets, and what that takes and earns.

    Where two steps are worth the same the earlier row goes first, so rows should come in order of their ids.

    Parameters
    ----------
    pools
        The hours that fixed work leaves; all hours by default.
    n_fixed
        Contacts that fixed work makes with each account; they count against its contact cap.
    """
    offering = offer_bundles(
        scores, policy=policy, bundles=bundles, as_of=as_of, last_plan=last_plan, made=made, n_fixed=n_fixed
    )
    if pools is None:
        pools = assign_pools(scores.get("owner"), capacity=policy.capacity, n_accounts=len(scores))
    solution = solve(offering.offers, pools, threads=threads)
    return tally_up(offering.offers, pools, solution, offering.closed, response=policy.response)


def _decision(scores: pd.DataFrame, tally: Tally, *, economics: Economics) -> Decision:
    """Return what the sentences are made of."""
    solution = tally.solution
    return Decision(
        closed=tally.closed,
        choice=solution.choice,
        first=solution.first,
        value_per_hour=value_per_hour(tally.expected_value, tally.minutes / 60),
        first_per_hour=_first_per_hour(tally),
        cut_off=solution.price[tally.pools.of_account] * 60,
        kept=tally.kept,
        list_full=tally.list_full,
        grows=tally.earned.expand > tally.earned.save,
        churn_probability=numbers(scores, "churn_probability"),
        upsell_probability=numbers(scores, "upsell_probability"),
        annual_revenue=numbers(scores, "annual_revenue"),
        upsell_value=upsell_values(scores, economics=economics),
    )


def _first_per_hour(tally: Tally) -> Floats:
    """Return what an hour of the touches most worth their time earns, without the bonus for keeping them."""
    offers, solution = tally.offers, tally.solution
    if offers.last is None:
        return solution.first_slope * 60
    earned, minutes = bundle_gains(offers, solution.first), bundle_minutes(offers, solution.first)
    value = earned.save + earned.expand - bundle_cost(offers, solution.first)
    bonus = keep_bonus(offers, value, np.arange(len(offers)), solution.first)
    return (solution.first_slope - bonus / np.maximum(minutes, 1)) * 60
