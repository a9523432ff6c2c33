"""One account's cells in standfast's words, read as ``prepare_flat`` reads a table of one row."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from standfast.features.flat_cells import yearly_factor
from standfast.features.one_row import is_blank
from standfast.pipelines.flat import MONEY
from standfast.pipelines.scoring import FLAG_NUMBERS, TRAVELLERS, TRAVELLING_NUMBERS
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, CALENDAR_DATES, LABELS, OBSERVATION_DATE
from standfast.settings import Settings

Cells = dict[str, Any]

_ROOM = ("seat_utilisation", "usage_limit_share")


class UnusualCellError(Exception):
    """A cell that only the reader of tables knows how to take."""


@dataclass(frozen=True)
class CellReader:
    """How an account's cells become cells in standfast's words.

    Parameters
    ----------
    names
        What the user's columns are called here.
    factor
        Times ``annual_revenue`` as written is to be taken to be money per year.
    is_usual
        Whether nothing is said of the cells that only the reader of tables knows.
    """

    names: Mapping[str, str]
    factor: float
    is_usual: bool

    def read(self, account: Mapping[str, Any]) -> Cells:
        """Give the cells by canonical name, blank ones None.

        Raises
        ------
        UnusualCellError
            A column is missing, or a cell is a label, money in words, or otherwise not as it mostly is.
        """
        needed = {column for column, name in self.names.items() if name not in LABELS}
        if not self.is_usual or not account.keys() >= needed:
            raise UnusualCellError
        names = {column: name for column, name in self.names.items() if column in account}
        ours = set(names.values())
        kept = {name: cell for name, cell in account.items() if name in names or name not in ours}
        cells = {names.get(name, name): None if is_blank(cell) else cell for name, cell in kept.items()}
        if any(label in cells for label in LABELS):
            raise UnusualCellError
        cells[ACCOUNT_ID] = _id_of(cells.get(ACCOUNT_ID))
        cells |= {name: _amount(cells[name]) for name in (*MONEY, *_ROOM) if name in cells}
        if (revenue := cells.get(ANNUAL_REVENUE)) is not None:
            cells[ANNUAL_REVENUE] = revenue * self.factor
        _refuse_margin(cells.get("gross_margin"))
        if (day := cells.get(OBSERVATION_DATE)) is not None:
            cells[OBSERVATION_DATE] = _date(day)
        return cells


def reader_for(settings: Settings, *, is_flat: bool) -> CellReader:
    """Give the reader of a book's accounts; rows of a book with events come in standfast's words."""
    if not is_flat:
        return CellReader({}, 1.0, is_usual=True)
    policy, mapping = settings.reading_of("accounts").policy, settings.columns.accounts
    names = {column: name for name, column in mapping.items()}
    return CellReader(
        names,
        yearly_factor(policy, revenue_period=settings.units.revenue_period),
        is_usual=policy.date_order == "year_first" and len(set(mapping.values())) == len(mapping),
    )


def travelling(cells: Cells) -> Cells:
    """Give what travels to the plan beside the scores, as the plan reads it."""
    return {name: _travels(cells[name], name) for name in TRAVELLERS if name in cells}


def _travels(cell: Any, name: str) -> Any:
    if cell is None:
        return None
    if name in CALENDAR_DATES:
        day = pd.to_datetime(cell, errors="coerce")
        return None if pd.isna(day) else day.tz_localize(None).as_unit("us")
    if name in TRAVELLING_NUMBERS and isinstance(cell, str):
        text = cell.strip().lower()
        number = float(pd.to_numeric(FLAG_NUMBERS.get(text, text), errors="coerce"))
        return None if math.isnan(number) else number
    return cell


def _id_of(cell: Any) -> str:
    """Give an id as text; 7.0 is 7."""
    text = "" if cell is None else str(cell).strip()
    if isinstance(cell, (float, np.floating)):
        text = text.removesuffix(".0")
    if not text:
        raise UnusualCellError
    return text


def _amount(cell: Any) -> float | None:
    if cell is None:
        return None
    if isinstance(cell, str) or not math.isfinite(cell):
        raise UnusualCellError
    return float(cell)


def _refuse_margin(margin: Any) -> None:
    """Refuse what is no share from 0 to 1."""
    if margin is not None and (isinstance(margin, str) or not 0 <= margin <= 1):
        raise UnusualCellError


def _date(cell: Any) -> pd.Timestamp:
    if isinstance(cell, pd.Timestamp):
        return cell.tz_convert("UTC").tz_localize(None) if cell.tzinfo else cell
    day = pd.to_datetime(cell, errors="coerce", format="ISO8601", utc=True)
    if pd.isna(day):
        raise UnusualCellError
    return pd.Timestamp(day).tz_localize(None)
