"""Touches and outcomes in the ledger: what people did, and what came of it; told twice, it is kept once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import Entry, note_all
from standfast.adapters.ledger_record_acts import added_acts, completed_acts
from standfast.adapters.ledger_rows import insert_frame, read_rows
from standfast.adapters.ledger_tables import OUTCOMES, TOUCHES

SAME_TOUCH = ("account_id", "day", "channel", "play")
"""What makes two records tell of one touch."""
SAME_OUTCOME = ("account_id", "day", "outcome")
_TOLD_OF_TOUCH = ("minutes", "contact_id", "outcome", "assigned_at_random")
_TOLD_OF_OUTCOME = ("amount", "note")
_FIGURES = {"minutes", "amount"}
_MOST_NAMED = 500


@dataclass(frozen=True)
class Kept:
    """What became of records: new ones, known ones that were told more of, and known ones as they were."""

    n_new: int
    n_completed: int
    n_known: int


def record_touches(ledger: Ledger, touches: pd.DataFrame, *, who: str | None = None) -> Kept:
    """Keep touches; one that is there gets what is told of it now, and keeps what is not told again.

    Parameters
    ----------
    touches
        ``account_id``, ``day`` and ``channel`` in every row; other columns of the touches table where known.
    who
        Who says so; the audit then notes it, and what a touch that is told more of was before.
    """
    told = _whole(touches, SAME_TOUCH, _TOLD_OF_TOUCH)
    return _record(ledger, TOUCHES, told, told=_TOLD_OF_TOUCH, who=who)


def record_outcomes(ledger: Ledger, outcomes: pd.DataFrame, *, who: str | None = None) -> Kept:
    """Keep outcomes, as ``record_touches`` keeps touches.

    Parameters
    ----------
    outcomes
        ``account_id``, ``day`` and ``outcome`` in every row; ``amount`` and ``note`` where known.
    """
    told = _whole(outcomes, SAME_OUTCOME, _TOLD_OF_OUTCOME)
    return _record(ledger, OUTCOMES, told, told=_TOLD_OF_OUTCOME, who=who)


def read_touches(
    ledger: Ledger, *, before: date | None = None, since: date | None = None, account_id: str | None = None
) -> pd.DataFrame:
    """Give the touches of days before ``before`` and not before ``since`` (all where None), by day.

    ``account_id`` asks for those of one account.
    """
    columns = [TOUCHES.c[name] for name in (*SAME_TOUCH, *_TOLD_OF_TOUCH)]
    wanted = sa.select(*columns).where(TOUCHES.c.book == ledger.book)
    if before is not None:
        wanted = wanted.where(TOUCHES.c.day < before)
    if since is not None:
        wanted = wanted.where(TOUCHES.c.day >= since)
    if account_id is not None:
        wanted = wanted.where(TOUCHES.c.account_id == account_id)
    with ledger.reading() as connection:
        return read_rows(connection, wanted.order_by(TOUCHES.c.day, TOUCHES.c.touch_id))


def read_outcomes(
    ledger: Ledger, *, before: date | None = None, account_id: str | None = None
) -> pd.DataFrame:
    """Give the outcomes of days before ``before`` (all where None), by day; of one account where named."""
    columns = [OUTCOMES.c[name] for name in (*SAME_OUTCOME, *_TOLD_OF_OUTCOME)]
    wanted = sa.select(*columns).where(OUTCOMES.c.book == ledger.book)
    if before is not None:
        wanted = wanted.where(OUTCOMES.c.day < before)
    if account_id is not None:
        wanted = wanted.where(OUTCOMES.c.account_id == account_id)
    with ledger.reading() as connection:
        return read_rows(connection, wanted.order_by(OUTCOMES.c.day, OUTCOMES.c.outcome_id))


def _whole(records: pd.DataFrame, same: Sequence[str], told: Sequence[str]) -> pd.DataFrame:
    """Give one row per thing told of, with its key; of what is told of it twice, the last that says it."""
    frame = records.reindex(columns=[*same, *told])
    frame = frame.astype(dict.fromkeys(_FIGURES & set(told), "float64"))
    days = pd.to_datetime(frame["day"])
    keyed = frame.assign(day=days.dt.date.astype(object), key=_keys(frame.assign(day=days.dt.date), same))
    first = keyed.drop_duplicates("key").set_index("key")
    last_told = keyed.groupby("key", sort=False)[list(told)].last()
    return first.assign(**{name: last_told[name] for name in told})


def _keys(frame: pd.DataFrame, same: Sequence[str]) -> list[str]:
    cells = frame[list(same)].astype("str").fillna("")
    return [json.dumps(row, ensure_ascii=False) for row in cells.itertuples(index=False, name=None)]


def _record(
    ledger: Ledger, table: sa.Table, records: pd.DataFrame, *, told: Sequence[str], who: str | None
) -> Kept:
    """Add what is new; fill in what is told anew of what is known."""
    number = next(iter(table.primary_key.columns))
    same = SAME_TOUCH if table is TOUCHES else SAME_OUTCOME
    with ledger.writing() as connection:
        wanted = sa.select(number, *(table.c[name] for name in (*same, *told)))
        there = read_rows(connection, wanted.where(table.c.book == ledger.book, *_near(table, records)))
        there.index = pd.Index(_keys(there.assign(day=there["day"].dt.date), same), dtype="str")
        is_known = records.index.isin(there.index)
        new = records[~is_known]
        added = new.assign(key=new.index) if "key" in table.c else new
        insert_frame(connection, table, added, book=ledger.book, recorded_at=now(), recorded_by=who)
        known = records[is_known]
        changes = _changes(known, there.loc[known.index], told)
        if not changes.empty:
            rows = changes.assign(number=there.loc[changes.index, number.name])
            _update(connection, table, number, rows, told)
        kept = Kept(len(new), len(changes), len(known) - len(changes))
        if who is not None and len(new) + len(changes):
            acts = [*added_acts(table, new), *completed_acts(table, there.loc[changes.index], changes)]
            note_all(connection, ledger.book, [Entry(now(), who, *act) for act in acts])
    return kept


def _near(table: sa.Table, records: pd.DataFrame) -> list[sa.ColumnElement[bool]]:
    """Confine what is looked through to the days told of, and to the accounts where they are few."""
    if records.empty:
        return [sa.false()]
    accounts = records["account_id"].astype("str").unique().tolist()
    of_accounts = [table.c.account_id.in_(accounts)] if len(accounts) <= _MOST_NAMED else []
    return [*of_accounts, table.c.day.between(records["day"].min(), records["day"].max())]


def _changes(known: pd.DataFrame, there: pd.DataFrame, told: Sequence[str]) -> pd.DataFrame:
    """Give the rows of which more, or something else, is told than is there, completed by what is there."""
    now_told = known[list(told)].astype(object)
    before = there[list(told)].astype(object)
    both = now_told.where(now_told.notna(), before)
    differs = both.notna() & (both.astype("str") != before.astype("str"))
    return both[differs.any(axis=1)]


def _update(
    connection: sa.Connection,
    table: sa.Table,
    number: sa.Column[int],
    rows: pd.DataFrame,
    told: Sequence[str],
) -> None:
    cells = rows.astype(object).where(rows.notna(), None)
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in told}
    change = sa.update(table).where(number == sa.bindparam("this_one")).values(values)
    named = cells.rename(columns={"number": "this_one", **{name: f"new_{name}" for name in told}})
    connection.execute(
        change, [{str(name): cell for name, cell in row.items()} for row in named.to_dict("records")]
    )
