"""A user's CSV or Parquet files as a relation DuckDB can read, with the files' own column names."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standfast.adapters.book_cells import literal, quoted
from standfast.adapters.csv_dialect import CsvDialect, explain_csv_error, sniff_csv
from standfast.adapters.table_files import files_of, is_parquet
from standfast.adapters.tables import read_flat_table
from standfast.errors import InputError, NoRowsError


@dataclass(frozen=True)
class RawTable:
    """A table before its cells are typed: SQL that names it, and the type of each column (VARCHAR in CSV).

    Parameters
    ----------
    called
        What messages call it.
    dialects
        How each CSV file of it is written.
    """

    called: str
    relation: str
    types: Mapping[str, str]
    dialects: Mapping[Path, CsvDialect]

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Turn what DuckDB says while it reads the files into one sentence that names the place."""
        import duckdb  # noqa: PLC0415  (importing this module must stay cheap)

        try:
            yield
        except duckdb.Error as problem:
            if self.dialects:
                named = [path for path in self.dialects if str(path) in str(problem)]
                path = (named or [*self.dialects])[0]
                raise explain_csv_error(path, self.dialects[path], problem) from problem
            first_line = str(problem).splitlines()[0]
            raise InputError(f"{self.called} cannot be read ({first_line}); export it again") from problem


def open_raw(con: Any, path: Path, *, called: str | None = None) -> RawTable:
    """Give a file, or a folder of files that make one table, ready to be read.

    Raises
    ------
    InputError
        There is no such file, it is empty, or it is not the table its ending promises.
    """
    files = files_of(path)
    opener = _open_parquet if is_parquet(files[0]) else _open_csv
    return opener(con, files, called or str(path))


def _open_csv(con: Any, files: Sequence[Path], called: str) -> RawTable:
    """Let DuckDB read the usual CSV; the rest (other encodings, decimal commas) goes by way of a frame."""
    dialects = {path: sniff_csv(path) for path in files}
    alike: dict[CsvDialect, list[Path]] = {}
    for path, dialect in dialects.items():
        alike.setdefault(dialect, []).append(path)
    relations = []
    for dialect, paths in alike.items():
        if dialect.encoding == "utf-8" and dialect.delimiter != ";":
            relations.append(_read_csv(paths, dialect))
        else:
            relations += [_by_way_of_a_frame(con, path, dialect) for path in paths]
    names = dict.fromkeys(name for dialect in alike for name in dialect.names)
    return RawTable(called, _together(relations), dict.fromkeys(names, "VARCHAR"), dialects)


def _read_csv(paths: Sequence[Path], dialect: CsvDialect) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in dialect.names)
    return (
        f"read_csv({_list(paths)}, auto_detect = false, header = true, "
        f"delim = {literal(dialect.delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}})"
    )


def _by_way_of_a_frame(con: Any, path: Path, dialect: CsvDialect) -> str:
    import pandas as pd  # noqa: PLC0415  (importing this module must stay cheap)

    try:
        rows = read_flat_table(path)
    except NoRowsError:
        rows = pd.DataFrame({name: pd.Series(dtype="str") for name in dialect.names})
    name = f"rows of {path}"
    con.register(name, rows)
    return quoted(name)


def _together(relations: Sequence[str]) -> str:
    """Give the rows of all; a column that one lacks is empty in its rows."""
    if len(relations) == 1:
        return relations[0]
    return f"({' UNION ALL BY NAME '.join(f'SELECT * FROM {relation}' for relation in relations)})"


def _open_parquet(con: Any, files: Sequence[Path], called: str) -> RawTable:
    import duckdb  # noqa: PLC0415  (importing this module must stay cheap)

    relation = f"read_parquet({_list(files)}, union_by_name = true, hive_types_autocast = false)"
    try:
        rows = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as problem:
        first_line = str(problem).splitlines()[0]
        raise InputError(f"{called} cannot be read as Parquet ({first_line}); export it again") from problem
    return RawTable(called, relation, {row[0]: row[1] for row in rows}, {})


def _list(paths: Sequence[Path]) -> str:
    return f"[{', '.join(literal(str(path)) for path in paths)}]"
