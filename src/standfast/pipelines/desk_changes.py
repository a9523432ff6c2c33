"""What changed since the plan before: who moved to another cell, came or went; the plan then and now."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from standfast.pipelines.desk import Desk
from standfast.schema import ACCOUNT_ID

MOST = 12


@dataclass(frozen=True, eq=False)
class Changes:
    """What is other than when the plan before was made.

    Parameters
    ----------
    since
        The day of the plan before; None where this is the first.
    moved
        Accounts that stand in another cell now: what pays most first.
    """

    since: date | None
    moved: pd.DataFrame
    n_moved: int = 0
    n_up: int = 0
    n_come: int = 0
    n_gone: int = 0
    n_planned: tuple[int, int] = (0, 0)
    hours: tuple[float, float] = (0.0, 0.0)
    value: tuple[float, float] = (0.0, 0.0)


def changes_of(desk: Desk, *, most: int = MOST) -> Changes:
    """Give what changed between the plan before the desk's and the desk's own."""
    before = desk.book.given.past.last_plan
    if before is None or desk.plan is None or before.empty:
        return Changes(None, pd.DataFrame())
    now = desk.accounts
    then = before.assign(**{ACCOUNT_ID: before[ACCOUNT_ID].astype("str")})
    both = now.merge(then[[ACCOUNT_ID, "cell", "segment"]], on=ACCOUNT_ID, suffixes=("", "_then"))
    moved = both[both["cell"].notna() & both["cell_then"].notna() & (both["cell"] != both["cell_then"])]
    priority = {cell.name: cell.priority for cell in desk.settings.built_matrix.cells}
    ahead = moved["priority"].astype("float64") < moved["cell_then"].map(priority).astype("float64")
    ordered = moved.assign(is_up=ahead).sort_values(
        ["annual_revenue", ACCOUNT_ID], ascending=[False, True], kind="stable"
    )
    lines = desk.plan.lines
    return Changes(
        since=pd.Timestamp(before["as_of"].iloc[0]).date(),
        moved=ordered.head(most).reset_index(drop=True),
        n_moved=len(moved),
        n_up=int(ahead.sum()),
        n_come=int((~now[ACCOUNT_ID].isin(then[ACCOUNT_ID])).sum()),
        n_gone=int((~then[ACCOUNT_ID].isin(now[ACCOUNT_ID])).sum()),
        n_planned=(int((then["hours"] > 0).sum()), int((lines["hours"] > 0).sum())),
        hours=(float(then["hours"].sum()), float(lines["hours"].sum())),
        value=(float(then["conservative_value"].sum()), float(lines["conservative_value"].sum())),
    )
