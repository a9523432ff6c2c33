"""What a reader of the plan should know beside its figures."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.capacity import SHARED_POOL, Pools
from standfast.decision.columns import Bools, Floats, Ints, numbers
from standfast.decision.reward import DAYS_PER_YEAR

_N_NAMED = 3


@dataclass(frozen=True, eq=False)
class CostToServe:
    """What each account's touches cost in the horizon, and the share of its revenue they may cost."""

    cost: Floats
    most: float
    horizon_days: int


def plan_notes(scores: pd.DataFrame, pools: Pools, minutes: Ints, *, costs: CostToServe) -> tuple[str, ...]:
    """Return plain sentences on what was missing and on what was done about it."""
    found = (
        _taken_as_zero(scores, "churn"),
        _taken_as_zero(scores, "upsell"),
        _without_revenue(scores),
        _without_pool(pools, minutes),
        _without_accounts(pools),
        _hours_to_spare(pools, minutes),
        _dear_to_serve(scores, costs),
    )
    return tuple(note for note in found if note)


def _taken_as_zero(scores: pd.DataFrame, outcome: str) -> str:
    empty = np.isnan(numbers(scores, f"{outcome}_probability"))
    if empty.all():
        return f"no {outcome} model: {outcome}_probability is empty throughout and is taken as zero"
    return f"{_accounts(empty)} no {outcome}_probability; it is taken as zero" if empty.any() else ""


def _without_revenue(scores: pd.DataFrame) -> str:
    empty = np.isnan(numbers(scores, "annual_revenue"))
    return f"{_accounts(empty)} no annual_revenue, so no hours are planned there" if empty.any() else ""


def _without_pool(pools: Pools, minutes: Ints) -> str:
    """Say so where accounts fall to a shared pool that holds nothing, and who could take them."""
    if SHARED_POOL not in pools.names or pools.minutes[-1] > 0:
        return ""
    outside = pools.of_account == len(pools.names) - 1
    if not outside.any():
        return ""
    return (
        f"{_accounts(outside)} no owner with hours, and the shared pool is empty; "
        f"{_could_take(pools, minutes)}"
    )


def _could_take(pools: Pools, minutes: Ints) -> str:
    """Name the owners with most hours to spare."""
    taken = np.bincount(pools.of_account, weights=minutes, minlength=len(pools.names))
    spare = (pools.minutes - taken) / 60
    order = np.argsort(-spare, kind="stable")
    named = [f"{pools.names[place]} ({spare[place]:,.0f} h)" for place in order if spare[place] >= 1]
    if not named:
        return "no owner has an hour to spare for them: give [capacity] hours beyond the owners' own"
    more = f" and {len(named) - _N_NAMED:,} more" if len(named) > _N_NAMED else ""
    return f"owners with hours to spare: {', '.join(named[:_N_NAMED])}{more}; give them the accounts"


def _without_accounts(pools: Pools) -> str:
    """Say so where no account may use some hours."""
    hours = int(pools.minutes[~_has_accounts(pools)].sum()) / 60
    if hours < 1:
        return ""
    return f"{hours:,.0f} hours stay free: they belong to owners, or a shared pool, without accounts"


def _has_accounts(pools: Pools) -> Bools:
    return np.asarray(np.bincount(pools.of_account, minlength=len(pools.names)) > 0)


def _hours_to_spare(pools: Pools, minutes: Ints) -> str:
    """Say so where hours are left over beside accounts that could have had them."""
    usable = int(pools.minutes[_has_accounts(pools)].sum())
    spare = (usable - int(minutes.sum())) / 60
    if spare < 1 or spare * 60 < 0.05 * usable:
        return ""
    return f"{spare:,.0f} hours stay free: no further touch that is allowed is worth its cost"


def _dear_to_serve(scores: pd.DataFrame, costs: CostToServe) -> str:
    """Warn where touches cost a large part of what accounts pay in the horizon, the dearest first."""
    paid = np.nan_to_num(numbers(scores, "annual_revenue")) * costs.horizon_days / DAYS_PER_YEAR
    beyond = costs.cost - costs.most * paid
    dear = beyond > 0
    if not dear.any():
        return ""
    n = int(dear.sum())
    ids = scores["account_id"].astype(str).to_numpy()
    worst = ", ".join(ids[np.argsort(-beyond, kind="stable")[: min(n, _N_NAMED)]])
    share, total = f"{100 * costs.most:g} %", f"{costs.cost[dear].sum():,.0f}"
    some = "1 account" if n == 1 else f"{n:,} accounts"
    return (
        f"cost to serve: the touches of {some} cost more than {share} of what "
        f"{'it pays' if n == 1 else 'they pay'} in {costs.horizon_days} days, {total} in all ({worst}); they "
        "are planned because they are worth more than that at the planning response"
    )


def _accounts(where: np.ndarray) -> str:
    n = int(where.sum())
    return f"{n:,} account{'s have' if n != 1 else ' has'}"
