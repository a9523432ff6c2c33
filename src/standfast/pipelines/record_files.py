"""Bring what people did, and what came of it, from a file into the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from standfast.adapters.engine import DuckDbEngine, LoadedTable
from standfast.adapters.formula_safety import undefuse
from standfast.adapters.ledger import refuse_unwritable_ledger
from standfast.adapters.ledger_touches import record_outcomes, record_touches
from standfast.adapters.table_files import is_parquet
from standfast.adapters.tables import read_flat_table, write_table
from standfast.pipelines.book_ledger import book_ledger
from standfast.pipelines.engines import open_duckdb
from standfast.pipelines.flat import prepare_flat
from standfast.pipelines.load import load_table
from standfast.pipelines.sources import read_frame
from standfast.schema import ACCOUNT_ID, OUTCOMES, RECORDS
from standfast.settings import Settings

NO_CHANNEL = "unknown"
_RECORD = {"touches": record_touches, "outcomes": record_outcomes}


@dataclass(frozen=True)
class Recording:
    """What became of the rows of a file: rows = new + completed + known + rejected.

    Parameters
    ----------
    n_completed
        Records that were there and are told more of, such as the outcome of a touch.
    reasons
        Why rows were rejected and which cells could not be read, with their number.
    unknown_accounts
        Accounts that the book does not hold; what is told of them is kept all the same.
    """

    kind: str
    file: str
    n_rows: int
    n_new: int
    n_completed: int
    n_known: int
    n_rejected: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    unknown_accounts: tuple[str, ...] = ()


def record_file(settings: Settings, *, kind: str, file: Path, who: str | None = None) -> Recording:
    """Keep the touches or the outcomes that a file tells of; what is there already is kept once.

    Raises
    ------
    InputError
        The file cannot be read, lacks a needed column, or has no usable row.
    StateError
        The ledger cannot be used.
    """
    refuse_unwritable_ledger(settings.ledger_address)
    with open_duckdb(settings) as engine:
        loaded = _load(engine, settings, kind, file)
        rows = _rows(loaded)
        unknown = _unknown(rows[ACCOUNT_ID], engine, settings)
    usable, reasons = _usable(rows, kind)
    with book_ledger(settings) as ledger:
        kept = _RECORD[kind](ledger, usable, who=who)
    return Recording(
        kind=kind,
        file=str(file),
        n_rows=loaded.n_rows,
        n_new=kept.n_new,
        n_completed=kept.n_completed,
        n_known=len(usable) - kept.n_new - kept.n_completed,
        n_rejected=loaded.n_rows - len(usable),
        reasons={**loaded.reasons, **reasons},
        unknown_accounts=unknown,
    )


def _load(engine: DuckDbEngine, settings: Settings, kind: str, file: Path) -> LoadedTable:
    """Give the rows typed as those of the book's table; text of ours that was made safe is as it was."""
    rows = read_flat_table(file)
    as_was = engine.folder / "recorded.parquet"
    write_table(rows if is_parquet(file) else undefuse(rows), as_was)
    return load_table(engine, settings, kind, file=as_was, called=str(file))


def _rows(loaded: LoadedTable) -> pd.DataFrame:
    known = [name for name in RECORDS[loaded.name].names if name in loaded.table.columns]
    rows: pd.DataFrame = loaded.table.select(*known).execute()
    return rows


def _usable(rows: pd.DataFrame, kind: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """Give the rows that can be kept, and why others cannot."""
    if kind == "touches":
        channel = rows["channel"] if "channel" in rows else pd.Series(pd.NA, index=rows.index, dtype="str")
        return rows.assign(channel=channel.fillna(NO_CHANNEL)), {}
    outcome = rows["outcome"].str.strip().str.lower()
    strange = rows.loc[~outcome.isin(OUTCOMES), "outcome"]
    if strange.empty:
        return rows.assign(outcome=outcome), {}
    reason = f"row set aside: outcome is none of {', '.join(OUTCOMES)}, for instance {strange.iloc[0]!r}"
    return rows.assign(outcome=outcome)[outcome.isin(OUTCOMES)], {reason: len(strange)}


def _unknown(ids: pd.Series, engine: DuckDbEngine, settings: Settings) -> tuple[str, ...]:
    """Name the accounts that the book's accounts table does not hold; none where there is no such table."""
    if settings.book.accounts is None:
        return ()
    known = accounts_of_book(engine, settings)
    return tuple(sorted(set(ids.astype("str")) - set(known.astype("str"))))


def accounts_of_book(engine: DuckDbEngine, settings: Settings) -> pd.Series:
    """Give the ids of the book's accounts table."""
    if settings.is_flat:
        return prepare_flat(read_frame(settings, "accounts"), settings=settings).ids
    known: pd.Series = load_table(engine, settings, "accounts").table.select(ACCOUNT_ID).execute()[ACCOUNT_ID]
    return known
