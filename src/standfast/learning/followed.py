"""Whether a plan was followed: touches made of those planned, by owner; no record is not "none made"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.learning.check import Check
from standfast.learning.monitor_policy import MonitorPolicy


@dataclass(frozen=True, eq=False)
class Followed:
    """A plan against what was recorded.

    Parameters
    ----------
    by_owner
        owner, planned (touches due so far), made, made_off_plan, is_recorded.
    """

    plan_day: str
    share_elapsed: float
    by_owner: pd.DataFrame


def follow_plan(lines: pd.DataFrame, made: pd.DataFrame, *, plan_day: str, share_elapsed: float) -> Followed:
    """Give what was made of a plan, by owner.

    Parameters
    ----------
    lines
        account_id, owner and ``planned`` (touches of people in the whole horizon).
    made
        account_id and ``made`` (touches recorded since the plan's day); accounts without a line are off plan.
    """
    counted = made.groupby("account_id")["made"].sum()
    both = lines.assign(
        owner=lines["owner"].fillna("nobody").astype(str),
        due=lines["planned"] * share_elapsed,
        done=lines["account_id"].map(counted).fillna(0.0).to_numpy(dtype=np.float64),
    )
    both = both.assign(
        made=np.minimum(both["done"], both["planned"]),
        made_off_plan=np.maximum(both["done"] - both["planned"], 0.0),
    )
    table = both.groupby("owner", sort=True)[["due", "done", "made", "made_off_plan"]].sum().reset_index()
    table = table.rename(columns={"due": "planned"})
    return Followed(plan_day, share_elapsed, table.assign(is_recorded=table.pop("done") > 0))


def judge_followed(told: Followed, *, policy: MonitorPolicy) -> Check:
    """Say how much of a plan was made, among those who recorded anything."""
    table = told.by_owner[told.by_owner["planned"] > 0]
    known, silent = table[table["is_recorded"]], table[~table["is_recorded"]]
    where = f"plan of {told.plan_day}"
    untold = ""
    if len(silent):
        untold = f"; nothing is recorded by {_names(list(silent['owner']))}, which is not read as not done"
    if known.empty:
        return Check(
            kind="plan", about="followed", step="nothing", is_judged=False,
            sentence=f"{where}: nobody recorded a touch, so whether it was followed is not known{untold}",
        )  # fmt: skip
    planned, made = float(known["planned"].sum()), float(known["made"].sum())
    share = made / planned
    is_low = share < policy.followed
    return Check(
        kind="plan", about="followed", step="watch" if is_low else "nothing", value=share,
        threshold=policy.followed,
        sentence=f"{where}: {made:,.0f} of {planned:,.0f} touches due were made ({share:.0%}), "
        f"{known['made_off_plan'].sum():,.0f} more than planned{untold}",
    )  # fmt: skip


def judge_hours(hours: float, capacity: float, *, n_silent: int, plan_day: str) -> Check:
    """Say how many hours the touches took against those there were."""
    share = hours / capacity if capacity > 0 else float("nan")
    is_over = share > 1.1
    least = " at least, since some record nothing" if n_silent else ""
    return Check(
        kind="hours", about="capacity", step="watch" if is_over else "nothing", value=share, threshold=1.1,
        sentence=f"hours since {plan_day}: the touches recorded took {hours:,.0f}{least}, "
        f"of {capacity:,.0f} there were"
        + (f" ({share:.0%})" if capacity > 0 else "")
        + (": more than planned with; raise [capacity] or plan less" if is_over else ""),
    )  # fmt: skip


def _names(names: Sequence[str]) -> str:
    told = ", ".join(names[:5])
    return f"{told} and {len(names) - 5} more" if len(names) > 5 else told
