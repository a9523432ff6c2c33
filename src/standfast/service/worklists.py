"""Everyone's list as the service shows it: what is put off left out, people named to those who may write."""

import pandas as pd
from fastapi import Request

from standfast.pipelines.desk import Desk
from standfast.report.worklist_content import COLUMNS
from standfast.schema import ACCOUNT_ID
from standfast.service.beside import snoozes_now
from standfast.service.callers import Caller
from standfast.service.problems import Problem
from standfast.service.rights import may_write

ROW_KEY = "touch"
_PERSONAL = ("contact", "remarks")


def worklist_of(
    request: Request, desk: Desk, caller: Caller, *, owner: str | None, days: int | None, snoozed: bool
) -> pd.DataFrame:
    """Give the touches to make, the first due first.

    Parameters
    ----------
    owner
        Whose list; everybody's where None.
    days
        Due within so many days; the whole horizon where None.
    snoozed
        Also those of accounts that are put off, with ``snoozed_until``.
    """
    if desk.worklist is None:
        raise Problem(409, "; ".join(desk.notes) or "there is no plan, and so no worklist")
    rows = desk.worklist.within(days)
    rows = rows if owner is None else rows[rows["owner"] == owner]
    until = snoozes_now(request, desk)
    rows = rows.assign(snoozed_until=rows[ACCOUNT_ID].map(dict(until)).astype("str"))
    rows = rows if snoozed else rows[rows["snoozed_until"].isna()]
    return _numbered(without_people(rows, caller))


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each touch a name that stays the same: account, channel, kind, and which of them it is."""
    same = rows.groupby([ACCOUNT_ID, "channel", "kind"], sort=False).cumcount()
    key = rows[ACCOUNT_ID] + "/" + rows["channel"] + "/" + rows["kind"] + "/" + same.astype("str")
    return rows.assign(**{ROW_KEY: key.astype("str")})[[ROW_KEY, *COLUMNS, "snoozed_until"]]


def without_people(rows: pd.DataFrame, caller: Caller) -> pd.DataFrame:
    """Leave out whom to speak with where the caller may not write to the account."""
    mine = {owner: may_write(caller, owner) for owner in rows["owner"].unique()}
    seen = rows["owner"].map(mine).astype(bool)
    return rows.assign(**{name: rows[name].where(seen, "") for name in _PERSONAL})
