"""Many rows of figures at once, past SQLAlchemy's own way, which takes a dictionary per row."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

_ROWS_AT_ONCE = 50_000


def insert_columns(connection: sa.Connection, table: sa.Table, frame: pd.DataFrame) -> None:
    """Add the rows of a frame of numbers, by the columns that the table and the frame share; NaN is NULL."""
    names = [column.name for column in table.columns if column.name in frame]
    for rows in _stretches(frame[names], table):
        insert_numbers(connection, table, names, rows)


def insert_numbers(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Add rows of plain numbers and None, in the order of the columns named."""
    if connection.dialect.name == "postgresql":
        _copy(connection, table.name, names, rows)
        return
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", rows)


def _copy(connection: sa.Connection, table: str, names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Stream the rows by PostgreSQL's COPY, within the transaction that is open."""
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _stretches(frame: pd.DataFrame, table: sa.Table) -> Iterator[list[tuple[Any, ...]]]:
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        cells = [_cells(part[name], table.c[name].type) for name in part.columns]
        yield list(zip(*cells, strict=True))


def _cells(values: pd.Series, kind: Any) -> list[Any]:
    whole = isinstance(kind, sa.Integer)
    if whole and not values.isna().any():
        cells: list[Any] = values.astype("int64").tolist()
        return cells
    return [None if cell != cell else int(cell) if whole else cell for cell in values.tolist()]  # noqa: PLR0124
