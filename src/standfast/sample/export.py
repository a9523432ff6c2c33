"""The sample book as files: tables as a company exports them, a settings file, and the truth out of sight."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from standfast.sample.book import SampleBook
from standfast.sample.preset import settings_text

PARQUET_TABLES = ("usage",)
"""Tables too long for CSV."""
TRUTH_FILE = Path(".truth", "truth.csv")
SETTINGS_FILE = "standfast.toml"


def write_sample_book(book: SampleBook, folder: Path) -> list[Path]:
    """Write tables, settings and truth into ``folder``, each beside and then renamed; give the paths."""
    (folder / TRUTH_FILE).parent.mkdir(parents=True, exist_ok=True)
    files = {name: f"{name}.{'parquet' if name in PARQUET_TABLES else 'csv'}" for name in book.tables}
    written = [_write_table(book.tables[name], folder / file) for name, file in files.items()]
    settings = settings_text(files, hours=int(book.tables["team"]["hours"].sum()))
    written.append(_replace(folder / SETTINGS_FILE, lambda beside: beside.write_text(settings, "utf-8")))
    written.append(_write_table(book.truth, folder / TRUTH_FILE))
    return written


def _write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write one table as Parquet or CSV, by the file's ending."""
    if path.suffix == ".parquet":
        dated = table.astype({"day": "date32[pyarrow]"})
        return _replace(path, lambda beside: dated.to_parquet(beside, index=False))
    return _replace(path, lambda beside: table.to_csv(beside, index=False, lineterminator="\n"))


def _replace(path: Path, write: Callable[[Path], object]) -> Path:
    """Let ``write`` fill a file beside ``path`` and put it in place; a failure leaves what was there."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path
