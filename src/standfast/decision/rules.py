"""The lists people work by: ours and the rules it is measured against, each with its default intensity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.bundles import Channels
from standfast.decision.columns import Floats, Ints, codes_of, numbers
from standfast.decision.default_touches import (
    LIST_TOUCHES,
    TIER_TOUCHES,
    Touches,
    YearlyTouches,
    cell_touches,
    touches_in_horizon,
)
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.tally import Tally
from standfast.decision.tiers import TierPolicy, value_cutoffs

PLAN = "plan"
RULES: Mapping[str, str] = {
    PLAN: "the plan",
    "revenue_x_risk": "revenue x risk",
    "churn_score": "churn score alone",
    "spend_tiers": "spend tiers",
    "spend_tiers_scaled": "thinned spend tiers",
    "abcd": "ABCD lists",
    "recency": "longest silent",
}
"""Every rule and what people call it; ours first."""


@dataclass(frozen=True, eq=False)
class Worklist:
    """One rule's list of a date: each account's place in it, 1 first, and what it gets in its turn."""

    rule: str
    place: Ints
    touches: Touches


def plan_list(scores: pd.DataFrame, tally: Tally) -> Worklist:
    """Return our list: accounts with hours first, each group by what the first minutes there would earn.

    Where nothing pays, the value at stake (p x V) orders what is left.
    """
    stake = tally.offers.p * tally.offers.kept
    keys = (tally.planned.astype(np.float64), tally.solution.first_slope, stake)
    touches = Touches(tally.counts.astype(np.float64), tally.minutes / 60, tally.cost)
    return Worklist(PLAN, places(scores["account_id"], *keys), touches)


def rule_lists(
    scores: pd.DataFrame,
    *,
    silent_days: Floats | None,
    hours: float,
    tiers: TierPolicy,
    channels: Channels,
    hourly_cost: float,
    horizon_days: int,
    matrix: Matrix = MATRIX,
) -> list[Worklist]:
    """Return the list of each rule people use, for placed scores.

    Rules that look at risk give each cell its default touches; the others look at spend, and give each spend
    tier, or list, its own. Spend tiers come twice: from the top until the hours are used, and with every
    account thinned out alike so that all accounts get their part (C2). What a rule cannot know of an account
    comes last, but for recency: who was never seen has been silent longest.

    Parameters
    ----------
    silent_days
        Days since each account was last seen, NaN where it never was; None leaves recency out.
    """
    revenue, p = numbers(scores, "annual_revenue"), numbers(scores, "churn_probability")
    top, middle = tiers.top_share, tiers.top_share + tiers.middle_share

    def touches(yearly: Sequence[YearlyTouches], place: Ints) -> Touches:
        table = touches_in_horizon(
            yearly, channels=channels, hourly_cost=hourly_cost, horizon_days=horizon_days
        )
        return Touches(table.counts[place], table.hours[place], table.cost[place])

    by_cell = touches(cell_touches(matrix), _known_cell(scores, matrix))
    by_tier = touches(list(TIER_TOUCHES.values()), spend_codes(revenue, ends=[top, middle]))
    by_list = touches(
        list(LIST_TOUCHES.values()), spend_codes(revenue, ends=[top, (top + middle) / 2, middle])
    )
    ids = scores["account_id"]
    lists = [
        Worklist("revenue_x_risk", places(ids, p * revenue), by_cell),
        Worklist("churn_score", places(ids, p), by_cell),
        Worklist("spend_tiers", places(ids, revenue), by_tier),
        Worklist("spend_tiers_scaled", places(ids, revenue), by_tier.scaled_to(hours)),
        Worklist("abcd", places(ids, revenue), by_list),
    ]
    if silent_days is None:
        return lists
    never = np.where(np.isnan(silent_days), np.inf, silent_days)
    return [*lists, Worklist("recency", places(ids, never), by_tier)]


def places(account_id: pd.Series, *keys: Floats) -> Ints:
    """Return each account's place in a list that falls by the keys, 1 first; unknown last, ties by id.

    Examples
    --------
    >>> places(pd.Series(["b", "a", "c"]), np.array([5.0, 5.0, np.nan])).tolist()
    [2, 1, 3]
    """
    ids, _ = pd.factorize(account_id.astype(str), sort=True)
    falling = [-np.where(np.isnan(key), -np.inf, key) for key in keys]
    place = np.empty(len(ids), dtype=np.int64)
    place[np.lexsort((ids, *reversed(falling)))] = np.arange(1, len(ids) + 1)
    return place


def spend_codes(revenue: Floats, *, ends: Sequence[float]) -> Ints:
    """Return each account's tier by spend, 0 the top; ties share the better tier, unknown spend is lowest.

    Parameters
    ----------
    ends
        Share of the accounts at which each tier but the last ends, such as 0.1 and 0.5 for 10/40/50 (T2).

    Examples
    --------
    >>> spend_codes(np.array([9.0, 7.0, 5.0, 3.0, 1.0, np.nan]), ends=[0.2, 0.6]).tolist()
    [0, 1, 1, 2, 2, 2]
    """
    policies = [TierPolicy(top_share=end, middle_share=0.0) for end in ends]
    reached = [revenue >= value_cutoffs(revenue, policy=policy).high for policy in policies]
    return np.select(reached, list(range(len(ends))), len(ends)).astype(np.int64)


def _known_cell(scores: pd.DataFrame, matrix: Matrix) -> Ints:
    """Return each account's cell; one that has none gets what the last cell gets."""
    cell = codes_of(scores, "cell", matrix.cell_names)
    return np.where(cell < 0, len(matrix.cells) - 1, cell)
