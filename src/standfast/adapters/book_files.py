"""A user's CSV or Parquet file as a relation DuckDB can read, with the file's own column names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standfast.adapters.csv_dialect import CsvDialect, explain_csv_error, sniff_csv
from standfast.adapters.tables import read_flat_table
from standfast.errors import InputError

_CSV = {".csv", ".tsv", ".txt"}
_PARQUET = {".parquet", ".pq"}


@dataclass(frozen=True)
class RawTable:
    """A file before its cells are typed: SQL that names it, and the type of each column (VARCHAR in CSV)."""

    path: Path
    relation: str
    types: Mapping[str, str]
    dialect: CsvDialect | None = None

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Turn what DuckDB says while it reads the file into one sentence that names the place."""
        import duckdb  # noqa: PLC0415  (importing this module must stay cheap)

        try:
            yield
        except duckdb.Error as problem:
            if self.dialect is not None:
                raise explain_csv_error(self.path, self.dialect, problem) from problem
            first_line = str(problem).splitlines()[0]
            raise InputError(f"{self.path} cannot be read ({first_line}); export it again") from problem


def open_raw(con: Any, path: Path) -> RawTable:
    """Give the file ready to be read.

    Raises
    ------
    InputError
        There is no such file, it is empty, or it is not the table its ending promises.
    """
    kind = path.suffix.lower()
    if path.is_dir():
        raise InputError(f"{path} is a folder; name the CSV or Parquet file in it")
    if not path.exists():
        raise InputError(
            f"there is no file {path}; check [book] in the settings, whose paths are relative to it"
        )
    if path.stat().st_size == 0:
        raise InputError(f"{path} is empty (0 bytes); export it again")
    if kind in _PARQUET:
        return _open_parquet(con, path)
    if kind in _CSV:
        return _open_csv(con, path)
    raise InputError(f"{path}: a table's name must end in .csv or .parquet, not {kind or 'nothing'!r}")


def _open_csv(con: Any, path: Path) -> RawTable:
    """Let DuckDB read the usual CSV; the rest (other encodings, decimal commas) goes by way of a frame."""
    dialect = sniff_csv(path)
    if dialect.encoding == "utf-8" and dialect.delimiter != ";":
        columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in dialect.names)
        relation = (
            f"read_csv({_literal(str(path))}, auto_detect = false, header = true, "
            f"delim = {_literal(dialect.delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}})"
        )
        return RawTable(path, relation, dict.fromkeys(dialect.names, "VARCHAR"), dialect)
    con.register("rows_as_exported", read_flat_table(path))
    return RawTable(path, "rows_as_exported", dict.fromkeys(dialect.names, "VARCHAR"), dialect)


def _open_parquet(con: Any, path: Path) -> RawTable:
    import duckdb  # noqa: PLC0415  (importing this module must stay cheap)

    relation = f"read_parquet({_literal(str(path))})"
    try:
        rows = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as problem:
        first_line = str(problem).splitlines()[0]
        raise InputError(f"{path} cannot be read as Parquet ({first_line}); export it again") from problem
    return RawTable(path, relation, {row[0]: row[1] for row in rows})


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
