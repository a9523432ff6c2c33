"""Where the tables of a book are: files, folders of files, or tables of its database."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from standfast.adapters.database import describe, fetch_table
from standfast.adapters.table_files import TABLE_ENDINGS
from standfast.adapters.tables import read_flat_table
from standfast.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def file_of(settings: Settings, named: str) -> Path | None:
    """Give the file or the folder that ``[book]`` names so; None where that is a table of the database."""
    path = settings.folder / named
    is_file = settings.database is None or path.suffix.lower() in TABLE_ENDINGS or path.is_dir()
    return path if is_file else None


def files_of_book(settings: Settings) -> list[Path]:
    """Give all files and folders the book is read from; an SQLite database is one of them."""
    named = [*settings.book.tables.values(), *filter(None, [settings.book.identifiers])]
    found = [path for name in named if (path := file_of(settings, name)) is not None]
    kind, _, place = (settings.database or "").partition(":///")
    return [*found, Path(place.partition("?")[0])] if kind.startswith("sqlite") else found


def call(settings: Settings, named: str) -> str:
    """Give what messages call a table that ``[book]`` names so."""
    path = file_of(settings, named)
    return str(path) if path is not None else describe(settings.database or "", named)


def bring_here(settings: Settings, named: str, *, folder: Path) -> Path:
    """Give the file or folder; of a table of the database a copy, written into ``folder``.

    Raises
    ------
    InputError
        The database cannot be reached or has no such table.
    NoRowsError
        That table is empty.
    """
    path = file_of(settings, named)
    return path if path is not None else fetch_table(settings.database or "", named, folder=folder)


def read_frame(settings: Settings, table: str) -> "pd.DataFrame":
    """Give the rows of a table of the book as they stand, in a frame."""
    with tempfile.TemporaryDirectory(prefix="standfast-") as folder:
        return read_flat_table(bring_here(settings, settings.book.tables[table], folder=Path(folder)))
