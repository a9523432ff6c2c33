"""Rows of frames as JSON: plain cells, days as days; and lists page by page."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from standfast.report.plain_values import plain
from standfast.schema import ACCOUNT_ID
from standfast.service.problems import Problem

_MIDNIGHT = " 00:00:00"


@dataclass(frozen=True)
class Part:
    """A part of a list, and where the next one begins; None at the end."""

    rows: list[dict[str, Any]]
    next_cursor: str | None
    n_total: int


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a frame; what is not known is null, a midnight is a day."""
    return [row_of(row) for row in frame.to_dict("records")]


def row_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Give one row, as ``rows_of`` does."""
    return {str(name): cell(value) for name, value in row.items()}


def cell(value: Any) -> Any:
    """Give one value as JSON knows it."""
    if isinstance(value, pd.Timestamp):
        return None if value is pd.NaT else str(value).removesuffix(_MIDNIGHT).replace(" ", "T")
    return plain(value)


def of_account(records: pd.DataFrame, account_id: str) -> pd.DataFrame:
    """Give the records of one account."""
    return records[records[ACCOUNT_ID].astype("str") == account_id]


def having(rows: pd.DataFrame, wanted: Mapping[str, str | None]) -> pd.DataFrame:
    """Give the rows whose cells are what is wanted; None wants anything."""
    for name, value in wanted.items():
        if value is not None:
            rows = rows[(rows[name].astype("str") == value).fillna(False).to_numpy(dtype=bool)]
    return rows


def part_of(
    frame: pd.DataFrame, *, key: str, sort: str, limit: int, cursor: str | None, columns: Sequence[str]
) -> Part:
    """Give the rows that follow a cursor, by ``sort`` and then by ``key``; unknown values come last.

    The cursor holds the last row's value and key, not its number: it goes on at the right place also on
    another instance, or when the book was laid anew.

    Parameters
    ----------
    key
        The column that tells rows apart.
    sort
        A column; with ``-`` before it the largest first.
    """
    name, falls = sort.removeprefix("-"), sort.startswith("-")
    if name not in frame:
        known = ", ".join(str(column) for column in frame.columns)
        raise _bad("sort", sort, f"no column {name!r} to sort by; there are {known}")
    ordered = frame.iloc[_order(_sortable(frame[name]), frame[key], falls=falls)]
    start = (
        0 if cursor is None else _n_passed(ordered, name, key, falls=falls, told=read_cursor(cursor, sort))
    )
    part = ordered.iloc[start : start + limit]
    more = start + limit < len(ordered)
    return Part(
        rows_of(part.reindex(columns=[*columns])),
        cursor_of(sort, part.iloc[-1][name], part.iloc[-1][key]) if more else None,
        len(frame),
    )


def _order(values: pd.Series, keys: pd.Series, *, falls: bool) -> Any:
    """Give the places of the rows by value, then by key; what is not known comes last."""
    ranks = values.rank(method="dense").fillna(0).to_numpy()
    unknown = values.isna().to_numpy()
    return np.lexsort((keys.astype(str).to_numpy(dtype=object), -ranks if falls else ranks, unknown))


def _sortable(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.astype("float64")
        return numbers.where(np.isfinite(numbers))
    return values.astype("str")


def cursor_of(sort: str, value: Any, key: Any) -> str:
    """Give what asks for the part behind a row, by its value and its key."""
    told = json.dumps([sort, cell(value), str(key)], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _n_passed(ordered: pd.DataFrame, name: str, key: str, *, falls: bool, told: tuple[Any, str]) -> int:
    """Give how many rows lie before the cursor's, or are it."""
    value, last = told
    values = _sortable(ordered[name])
    unknown = values.isna().to_numpy()
    known_key = ordered[key].astype(str).to_numpy(dtype=object) <= last
    if value is None:
        return int((~unknown | known_key).sum())
    try:
        met = pd.Timestamp(value) if pd.api.types.is_datetime64_any_dtype(values.dtype) else value
        before = (values > met) if falls else (values < met)
        passed = before.to_numpy(dtype=bool, na_value=False) | (
            (values == met).to_numpy(dtype=bool, na_value=False) & known_key
        )
    except (TypeError, ValueError):
        raise _bad("cursor", str(value), "this cursor is of another list; begin without one") from None
    return int((passed & ~unknown).sum())


def read_cursor(cursor: str, sort: str) -> tuple[Any, str]:
    """Give the value and the key that a cursor holds.

    Raises
    ------
    Problem
        It is none, or one of a list in another order.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        told = json.loads(base64.urlsafe_b64decode(padded.encode()))
        of, value, last = told
    except (binascii.Error, ValueError, TypeError):
        raise _bad("cursor", cursor, "this is no cursor; send the next_cursor of the part before") from None
    if of != sort or not isinstance(last, str) or isinstance(value, (list, dict)):
        raise _bad("cursor", cursor, f"this cursor goes with sort={of!r}; sort alike, or begin without one")
    return value, last


def _bad(name: str, value: str, why: str) -> Problem:
    told: Mapping[str, Any] = {"field": f"query.{name}", "value": value[:200], "message": why}
    return Problem(422, f"{name}: {value[:200]!r}: {why}", errors=[told])
