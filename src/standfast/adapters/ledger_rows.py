"""Frames into rows of the ledger's tables and back: empty cells are NULL, days are days."""

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
import sqlalchemy as sa

_ROWS_AT_ONCE = 20_000
_DTYPES: Mapping[type, str] = {sa.String: "str", sa.Float: "float64", sa.Date: "datetime64[s]"}


def insert_frame(connection: sa.Connection, table: sa.Table, frame: pd.DataFrame, **same: Any) -> None:
    """Add the rows of a frame, each with what is the ``same`` in all; other columns of the frame are left."""
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        columns = {c.name: _cells(part[c.name], c.type) for c in table.columns if c.name in part}
        rows = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
        connection.execute(sa.insert(table), [{**same, **row} for row in rows])


def insert_one(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> int:
    """Add a row, and give the number it got."""
    key = connection.execute(sa.insert(table), dict(row)).inserted_primary_key
    return int(key[0]) if key else 0


def read_rows(connection: sa.Connection, wanted: sa.Select[Any]) -> pd.DataFrame:
    """Give what a query finds, its text, figures and days typed, without rows too."""
    columns = list(wanted.selected_columns)
    names = [str(column.name) for column in columns]
    frame = pd.DataFrame.from_records([tuple(row) for row in connection.execute(wanted)], columns=names)
    return frame.astype({n: dtype for n, c in zip(names, columns, strict=True) if (dtype := _dtype(c.type))})


def plain_json(values: Any) -> Any:
    """Give values as every database's JSON takes them: what is not a finite number becomes null.

    >>> plain_json({"gap": float("nan"), "lambda": 2.5, "by_owner": ("ann",)})
    {'gap': None, 'lambda': 2.5, 'by_owner': ['ann']}
    """
    return json.loads(json.dumps(values, default=_plain), parse_constant=lambda _: None)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def _dtype(kind: Any) -> str | None:
    return next((dtype for sql, dtype in _DTYPES.items() if isinstance(kind, sql)), None)


def _cells(values: pd.Series, kind: Any) -> list[Any]:
    """Give the cells as a database driver takes them."""
    if isinstance(kind, sa.Date):
        cells = pd.to_datetime(values).dt.date.astype(object)
    elif isinstance(kind, sa.String):
        cells = values.astype("str").astype(object)
    else:
        cells = values.astype(object)
    return cells.where(values.notna(), None).tolist()
