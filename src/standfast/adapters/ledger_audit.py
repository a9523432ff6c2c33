"""Who did what, when, to which account: one entry per act of a person, kept with the act or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_people_tables import AUDIT
from standfast.adapters.ledger_rows import plain_json, read_rows

NOBODY = "standfast"
"""Who did what no person asked for."""


@dataclass(frozen=True)
class Entry:
    """One act: who did it, at which moment (UTC), and what there is to know of it."""

    at: datetime
    who: str
    action: str
    account_id: str | None
    details: Mapping[str, Any] | None


def note(
    ledger: Ledger,
    *,
    who: str,
    action: str,
    account_id: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry; through a ledger that is written ``together`` it stands or falls with the rest."""
    entry = Entry(now(), who, action, account_id, details)
    with ledger.writing() as connection:
        note_all(connection, ledger.book, [entry])


def note_all(connection: sa.Connection, book: str, entries: list[Entry]) -> None:
    """Add entries by a connection that is open, so that they stand or fall with what it writes."""
    if entries:
        rows = [{**vars(entry), "book": book, "details": plain_json(entry.details)} for entry in entries]
        connection.execute(sa.insert(AUDIT), rows)


def read_audit(
    ledger: Ledger, *, limit: int, before_id: int | None = None, account_id: str | None = None
) -> pd.DataFrame:
    """Give the newest entries, the newest first; those before the entry ``before_id`` to go on from there."""
    of = AUDIT.c
    wanted = sa.select(of.entry_id, of.at, of.who, of.action, of.account_id, of.details).where(
        of.book == ledger.book
    )
    if before_id is not None:
        wanted = wanted.where(of.entry_id < before_id)
    if account_id is not None:
        wanted = wanted.where(of.account_id == account_id)
    with ledger.reading() as connection:
        return read_rows(connection, wanted.order_by(of.entry_id.desc()).limit(limit))
