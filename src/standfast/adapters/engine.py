"""DuckDB, embedded: reads a book's files into typed tables and runs the feature expressions on them."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from standfast.adapters.book_cells import KIND_WORDS, as_kind, as_text, quoted
from standfast.adapters.book_files import RawTable, open_raw
from standfast.errors import InputError
from standfast.schema import ACCOUNT_ID, Column, Table

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

_MOST_SHOWN = 5


@dataclass(frozen=True, eq=False)
class LoadedTable:
    """A book's table under its canonical names and types; rows = used + set aside.

    Parameters
    ----------
    reasons
        Why rows were set aside and which cells could not be read (they are empty now), with their number.
    """

    table: "ir.Table"
    name: str
    path: Path
    n_rows: int
    n_used: int
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def n_set_aside(self) -> int:
        """Rows that lack what the table cannot do without."""
        return self.n_rows - self.n_used


class DuckDbEngine:
    """An in-memory DuckDB in UTC that spills to a temporary folder; close it, or use it with ``with``."""

    def __init__(self, *, n_threads: int | None = None, memory_limit: str | None = None) -> None:
        import ibis  # noqa: PLC0415  (importing this module must stay cheap)

        self._spill = Path(tempfile.mkdtemp(prefix="standfast-"))
        self.backend: Any = ibis.duckdb.connect()
        limits = {"threads": n_threads, "memory_limit": memory_limit, "temp_directory": self._spill}
        for name, value in limits.items():
            if value is not None:
                self._run(f"SET {name} = '{value}'")
        self._run("SET TimeZone = 'UTC'")

    def __enter__(self) -> Self:
        """Give the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the tables and of the temporary folder."""
        self.backend.disconnect()
        shutil.rmtree(self._spill, ignore_errors=True)

    def read_book_table(self, table: Table, path: Path, *, columns: Mapping[str, str]) -> LoadedTable:
        """Give a CSV or Parquet file as the canonical table.

        Cells that cannot be read become empty and are counted. Rows without a needed value are set aside
        and counted. Columns beyond the canonical ones stay, as text from CSV; those of ``accounts`` that hold
        only numbers become numbers.

        Parameters
        ----------
        columns
            Canonical name to the user's column, for those that are called differently.

        Raises
        ------
        InputError
            The file cannot be read, lacks a needed column, has no usable row, or holds an account twice.
        """
        raw = open_raw(self.backend.con, Path(path))
        taken = _match_columns(table, raw, columns)
        typed = f"{table.name}_as_read"
        self._type_rows(table, raw, taken, typed)
        n_rows, n_used, unreadable = self._count(table, typed, taken)
        reasons = self._reasons(table, typed, taken, unreadable)
        if not n_used:
            raise InputError(_nothing_usable(table, raw, n_rows, reasons))
        if table.name == "accounts":
            self._refuse_twice(typed, Path(path))
        self._keep_used(table, raw, taken, typed)
        return LoadedTable(self.backend.table(table.name), table.name, Path(path), n_rows, n_used, reasons)

    def fetched(self, rows: "ir.Table") -> "ir.Table":
        """Give an expression where its rows are collected: here, and not run yet."""
        return rows

    def register(self, table: Table, rows: "pd.DataFrame") -> "ir.Table":
        """Give a frame as the canonical table, its columns cast to the kinds of the schema."""
        self.backend.con.register("frame_given", rows)
        kinds = {column.name: column.kind for column in table.columns}
        types = self._types("frame_given")
        parts = [
            f"{as_kind(as_text(quoted(name), types[name], kind=kinds[name]), kinds[name])} AS {quoted(name)}"
            if name in kinds
            else quoted(name)
            for name in map(str, rows.columns)
        ]
        given = quoted(f"{table.name}_as_given")
        self._run(f"CREATE OR REPLACE TABLE {given} AS SELECT {', '.join(parts)} FROM frame_given")
        self.backend.con.unregister("frame_given")
        self._run(f"CREATE OR REPLACE VIEW {quoted(table.name)} AS SELECT * FROM {given}")
        return self.backend.table(table.name)

    def _run(self, sql: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self.backend.con.execute(sql).fetchall()
        return rows

    def _types(self, name: str) -> dict[str, str]:
        return {row[0]: row[1] for row in self._run(f"DESCRIBE {quoted(name)}")}

    def _type_rows(self, table: Table, raw: RawTable, taken: Mapping[str, str], typed: str) -> None:
        """Read the file once: typed columns, and beside each whether its cell was there but unreadable."""
        known = [column for column in table.columns if column.name in taken]
        checked = [column for column in known if column.kind != "text"]
        texts = [
            _named(as_text(quoted(taken[c.name]), raw.types[taken[c.name]], kind=c.kind), f"text {c.name}")
            for c in known
        ]
        extras = [_named(quoted(source), name) for name, source in _extras(table, raw, taken).items()]
        kept = [quoted(name) for name in _extras(table, raw, taken)]
        values = [_named(as_kind(quoted(f"text {c.name}"), c.kind), c.name) for c in known]
        words = [quoted(f"text {c.name}") for c in checked]
        bad = [
            _named(f"{quoted(c.name)} IS NULL AND {quoted(f'text {c.name}')} IS NOT NULL", _bad(c))
            for c in checked
        ]
        names = [quoted(c.name) for c in known]
        with raw.explaining():
            self._run(
                f"CREATE OR REPLACE TABLE {quoted(typed)} AS SELECT {', '.join([*names, *bad, *kept])} FROM "
                f"(SELECT {', '.join([*values, *words, *kept])} FROM "
                f"(SELECT {', '.join([*texts, *extras])} FROM {raw.relation}))"
            )

    def _count(self, table: Table, typed: str, taken: Mapping[str, str]) -> tuple[int, int, dict[str, int]]:
        """Count the rows, those that can be used, and the unreadable cells of each column."""
        read = [column for column in table.columns if column.name in taken and column.kind != "text"]
        sums = "".join(f", count(*) FILTER ({quoted(_bad(column))})" for column in read)
        counts = self._run(
            f"SELECT count(*), count(*) FILTER ({_is_used(table)}){sums} FROM {quoted(typed)}"
        )[0]
        return counts[0], counts[1], dict(zip((column.name for column in read), counts[2:], strict=True))

    def _reasons(
        self, table: Table, typed: str, taken: Mapping[str, str], unreadable: Mapping[str, int]
    ) -> dict[str, int]:
        """Say why rows were set aside (each once, at its first lack) and what else could not be read."""
        lacks = [f"count(*) FILTER ({_first_lack(table, name)})" for name in table.needed]
        counts = self._run(f"SELECT {', '.join(lacks)} FROM {quoted(typed)}")[0]
        reasons = {
            f"row set aside: no readable {name}": n for name, n in zip(table.needed, counts, strict=True) if n
        }
        return reasons | {
            f"cell left empty: {taken[name]} is not of the form {KIND_WORDS[column.kind]}": unreadable[name]
            for column in table.columns
            if (name := column.name) in unreadable and unreadable[name] and not column.needed
        }

    def _refuse_twice(self, typed: str, path: Path) -> None:
        """Refuse an account that has several rows: which of them is true cannot be told."""
        twice = [
            row[0]
            for row in self._run(
                f"SELECT {ACCOUNT_ID} FROM {quoted(typed)} WHERE {ACCOUNT_ID} IS NOT NULL "
                f"GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"
            )
        ]
        if twice:
            more = f" and {len(twice) - _MOST_SHOWN} more" if len(twice) > _MOST_SHOWN else ""
            raise InputError(
                f"{path} holds {len(twice)} account ids more than once: {twice[:_MOST_SHOWN]}{more}; "
                "keep one row per account"
            )

    def _keep_used(self, table: Table, raw: RawTable, taken: Mapping[str, str], typed: str) -> None:
        """Give the usable rows their final columns under the table's name."""
        names = [quoted(column.name) for column in table.columns if column.name in taken]
        extras = list(_extras(table, raw, taken))
        numeric = self._numeric(typed, extras) if table.name == "accounts" else set()
        for name in extras:
            number = as_kind(as_text(quoted(name), "VARCHAR", kind="number"), "number")
            names.append(f"{number} AS {quoted(name)}" if name in numeric else quoted(name))
        self._run(
            f"CREATE OR REPLACE VIEW {quoted(table.name)} AS "
            f"SELECT {', '.join(names)} FROM {quoted(typed)} WHERE {_is_used(table)}"
        )

    def _numeric(self, typed: str, names: list[str]) -> set[str]:
        """Name the text columns of which each cell that holds anything holds a number."""
        types = self._types(typed)
        texts = [name for name in names if types[name] == "VARCHAR"]
        if not texts:
            return set()
        checks = []
        for name in texts:
            text = as_text(quoted(name), "VARCHAR", kind="number")
            checks.append(f"count({text}) > 0 AND count({text}) = count({as_kind(text, 'number')})")
        verdicts = self._run(f"SELECT {', '.join(checks)} FROM {quoted(typed)}")[0]
        return {name for name, verdict in zip(texts, verdicts, strict=True) if verdict}


def _match_columns(table: Table, raw: RawTable, columns: Mapping[str, str]) -> dict[str, str]:
    """Give canonical name to the file's column, for the canonical columns that are there."""
    section = "[columns]" if table.name == "accounts" else f"[columns.{table.name}]"
    mapped = {name: columns[name] for name in table.names if name in columns}
    if unknown := {name: source for name, source in mapped.items() if source not in raw.types}:
        raise InputError(
            f"{raw.path.name} has no column {sorted(unknown.values())}, which {section} in standfast.toml "
            f"maps to {sorted(unknown)}; its columns are {list(raw.types)}"
        )
    used = set(mapped.values())
    taken = mapped | {n: n for n in table.names if n not in mapped and n in raw.types and n not in used}
    if missing := [name for name in table.needed if name not in taken]:
        raise InputError(
            f"{raw.path.name} lacks columns {missing}; add them, "
            f"or map them under {section} in standfast.toml"
        )
    return taken


def _extras(table: Table, raw: RawTable, taken: Mapping[str, str]) -> dict[str, str]:
    """Give the name each further column gets to the file's column; a name that is taken gets a suffix."""
    names: dict[str, str] = {}
    used = {name.casefold() for name in table.names} | {_bad(column).casefold() for column in table.columns}
    for source in raw.types:
        if source not in taken.values():
            name = source
            while name.casefold() in used:
                name += "_as_exported"
            used.add(name.casefold())
            names[name] = source
    return names


def _named(expression: str, name: str) -> str:
    return f"{expression} AS {quoted(name)}"


def _bad(column: Column) -> str:
    return f"{column.name} unreadable"


def _is_used(table: Table) -> str:
    return " AND ".join(f"{quoted(name)} IS NOT NULL" for name in table.needed)


def _first_lack(table: Table, name: str) -> str:
    """Give SQL for: this needed value is the first one the row lacks."""
    before = table.needed[: table.needed.index(name)]
    return " AND ".join([*(f"{quoted(other)} IS NOT NULL" for other in before), f"{quoted(name)} IS NULL"])


def _nothing_usable(table: Table, raw: RawTable, n_rows: int, reasons: Mapping[str, int]) -> str:
    if not n_rows:
        return f"{raw.path} holds no rows, only a header; export it again with its rows"
    why = "; ".join(f"{reason} ({n} rows)" for reason, n in reasons.items())
    needs = ", ".join(f"{c.name} as {KIND_WORDS[c.kind]}" for c in table.columns if c.needed)
    return f"{raw.path}: none of its {n_rows} rows can be used: {why}; the table needs {needs}"
