"""DuckDB, embedded: reads a book's files into typed tables and runs the feature expressions on them."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from standfast.adapters.book_cells import KIND_WORDS, as_kind, as_text, quoted
from standfast.adapters.book_files import RawTable, open_raw
from standfast.adapters.book_remarks import figures, is_used, reasons, remarks
from standfast.adapters.book_typing import FOREIGN_ID, IDENTIFIERS, MAPPED_ID, Typing
from standfast.adapters.book_units import refuse_absent, refuse_unknown_units, unit_findings
from standfast.adapters.csv_dialect import no_rows
from standfast.errors import InputError
from standfast.features.findings import Finding, some
from standfast.features.read_policy import Reading
from standfast.schema import ACCOUNT_ID, Table

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

_MOST_SHOWN = 5
_PLAIN = Reading()


@dataclass(frozen=True, eq=False)
class LoadedTable:
    """A book's table under its canonical names and types; rows = used + set aside.

    Parameters
    ----------
    reasons
        Why rows were set aside and which cells could not be read (they are empty now), with their number.
    findings
        What else reading it told.
    """

    table: "ir.Table"
    name: str
    path: Path
    n_rows: int
    n_used: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

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

    @property
    def folder(self) -> Path:
        """A folder of its own for files that last no longer than the engine."""
        return self._spill

    def read_book_table(
        self,
        table: Table,
        path: Path,
        *,
        columns: Mapping[str, str],
        reading: Reading = _PLAIN,
        called: str | None = None,
    ) -> LoadedTable:
        """Give a CSV or Parquet file, or a folder of them, as the canonical table.

        Cells that cannot be read become empty and are counted. Rows without a needed value are set aside
        and counted. Columns beyond the canonical ones stay, as text from CSV; those of ``accounts`` that hold
        only numbers become numbers.

        Parameters
        ----------
        columns
            Canonical name to the user's column, for those that are called differently.
        called
            What messages call the table; its path by default.

        Raises
        ------
        InputError
            The file cannot be read, lacks a needed column, has no usable row, holds an account twice, or
            money of a currency that nobody said how to convert.
        """
        raw = open_raw(self.backend.con, Path(path), called=called)
        typing = Typing(table, raw, _match_columns(table, raw, columns), reading)
        refuse_unknown_units(table, raw, reading, run=self._run)
        typed = f"{table.name}_as_read"
        with raw.explaining():
            self._run(f"CREATE OR REPLACE TABLE {quoted(typed)} AS {typing.to_sql()}")
        wanted = figures(typing)
        (row,) = self._run(f"SELECT {', '.join(wanted.values())} FROM {quoted(typed)}")
        counts = dict(zip(wanted, row, strict=True))
        told = reasons(typing, counts)
        if not counts["used"]:
            raise _nothing_usable(table, raw.called, counts["rows"], told)
        if table.name == "accounts":
            self._refuse_twice(typed, raw.called)
        self._keep_used(typing, typed)
        found = (*remarks(typing, counts), *unit_findings(table, raw, reading, run=self._run))
        raw.take_back(self.backend.con)
        return LoadedTable(
            self.backend.table(table.name),
            table.name,
            Path(path),
            counts["rows"],
            counts["used"],
            told,
            found,
        )

    def read_identifiers(self, path: Path, *, system: str, called: str, account_id: str = ACCOUNT_ID) -> None:
        """Know which account each id of another system stands for; tables read later may name them so.

        Parameters
        ----------
        system
            The column of the mapping table with that system's ids.
        account_id
            Its column with ours.

        Raises
        ------
        InputError
            The table cannot be read, lacks a column, or gives an id to two accounts.
        """
        raw = open_raw(self.backend.con, path, called=called)
        for column in (account_id, system):
            refuse_absent(column, raw, asked_by="the mapping of [book] identifiers")
        ours, theirs = (as_text(quoted(c), raw.types[c]) for c in (account_id, system))
        with raw.explaining():
            self._run(
                f"CREATE OR REPLACE TABLE {quoted(IDENTIFIERS)} AS SELECT DISTINCT {theirs} AS "
                f"{quoted(FOREIGN_ID)}, {ours} AS {quoted(MAPPED_ID)} FROM {raw.relation} "
                f"WHERE {theirs} IS NOT NULL AND {ours} IS NOT NULL"
            )
        self._refuse_ambiguous(system, called)

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

    def _refuse_ambiguous(self, system: str, called: str) -> None:
        """Refuse an id that stands for two accounts: whose its rows are cannot be told."""
        twice = self._run(
            f"SELECT {quoted(FOREIGN_ID)}, min({quoted(MAPPED_ID)}), max({quoted(MAPPED_ID)}) "
            f"FROM {quoted(IDENTIFIERS)} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"
        )
        if twice:
            named = some((f"{theirs!r} ({one!r} and {other!r})" for theirs, one, other in twice), _MOST_SHOWN)
            raise InputError(
                f"{called} gives {len(twice)} ids of {system} to several accounts: {named}; keep one account "
                "for each id"
            )

    def _refuse_twice(self, typed: str, called: str) -> None:
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
                f"{called} holds {len(twice)} account ids more than once: {twice[:_MOST_SHOWN]}{more}; "
                "keep one row per account"
            )

    def _keep_used(self, typing: Typing, typed: str) -> None:
        """Give the usable rows their final columns under the table's name."""
        names = [quoted(column.name) for column in typing.known]
        extras = list(typing.extras)
        numeric = self._numeric(typed, extras) if typing.table.name == "accounts" else set()
        for name in extras:
            number = as_kind(as_text(quoted(name), "VARCHAR", kind="number"), "number")
            names.append(f"{number} AS {quoted(name)}" if name in numeric else quoted(name))
        self._run(
            f"CREATE OR REPLACE VIEW {quoted(typing.table.name)} AS "
            f"SELECT {', '.join(names)} FROM {quoted(typed)} WHERE {is_used(typing)}"
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
            f"{raw.called} has no column {sorted(unknown.values())}, which {section} in standfast.toml "
            f"maps to {sorted(unknown)}; its columns are {list(raw.types)}"
        )
    used = set(mapped.values())
    taken = mapped | {n: n for n in table.names if n not in mapped and n in raw.types and n not in used}
    if missing := [name for name in table.needed if name not in taken]:
        raise InputError(
            f"{raw.called} lacks columns {missing}; add them, or map them under {section} in standfast.toml"
        )
    return taken


def _nothing_usable(table: Table, called: str, n_rows: int, reasons: Mapping[str, int]) -> InputError:
    if not n_rows:
        return no_rows(called)
    why = "; ".join(f"{reason} ({n} rows)" for reason, n in reasons.items())
    needs = ", ".join(f"{c.name} as {KIND_WORDS[c.kind]}" for c in table.columns if c.needed)
    return InputError(f"{called}: none of its {n_rows} rows can be used: {why}; the table needs {needs}")
