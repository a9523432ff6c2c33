"""A ledger made again from a backup: whole or not at all, and never over another by accident."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import sqlalchemy as sa

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_all_tables import LEDGER, SCORES
from standfast.adapters.ledger_audit import note
from standfast.adapters.ledger_backup import TABLES, Backup, check_backup, opened_backup, rows_of
from standfast.adapters.ledger_bulk import insert_numbers
from standfast.errors import StateError


def restore_backup(ledger: Ledger, file: Path, *, replace: bool, who: str) -> Backup:
    """Bring a ledger to what a backup holds; killed half-way, it is as it was.

    Parameters
    ----------
    replace
        Whether rows that are there may go.

    Raises
    ------
    InputError
        The file is no whole backup.
    StateError
        The ledger holds rows already, and they may not go.
    """
    backup = check_backup(file)
    with ledger.together() as work, work.writing() as connection:
        if not replace:
            _refuse_rows(connection)
        for table in reversed(LEDGER.sorted_tables):
            connection.execute(sa.delete(table))
        with opened_backup(file) as box:
            for table in [table for table in TABLES if table.name in backup.parts]:
                _fill(connection, table, box)
        _count_on(connection)
        details = {"file": file.name, "made_at": backup.made_at, "n_rows": backup.n_rows}
        note(work, who=who, action="ledger restored", details=details)
    return backup


def _refuse_rows(connection: sa.Connection) -> None:
    for table in TABLES:
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            raise StateError(
                f"the ledger holds rows already (in {table.name}); back it up first, then say --replace, "
                "or restore into another"
            )


def _fill(connection: sa.Connection, table: sa.Table, box: ZipFile) -> None:
    for names, rows in rows_of(box, table.name):
        if table is SCORES:
            insert_numbers(connection, table, names, [tuple(row) for row in rows])
        else:
            connection.execute(sa.insert(table), _typed(table, names, rows))


def _typed(table: sa.Table, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Give the cells as the database takes them: days and moments from their text."""
    read = [_reader(table.c[name].type) for name in names]
    return [
        {
            name: cell if of is None or cell is None else of(cell)
            for name, of, cell in zip(names, read, row, strict=True)
        }
        for row in rows
    ]


def _reader(kind: Any) -> Any:
    if isinstance(kind, sa.DateTime):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(kind, sa.Date) else None


def _count_on(connection: sa.Connection) -> None:
    """Let PostgreSQL number new rows from where the backup ends; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES:
        keys = [column for column in table.primary_key.columns if column.autoincrement is not False]
        if len(keys) == 1 and isinstance(keys[0].type, sa.Integer) and not keys[0].foreign_keys:
            newest = sa.select(sa.func.coalesce(sa.func.max(keys[0]), 0) + 1).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, keys[0].name)
            connection.execute(sa.select(sa.func.setval(sequence, newest, sa.false())))
