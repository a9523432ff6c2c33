"""Bring the book's tables into an engine, under their canonical names and types."""

from collections.abc import Mapping

from standfast.adapters.engine import DuckDbEngine, LoadedTable
from standfast.schema import TABLES
from standfast.settings import Settings

SNAPSHOT_TABLES = tuple(name for name in TABLES if name != "team")


def load_book(engine: DuckDbEngine, settings: Settings) -> Mapping[str, LoadedTable]:
    """Give each table of the book under its canonical names, with the counts of what could not be used."""
    return {
        name: engine.read_book_table(TABLES[name], settings.path_of(name), columns=settings.columns.of(name))
        for name in SNAPSHOT_TABLES
        if name in settings.book.tables
    }
