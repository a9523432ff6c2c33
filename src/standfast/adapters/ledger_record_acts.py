"""What the audit says of records: how many are new, and what those that are told more of were before."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

Act = tuple[str, str | None, Mapping[str, Any]]
"""What was done, to which account, and what there is to know of it."""
_NAMES = ("day", "channel", "play", "outcome")


def added_acts(table: sa.Table, new: pd.DataFrame) -> list[Act]:
    """Tell what is new: of one record which it is, of more how many there are."""
    if len(new) == 1:
        (row,) = _values(new, [name for name in _NAMES if name in new])
        return [(f"{table.name} recorded", str(new["account_id"].iloc[0]), row)]
    return [(f"{table.name} recorded", None, {"n_new": len(new)})] if len(new) else []


def completed_acts(table: sa.Table, before: pd.DataFrame, after: pd.DataFrame) -> list[Act]:
    """Tell of each record that is told more of what it was before."""
    told = list(after.columns)
    rows = zip(before["account_id"], before["day"], _values(before, told), _values(after, told), strict=True)
    return [
        (f"{table.name} completed", str(account), {"day": str(day)[:10], "was": was, "is": told_now})
        for account, day, was, told_now in rows
    ]


def _values(rows: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    """Give the cells of each row; None for those that are empty."""
    cells = rows[names].astype(object).where(rows[names].notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in cells.to_dict("records")]
