"""A ledger in one plain file, and back: a ZIP of a manifest and one file of JSON lines per table.

The rows are those of one moment, whoever writes meanwhile. The file holds hashes of passwords and keys, so
only its owner may read it. Sessions and kept answers are not in it: they mean nothing in another ledger.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_all_tables import ANSWERS, LEDGER, SESSIONS
from standfast.adapters.ledger_audit import note
from standfast.adapters.ledger_revision import REVISIONS
from standfast.adapters.whole_file import whole_file
from standfast.errors import InputError

KIND = "standfast ledger"
TABLES = tuple(table for table in LEDGER.sorted_tables if table not in {ANSWERS, SESSIONS})
"""What is kept, each table after those it refers to."""
_MANIFEST = "manifest.json"
_ROWS_AT_ONCE = 20_000
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, EOFError)


@dataclass(frozen=True)
class Part:
    """The rows of one table in a backup: how many, and what their lines hash to."""

    n_rows: int
    sha256: str


@dataclass(frozen=True)
class Backup:
    """What a backup holds; ``made_at`` is in UTC."""

    made_at: str
    revision: str
    parts: Mapping[str, Part]

    @property
    def n_rows(self) -> int:
        """Rows of all tables."""
        return sum(part.n_rows for part in self.parts.values())


def write_backup(ledger: Ledger, file: Path, *, who: str) -> Backup:
    """Write all books of a ledger to a file, as they are at one moment.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    made_at = now().isoformat(timespec="seconds")
    with whole_file(file) as part, ledger.reading_one_moment() as connection:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(handle, "wb") as raw,
            zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box,
        ):
            backup = Backup(made_at, REVISIONS[-1], {t.name: _write(box, connection, t) for t in TABLES})
            box.writestr(_MANIFEST, json.dumps({"kind": KIND, **asdict(backup)}, indent=1))
    note(ledger, who=who, action="ledger backed up", details={"file": file.name, "n_rows": backup.n_rows})
    return backup


def check_backup(file: Path) -> Backup:
    """Give what a backup holds, once every line of it is as it was written.

    Raises
    ------
    InputError
        The file is not there, is no backup, was changed, or a newer standfast wrote it.
    """
    with opened_backup(file) as box:
        told = json.loads(box.read(_MANIFEST))
        if told["kind"] != KIND:
            raise InputError(f"{file} is no backup of a ledger")
        if told["revision"] not in REVISIONS:
            raise InputError(
                f"{file} was written by a newer standfast (revision {told['revision']}, this one knows them "
                f"up to {REVISIONS[-1]}); upgrade standfast here, too"
            )
        parts = {name: Part(**part) for name, part in told["parts"].items()}
        for name, part in parts.items():
            if _part_of(box, name) != part:
                raise InputError(
                    f"{file} was changed or damaged: {name} is not as it was written; take another"
                )
    return Backup(told["made_at"], told["revision"], parts)


def _write(box: zipfile.ZipFile, connection: sa.Connection, table: sa.Table) -> Part:
    """Write a table as JSON lines, the names of its columns first."""
    names = [column.name for column in table.columns]
    wanted = sa.select(table).order_by(*table.primary_key.columns)
    print_, n_rows = hashlib.sha256(), 0
    with box.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
        text = _line(names)
        print_.update(text)
        lines.write(text)
        for rows in connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(wanted).partitions():
            text = b"".join(_line(list(row)) for row in rows)
            print_.update(text)
            lines.write(text)
            n_rows += len(rows)
    return Part(n_rows, print_.hexdigest())


def _line(cells: list[Any]) -> bytes:
    return json.dumps(cells, default=str, separators=(",", ":")).encode() + b"\n"


def _part_of(box: zipfile.ZipFile, name: str) -> Part:
    print_, n_lines = hashlib.sha256(), 0
    with box.open(f"{name}.jsonl") as lines:
        for line in lines:
            print_.update(line)
            n_lines += 1
    return Part(n_lines - 1, print_.hexdigest())


def rows_of(box: zipfile.ZipFile, name: str) -> Iterator[tuple[list[str], list[list[Any]]]]:
    """Give the rows of a table in stretches, each with the names of its columns."""
    with box.open(f"{name}.jsonl") as lines:
        names = json.loads(next(lines))
        rows: list[list[Any]] = []
        for line in lines:
            rows.append(json.loads(line))
            if len(rows) == _ROWS_AT_ONCE:
                yield names, rows
                rows = []
        if rows:
            yield names, rows


@contextmanager
def opened_backup(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as box:
            yield box
    except OSError as problem:
        raise InputError(f"cannot read {file} ({problem.strerror or problem})") from None
    except _BROKEN as problem:
        raise InputError(f"{file} is no whole backup of a ledger ({problem}); take another") from None
