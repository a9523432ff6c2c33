"""Guesses how a table writes its dates, from the values: their order, unix times, and missing zones."""

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from standfast.features.reading_guess import GuessedReading
from standfast.schema import TABLES

_PARTED = r"^(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?:\D.*)?$"
_YEAR_FIRST = r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\D.*)?$"
_UNIX = r"^\d{9,10}(?:\d{3})?(?:\.0)?$"
_CLOCK = r"\d{1,2}:\d{2}"
_ZONE = r"(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$"
_MOST_MONTHS = 12


def guess_dates(
    frame: pd.DataFrame,
    table: str,
    columns: Mapping[str, str],
    *,
    file_name: str,
    usual_order: str = "day_first",
) -> GuessedReading:
    """Give the order of a table's dates, whether they are unix times, and what is odd about them.

    Parameters
    ----------
    columns
        The file's column by canonical name.
    usual_order
        What is taken where no value tells the day from the month: the order of the book's other tables.
    """
    kinds = {column.name: column.kind for column in TABLES[table].columns}
    names = [column for name, column in columns.items() if kinds.get(name) in {"date", "time"}]
    texts = _texts(frame[name] for name in names)
    if len(texts) and texts.str.match(_UNIX).mean() > 0.5:
        return GuessedReading({"timestamps": "unix"}, ("unix times",))
    order = _order(texts, file_name, usual_order)
    return order | _zones(texts, file_name) | _unread(frame, names, file_name)


def guess_order(frame: pd.DataFrame, *, file_name: str) -> GuessedReading:
    """Give the order in which the dates of a frame are written that are not year first."""
    return _order(_texts(frame[name] for name in frame.columns), file_name, "day_first")


def order_told(frame: pd.DataFrame, table: str, columns: Mapping[str, str]) -> str | None:
    """Give the order in which a table's dates can only be meant; None where they do not tell."""
    settings = guess_dates(frame, table, columns, file_name="", usual_order="").settings
    return str(settings["date_order"]) if settings.get("date_order") else None


def _texts(columns: Iterable[pd.Series]) -> pd.Series:
    """Give the cells that hold something as text; dates that a file types itself are none."""
    kept = [
        column.dropna().astype("string").str.strip()
        for column in columns
        if not pd.api.types.is_datetime64_any_dtype(column)
    ]
    return pd.concat(kept, ignore_index=True) if kept else pd.Series([], dtype="string")


def _order(texts: pd.Series, file_name: str, usual_order: str) -> GuessedReading:
    """Give the order in which parted dates are written, if there are any."""
    parts = texts.str.extract(_PARTED).dropna().astype(int)
    if parts.empty:
        return GuessedReading()
    n_day, n_month = int((parts[0] > _MOST_MONTHS).sum()), int((parts[1] > _MOST_MONTHS).sum())
    order = usual_order if n_day == n_month == 0 else "day_first" if n_day >= n_month else "month_first"
    example = texts[parts.index[int(np.argmax(parts[[0, 1]].max(axis=1)))]]
    said = order.replace("_", " ")
    words = f"{order.replace('_', '-')} dates ({example})"
    warnings = []
    if n_day == n_month == 0:
        warnings.append(
            f"{file_name}: {example} can be read day first or month first, and no date tells which; "
            f"{said} was taken: look at date_order under [read]"
        )
    elif n_day and n_month:
        warnings.append(
            f"{file_name}: {n_day:,} dates can only be day first and {n_month:,} only month first; "
            f"{said} was taken, and the others are not read"
        )
    if n_iso := int(texts.str.match(_YEAR_FIRST).sum()):
        warnings.append(f"{file_name}: {n_iso:,} dates are year first and {len(parts):,} like {example}")
    return GuessedReading({"date_order": order}, (words,), tuple(warnings))


def _zones(texts: pd.Series, file_name: str) -> GuessedReading:
    """Tell of times of which some name a zone and some do not."""
    times = texts[texts.str.contains(_CLOCK)]
    has_zone = times.str.contains(_ZONE, flags=re.IGNORECASE)
    n_without = int((~has_zone).sum())
    if not n_without or n_without == len(times):
        return GuessedReading()
    warning = (
        f"{file_name}: {n_without:,} of {len(times):,} times name no time zone "
        f"(such as {times[~has_zone].iloc[0]}), the others do (such as {times[has_zone].iloc[0]}); "
        "those without are read as UTC unless time_zone says where they were written"
    )
    return GuessedReading(
        words=("times with and without a zone",),
        warnings=(warning,),
        hints=('time_zone = "Europe/Berlin"  # where times without a zone were written',),
    )


def _unread(frame: pd.DataFrame, names: Iterable[str], file_name: str) -> GuessedReading:
    """Tell of date columns of which most cells are in no form that is read."""
    warnings = []
    for name in names:
        texts = _texts([frame[name]])
        is_read = texts.str.match(_YEAR_FIRST) | texts.str.match(_PARTED)
        if len(texts) and is_read.mean() < 0.5:
            example = texts[~is_read].iloc[0]
            warnings.append(
                f"{file_name}: {name} is written like {example}, which is not read; write 2023-07-27"
            )
    return GuessedReading(warnings=tuple(warnings))
