"""A past list in hindsight: whom it would have reached within the hours, and what that was worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.columns import Bools, Floats
from standfast.decision.response import Response, shifted, shifts
from standfast.decision.rules import Worklist

TOP_SHARES = (0.1, 0.2, 0.5)
"""Parts of a list from the top that leavers are looked for in."""


@dataclass(frozen=True, eq=False)
class PastDate:
    """The accounts active at one past date, the lists made of them then, and what happened next.

    ``hours`` is what our plan used, and so what every list may use. ``kept`` is V and ``added`` is X of the
    plan; ``churn_rate`` and ``growth_rate`` are the base rates known then.
    """

    date: str
    account_id: pd.Series
    left: Bools
    grew: Bools
    revenue: Floats
    kept: Floats
    added: Floats
    churn_rate: float
    growth_rate: float
    hours: float
    lists: tuple[Worklist, ...]


def list_of(date: PastDate, rule: str) -> Worklist:
    """Return one rule's list of a date."""
    return next(one for one in date.lists if one.rule == rule)


def share_done(worklist: Worklist, *, hours: float) -> Floats:
    """Return the share of each account's touches that the hours allow, taking accounts in the list's order.

    The account at which the hours end gets a part of its touches, so that every list uses the same hours;
    what takes no hours is always done.
    """
    order = np.argsort(worklist.place, kind="stable")
    needed = worklist.touches.hours[order]
    before = np.cumsum(needed) - needed
    fits = np.clip((hours - before) / np.where(needed > 0, needed, 1.0), 0.0, 1.0)
    done = np.empty(len(needed))
    done[order] = np.where(needed > 0, fits, 1.0)
    return done


def reached(worklist: Worklist, *, hours: float) -> Floats:
    """Return the share of each account that a person contacts within the hours."""
    takes_time = worklist.touches.hours > 0
    return share_done(worklist, hours=hours) * worklist.touches.contact * takes_time


def kept_share(rate: float, odds_factor: Floats) -> Floats:
    """Return the share of leavers that touches keep: ``(b - b1) / b``, b1 the base rate b shifted by them.

    Examples
    --------
    >>> kept_share(0.05, np.array([0.8, 1.0])).round(3).tolist()
    [0.192, 0.0]
    """
    return 1 - shifted(np.full(len(odds_factor), rate), odds_factor) / rate if rate > 0 else 0 * odds_factor


def realised_value(past: PastDate, worklist: Worklist, *, response: Response) -> tuple[Floats, Floats]:
    """Return what a list would have been worth account by account, cautiously and at the planning response.

    Cautiously ``save_rate x contact x V`` for an account that left, else 0, less cost; as planned
    ``(b - b1)/b x V`` for one that left and ``(e1 - e)/e x X`` for one that grew, less cost.
    """
    done = share_done(worklist, hours=past.hours)
    churn_shift, growth_shift = shifts(worklist.touches.counts, response=response)
    saved = past.left * past.kept * kept_share(past.churn_rate, churn_shift)
    sold = past.grew * past.added * -kept_share(past.growth_rate, growth_shift)
    takes_time = worklist.touches.hours > 0
    cautious = past.left * past.kept * response.save_rate * worklist.touches.contact * takes_time
    return done * (cautious - worklist.touches.cost), done * (saved + sold - worklist.touches.cost)


def contributions(
    past: PastDate, worklist: Worklist, *, response: Response, first_calls: Sequence[int]
) -> pd.DataFrame:
    """Return what each account adds to every figure of a rule, one row per account."""
    n, left = len(past.left), past.left.astype(np.float64)
    met = reached(worklist, hours=past.hours)
    cautious, planned = realised_value(past, worklist, response=response)
    columns = {
        "left": left,
        "left_revenue": left * past.revenue,
        "reached": met,
        "left_reached": left * met,
        "revenue_reached": left * met * past.revenue,
        "conservative_value": cautious,
        "expected_value": planned,
    }
    for share in TOP_SHARES:
        columns[f"left_in_{share}"] = left * (worklist.place <= max(1.0, share * n))
    for calls in first_calls:
        first = (worklist.place <= calls).astype(np.float64)
        columns |= {f"first_{calls}": first, f"left_in_first_{calls}": left * first}
    return pd.DataFrame(columns, index=past.account_id.to_numpy())
