"""The part of a plan that comes before outreach: fixed work in its hours, and the hours it leaves."""

from dataclasses import dataclass, replace

import pandas as pd

from standfast.decision.calendar import FixedWork, no_fixed_work, plan_fixed_work, schedule
from standfast.decision.calendar_book import CalendarBook, calendar_book, has_calendar
from standfast.decision.calendar_words import add_fixed_work, calendar_notes
from standfast.decision.capacity import Pools, assign_pools
from standfast.decision.columns import Bools
from standfast.decision.guards import closed_to_outreach
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.summary import PlanSummary

UNDATED = (
    "no fixed work is planned, since the day the plan starts is not known: give it with --as-of, or in a "
    "column observation_date"
)


@dataclass(frozen=True, eq=False)
class FixedPlan:
    """Fixed work, what was known for it, and the pools with what it leaves of them."""

    work: FixedWork
    pools: Pools
    policy: PlanPolicy
    book: CalendarBook | None = None
    is_undated: bool = False

    def told(self, sentences: pd.Series) -> pd.Series:
        """Return each account's sentence with a clause on its fixed work."""
        return add_fixed_work(sentences, self.work)

    def added_to(self, summary: PlanSummary, *, contacted: Bools) -> PlanSummary:
        """Return the plan's figures with those of the fixed work, and its notes.

        ``contacted`` says whom outreach calls or visits.
        """
        if self.is_undated:
            return replace(summary, notes=(*summary.notes, UNDATED))
        if self.book is None:
            return summary
        notes = calendar_notes(
            self.book, self.work, contacted,
            policy=self.policy.calendar, self_service=self.policy.guards.self_service,
        )  # fmt: skip
        return replace(summary, fixed=self.work.uses, notes=(*summary.notes, *notes))

    def rows(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Return the fixed work as rows of the schedule, each with the play of its kind."""
        return schedule(self.work, scores, plays=self.policy.plays, matrix=self.policy.matrix)


def plan_fixed(
    scores: pd.DataFrame,
    start: pd.Series,
    *,
    policy: PlanPolicy,
) -> FixedPlan:
    """Return the fixed work of placed scores; there is none where they hold no date that it is made from.

    Parameters
    ----------
    start
        The day each account's plan starts; empty where it is not known, and there is no fixed work then.
    """
    pools = assign_pools(scores.get("owner"), capacity=policy.capacity, n_accounts=len(scores))
    if not has_calendar(scores):
        return FixedPlan(no_fixed_work(pools), pools, policy)
    if start.isna().all():
        return FixedPlan(no_fixed_work(pools), pools, policy, is_undated=True)
    closed = closed_to_outreach(scores, guards=policy.guards)
    book = calendar_book(
        scores, closed, start,
        horizon_days=policy.horizon_days, matrix=policy.matrix, plays=policy.plays,
    )  # fmt: skip
    work = plan_fixed_work(
        book,
        pools,
        policy=policy.calendar,
        call_minutes=policy.channels.low_value_call.minutes,
        self_service=policy.guards.self_service,
    )
    return FixedPlan(work, pools.after(work.minutes), policy, book)
