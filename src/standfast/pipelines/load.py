"""Bring the book's tables into an engine, under their canonical names and types."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.adapters.engine import DuckDbEngine, LoadedTable
from standfast.errors import NoRowsError
from standfast.features.findings import Finding
from standfast.features.read_findings import empty_finding
from standfast.pipelines.sources import bring_here, call
from standfast.schema import ACCOUNT_ID, RECORDS, TABLES
from standfast.settings import Settings

if TYPE_CHECKING:
    import ibis.expr.types as ir

SNAPSHOT_TABLES = tuple(name for name in TABLES if name != "team")


@dataclass(frozen=True, eq=False)
class LoadedBook:
    """The tables that hold rows, and what reading all of them told."""

    tables: Mapping[str, LoadedTable]
    findings: tuple[Finding, ...]


def load_book(engine: DuckDbEngine, settings: Settings) -> LoadedBook:
    """Give each table of the book under its canonical names, with the counts of what could not be used.

    A table without a single row counts as absent, unless the book cannot do without it.

    Raises
    ------
    InputError
        A table cannot be read, or one that tells who is a customer is empty.
    """
    tables: dict[str, LoadedTable] = {}
    findings: list[Finding] = []
    for name in SNAPSHOT_TABLES:
        if name in settings.book.tables:
            try:
                tables[name] = load_table(engine, settings, name)
                findings += tables[name].findings
            except NoRowsError:
                if name in _needed(settings):
                    raise
                findings.append(empty_finding(name, called=call(settings, settings.book.tables[name])))
    return LoadedBook(tables, tuple(findings))


def load_table(
    engine: DuckDbEngine,
    settings: Settings,
    name: str,
    *,
    file: Path | None = None,
    called: str | None = None,
) -> LoadedTable:
    """Give one table of the book under its canonical names.

    ``file`` is read instead of the book's, as that table; messages then call it ``called``.
    """
    reading = settings.reading_of(name)
    if reading.policy.identifier is not None:
        _load_identifiers(engine, settings, system=reading.policy.identifier)
    if file is None:
        named = settings.book.tables[name]
        file, called = bring_here(settings, named, folder=engine.folder), call(settings, named)
    return engine.read_book_table(
        RECORDS.get(name) or TABLES[name],
        file,
        columns=settings.columns.of(name),
        reading=reading,
        called=called,
    )


def rows_if_any(engine: DuckDbEngine, settings: Settings, name: str) -> "ir.Table | None":
    """Give the rows of a table of the book; None where the book has no such table, or an empty one."""
    if name not in settings.book.tables:
        return None
    try:
        return load_table(engine, settings, name).table
    except NoRowsError:
        return None


def _load_identifiers(engine: DuckDbEngine, settings: Settings, *, system: str) -> None:
    """Know the ids of a system; where a table of the book maps them, its account ids have its own name."""
    named = settings.book.identifiers or ""
    table = next((name for name, file in settings.book.tables.items() if file == named), None)
    columns = settings.columns.of(table) if table else {}
    engine.read_identifiers(
        bring_here(settings, named, folder=engine.folder),
        system=system,
        called=call(settings, named),
        account_id=columns.get(ACCOUNT_ID, ACCOUNT_ID),
    )


def _needed(settings: Settings) -> set[str]:
    """Name the tables that tell who the accounts are and which of them are active."""
    churn = settings.churn_policy
    tells = {"subscription": ("subscriptions",), "inactivity": churn.activity, "column": ()}
    return {"accounts", *tells[churn.by or "column"]}
