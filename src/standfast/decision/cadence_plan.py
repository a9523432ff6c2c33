"""The plan that a plain cadence makes: the same columns and figures as the solver's, for comparison (C2)."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.cadence import Cadence, tally_cadence
from standfast.decision.cadence_stages import STAGES
from standfast.decision.calendar_book import days_of
from standfast.decision.columns import Ints, in_order_of_ids, texts
from standfast.decision.fixed_plan import FixedPlan, plan_fixed
from standfast.decision.guards import OPEN, REASONS
from standfast.decision.lines import plan_lines
from standfast.decision.offering import start_dates
from standfast.decision.outreach import Plan, check_placed
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.summary import PlanSummary
from standfast.decision.tally import Tally, summarise
from standfast.decision.words import touch_words

NOT_THEIR_TURN = "the cadence has no personal touch for them in this horizon"
CUT_TO_NONE = "cut for lack of hours"


def plan_cadence(scores: pd.DataFrame, *, policy: PlanPolicy, as_of: Any = None) -> Plan:
    """Return the plan in which each account gets its cell's cadence, cut to the hours in a fixed order.

    Fixed work comes first, as in any plan. Rows in another order give the same plan.

    Examples
    --------
    >>> from standfast.decision.capacity import Capacity
    >>> book = pd.DataFrame({
    ...     "account_id": ["a", "b"], "churn_probability": [0.28, 0.02], "upsell_probability": [0.1, 0.1],
    ...     "annual_revenue": [96_000.0, 4_000.0], "upsell_value": [19_200.0, 800.0],
    ...     "cell": ["high risk, high value", "low risk, low value"]})
    >>> plan = plan_cadence(book, policy=PlanPolicy(capacity=Capacity(hours=14)))
    >>> plan.lines[["account_id", "n_in_person", "n_call", "n_email", "hours"]].values.tolist()
    [['a', 2, 6, 3, 13.5], ['b', 0, 0, 0, 0.0]]
    """
    solved = _solve(scores, policy=policy, as_of=as_of)
    ranked, fixed, tally, horizon_days = solved.ranked, solved.fixed, solved.tally, policy.horizon_days
    sentences = fixed.told(_why(ranked, solved.cadence, tally, horizon_days=horizon_days))
    lines = plan_lines(
        ranked, tally, why=sentences, horizon_days=horizon_days, as_of=as_of, plays=policy.plays
    )
    summary = summarise(
        tally, ranked, economics=policy.economics, response=policy.response, horizon_days=horizon_days
    )
    summary = fixed.added_to(_told(summary, solved.cadence, tally), contacted=tally.contacted)
    return Plan(lines.iloc[np.argsort(solved.order)], summary, fixed.rows(ranked))


def cadence_worth(scores: pd.DataFrame, *, policy: PlanPolicy, as_of: Any = None) -> tuple[float, float]:
    """Return what the plan of ``plan_cadence`` would be worth: expected, conservative."""
    tally = _solve(scores, policy=policy, as_of=as_of).tally
    return float(tally.expected_value.sum()), float(tally.conservative_value.sum())


@dataclass(frozen=True, eq=False)
class _Solved:
    """A cadence in its hours, for the scores in order of their ids, and their order."""

    ranked: pd.DataFrame
    order: Ints
    fixed: FixedPlan
    cadence: Cadence
    tally: Tally


def _solve(scores: pd.DataFrame, *, policy: PlanPolicy, as_of: Any) -> _Solved:
    """Return the cadence of each account in the hours that fixed work leaves."""
    check_placed(scores)
    ranked, order = in_order_of_ids(scores)
    start = start_dates(ranked, as_of=as_of)
    fixed = plan_fixed(ranked, start, policy=policy)
    cadence, tally = tally_cadence(ranked, fixed.pools, policy=policy, first_day=_first_days(start))
    return _Solved(ranked, order, fixed, cadence, tally)


def _first_days(start: pd.Series) -> Ints:
    days = days_of(start)
    return np.where(np.isnat(days), 0, days.astype(np.int64))


def _told(summary: PlanSummary, cadence: Cadence, tally: Tally) -> PlanSummary:
    """Return the figures with what was cut, and with the reasons of a cadence for whom it leaves."""
    is_open = (tally.closed == OPEN) & ~tally.planned
    was_wanted = cadence.wanted[:, :4].sum(axis=1) > 0
    left = {reason: n for reason, n in summary.left.items() if reason in REASONS}
    left[NOT_THEIR_TURN] = int((is_open & ~was_wanted).sum())
    left[CUT_TO_NONE] = int((is_open & was_wanted).sum())
    cuts = tuple(
        f"cut {place}: {stage.words}, {n:,} account{'s' if n > 1 else ''}"
        for place, (stage, n) in enumerate(zip(STAGES, cadence.n_cut, strict=True), start=1)
        if n
    )
    return replace(
        summary,
        by="cadence",
        left={reason: n for reason, n in left.items() if n},
        notes=cuts or ("nothing was cut",),
    )


def _why(scores: pd.DataFrame, cadence: Cadence, tally: Tally, *, horizon_days: int) -> pd.Series:
    """Return one sentence per account: what its cell's cadence asks for, and the last cut that it met."""
    index, bundles = pd.RangeIndex(len(scores)), tally.offers.table.bundles
    words = tuple(touch_words(bundle, with_digital=True) for bundle in bundles)
    asked = texts(words, tally.solution.wanted, index)
    segment = scores["segment"] if "segment" in scores else scores["cell"]
    opening = "the cadence of " + pd.Series(segment.to_numpy(), index=index).astype("str") + " asks for "
    given = opening + asked + f" in {horizon_days} days"
    stages = ("", *(f"; last cut: {stage.words}" for stage in STAGES))
    given = given + texts(stages, cadence.n_stages, index)
    closed = texts(REASONS, tally.closed, index)
    return given.where(tally.closed == OPEN, closed).astype("str")
