"""Snoozes in the ledger: which accounts a person wants to see again only on a later day."""

from datetime import date

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import note
from standfast.adapters.ledger_people_tables import SNOOZES
from standfast.adapters.ledger_rows import insert_one, read_rows

_OF = SNOOZES.c


def snooze(ledger: Ledger, *, account_id: str, until: date, reason: str | None, who: str) -> int:
    """Put an account off until a day, on which it is back; of several words the newest counts."""
    row = {
        "book": ledger.book, "account_id": account_id, "until": until, "reason": reason or None,
        "made_at": now(), "made_by": who,
    }  # fmt: skip
    with ledger.together() as work, work.writing() as connection:
        number = insert_one(connection, SNOOZES, row)
        details = {"until": until, "reason": reason}
        note(work, who=who, action="snoozed", account_id=account_id, details=details)
    return number


def snoozes_on(ledger: Ledger, day: date) -> pd.DataFrame:
    """Give one row per account that is put off on a day: until when, why, and who put it off."""
    newest = sa.select(sa.func.max(_OF.snooze_id)).where(_OF.book == ledger.book).group_by(_OF.account_id)
    wanted = (
        sa.select(_OF.snooze_id, _OF.account_id, _OF.until, _OF.reason, _OF.made_at, _OF.made_by)
        .where(_OF.snooze_id.in_(newest), _OF.until > day)
        .order_by(_OF.account_id)
    )
    with ledger.reading() as connection:
        return read_rows(connection, wanted)
