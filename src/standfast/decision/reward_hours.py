"""Reward plays in the hours that fixed work and outreach leave (C8)."""

from collections.abc import Hashable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from standfast.decision.capacity import SHARED_POOL, TEAM
from standfast.decision.columns import Bools
from standfast.decision.fixed_use import FixedUse
from standfast.decision.outreach import Plan
from standfast.decision.summary import PlanSummary, PoolUse


def add_rewards(plan: Plan, rewards: pd.DataFrame) -> Plan:
    """Return the plan with the reward plays that fit the hours left; they never take hours from other work.

    Parameters
    ----------
    rewards
        Rows of the schedule, those that matter most first, as ``assign_reward_plays`` gives them.
    """
    if rewards.empty:
        return plan
    pool = _pools(rewards, {use.owner for use in plan.summary.by_owner})
    left = pool.map({use.owner: use.left * 60 for use in plan.summary.by_owner}).fillna(0.0)
    minutes = rewards["minutes"].astype("float64")
    fits = (minutes.groupby(pool).cumsum() <= left + 1e-6).to_numpy()
    kept = rewards[fits]
    fixed = kept if plan.fixed.empty else pd.concat([plan.fixed, kept], ignore_index=True)
    taken = (minutes[fits].groupby(pool[fits]).sum() / 60).to_dict()
    return replace(plan, fixed=fixed.reset_index(drop=True), summary=_summary(plan, rewards, fits, taken))


def _summary(plan: Plan, rewards: pd.DataFrame, fits: Bools, taken: Mapping[Hashable, float]) -> PlanSummary:
    told, hours = plan.summary, rewards["minutes"].to_numpy(dtype=np.float64) / 60
    use = FixedUse(
        kind="reward",
        n_accounts=int(rewards.loc[fits, "account_id"].nunique()),
        n_touches=int(fits.sum()),
        hours=float(hours[fits].sum()),
        n_cut=int((~fits).sum()),
        hours_cut=float(hours[~fits].sum()),
    )
    return replace(
        told,
        fixed=(*told.fixed, use),
        hours_fixed=told.hours_fixed + use.hours,
        by_owner=tuple(_with(one, taken.get(one.owner, 0.0)) for one in told.by_owner),
    )


def _with(use: PoolUse, hours: float) -> PoolUse:
    return replace(use, fixed=use.fixed + hours)


def _pools(rewards: pd.DataFrame, names: set[str]) -> pd.Series:
    """Return whose hours each reward takes: the owner's, else those of the shared pool or the team."""
    shared = SHARED_POOL if SHARED_POOL in names else TEAM
    owner = rewards["owner"].astype("str")
    return owner.where(owner.isin(names), shared)
