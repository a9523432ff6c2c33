"""Touches and outcomes part by part, the newest first: the database gives what is asked for, and no more."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_rows import read_rows
from standfast.adapters.ledger_tables import OUTCOMES, TOUCHES

Place = tuple[date, int]
"""A record's day and number in the ledger: where a part ends, and the next one goes on."""
_NOT_TOLD = {"book", "key", "recorded_at", "recorded_by"}


@dataclass(frozen=True, eq=False)
class RecordPart:
    """Some records, how many there are in all, and where to go on; None at the end."""

    rows: pd.DataFrame
    n_total: int
    ends_at: Place | None


def newest_touches(
    ledger: Ledger, *, limit: int, after: Place | None = None, account_id: str | None = None
) -> RecordPart:
    """Give the newest touches behind a place, of one account where it is named."""
    return _newest(ledger, TOUCHES, limit=limit, after=after, account_id=account_id)


def newest_outcomes(
    ledger: Ledger, *, limit: int, after: Place | None = None, account_id: str | None = None
) -> RecordPart:
    """Give the newest outcomes behind a place, of one account where it is named."""
    return _newest(ledger, OUTCOMES, limit=limit, after=after, account_id=account_id)


def _newest(
    ledger: Ledger, table: sa.Table, *, limit: int, after: Place | None, account_id: str | None
) -> RecordPart:
    number = next(iter(table.primary_key.columns))
    mine = [table.c.book == ledger.book]
    mine += [] if account_id is None else [table.c.account_id == account_id]
    told = [column for column in table.columns if column.name not in _NOT_TOLD]
    wanted = sa.select(*told).where(*mine).order_by(table.c.day.desc(), number.desc()).limit(limit + 1)
    if after is not None:
        day, last = after
        wanted = wanted.where((table.c.day < day) | ((table.c.day == day) & (number < last)))
    with ledger.reading() as connection:
        found = read_rows(connection, wanted)
        n_total = connection.execute(sa.select(sa.func.count()).select_from(table).where(*mine)).scalar_one()
    rows = found.iloc[:limit]
    goes_on = len(found) > limit
    ends_at = (rows["day"].iloc[-1].date(), int(rows[number.name].iloc[-1])) if goes_on else None
    return RecordPart(rows.drop(columns=number.name), n_total, ends_at)
