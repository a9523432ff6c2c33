"""Rows of results as people and files tell them, typed and checked before anything is kept."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from standfast.adapters.formula_safety import undefuse
from standfast.adapters.tables import read_flat_table
from standfast.decision.campaign_policy import RESULTS
from standfast.decision.columns import Bools
from standfast.errors import InputError
from standfast.schema import ACCOUNT_ID

RESULT_COLUMNS = (ACCOUNT_ID, "day", "result", "channel", "minutes", "cost", "revenue", "note")
NEEDED = (ACCOUNT_ID, "minutes", "result")
TOUCH_CHANNELS = ("call", "in_person", "review", "email", "digital")
"""The first is meant where nothing is said."""
MOST_MONEY = 1e12
_SHOWN = 3


def read_results(file: Path) -> pd.DataFrame:
    """Give the rows of a results file; ids that we wrote formula-safe are as they were.

    Raises
    ------
    InputError
        The file cannot be read, or lacks a column that is needed.
    """
    rows = read_flat_table(file)
    if file.suffix.lower() not in {".parquet", ".pq"}:
        rows = undefuse(rows)
    rows.columns = pd.Index([str(name).strip().lower() for name in rows.columns])
    if lacking := [name for name in NEEDED if name not in rows]:
        raise InputError(
            f"{file.name} lacks columns {lacking}; a results file has {', '.join(RESULT_COLUMNS)}"
        )
    return rows


def results_from(rows: pd.DataFrame, *, default_day: date, source: str) -> pd.DataFrame:
    """Give rows of results as they are kept: each figure a number, each word a known one.

    Raises
    ------
    InputError
        An id or a result is missing, a figure is impossible, or a contact is told in two ways; the first
        rows are named.
    """
    told = rows.reindex(columns=list(RESULT_COLUMNS))
    ids = told[ACCOUNT_ID].astype("str").str.strip()
    _refuse(told, ids.isna().to_numpy() | (ids == "").to_numpy(), "account_id", "is empty", source)
    checked = pd.DataFrame(
        {
            ACCOUNT_ID: ids.astype(object),
            "day": _days(told, default_day, source),
            "result": _words(told, "result", RESULTS, None, source),
            "channel": _words(told, "channel", TOUCH_CHANNELS, TOUCH_CHANNELS[0], source),
            "minutes": _amounts(told, "minutes", source, is_needed=True),
            "direct_cost": _amounts(told, "cost", source),
            "revenue": _amounts(told, "revenue", source),
            "note": told["note"].astype(object).where(told["note"].notna(), None),
        }
    )
    _refuse_odd_sales(told, checked, source)
    _refuse_two_ways(checked, source)
    return checked


def _days(told: pd.DataFrame, default_day: date, source: str) -> pd.Series:
    given = told["day"].notna() & (told["day"].astype("str").str.strip() != "")
    days = pd.to_datetime(told["day"].where(given).astype("str"), errors="coerce", format="ISO8601")
    _refuse(told, (days.isna() & given).to_numpy(), "day", "is no date such as 2026-01-31", source)
    return days.fillna(pd.Timestamp(default_day)).dt.date


def _words(
    told: pd.DataFrame, name: str, known: tuple[str, ...], default: str | None, source: str
) -> pd.Series:
    words = told[name].astype("str").str.strip().str.lower().replace("", None)
    words = words.fillna(default) if default else words
    _refuse(told, ~words.isin(known).to_numpy(), name, f"is none of {', '.join(known)}", source)
    return words.astype(object)


def _amounts(told: pd.DataFrame, name: str, source: str, *, is_needed: bool = False) -> pd.Series:
    given = told[name].notna() & (told[name].astype("str").str.strip() != "")
    amounts = pd.to_numeric(told[name].where(given), errors="coerce").astype(float)
    within = np.isfinite(amounts) & (amounts >= 0) & (amounts <= MOST_MONEY)
    _refuse(told, ((given | is_needed) & ~within).to_numpy(), name, "is no number from 0 up", source)
    return amounts.fillna(0.0)


def _refuse_odd_sales(told: pd.DataFrame, checked: pd.DataFrame, source: str) -> None:
    is_sale, wins = (checked["result"] == "sale").to_numpy(), (checked["revenue"] > 0).to_numpy()
    _refuse(told, is_sale & ~wins, "revenue", "is missing for a sale; say what it brings a year", source)
    _refuse(told, ~is_sale & wins, "revenue", "goes with the result sale alone", source)


def _refuse_two_ways(checked: pd.DataFrame, source: str) -> None:
    """Refuse one key with two values: which of them is meant nobody can tell."""
    rows = checked.drop_duplicates()
    twice = rows[rows.duplicated([ACCOUNT_ID, "day", "result"])]
    if len(twice):
        one = twice.iloc[0]
        raise InputError(
            f"{source}: {one[ACCOUNT_ID]!r} has the result {one['result']!r} on {one['day']} more than once, "
            "told differently; add up its minutes and cost in one row; nothing was recorded"
        )


def _refuse(told: pd.DataFrame, wrong: Bools, name: str, why: str, source: str) -> None:
    """Raise with the first rows that are wrong."""
    places = np.flatnonzero(wrong)
    if len(places):
        values = [str(value) for value in told[name].iloc[places[:_SHOWN]]]
        rows = ", ".join(str(place + 1) for place in places[:_SHOWN])
        where = f" in {len(places):,} rows, first in row {rows}" if len(told) > 1 else ""
        raise InputError(f"{source}: {name} {values} {why}{where}; nothing was recorded")
