"""One cell read as a number, a date or a category, whatever type the file gave it."""

import datetime as dt
import math
import re
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.errors import InputError

UNREADABLE = math.inf
"""What a reader gives for a cell that holds something else; NaN means that it holds nothing."""

_MISSING_NUMBERS = {"", "na", "n/a", "nan", "null", "none", "-"}
_FLAGS = {"true": 1.0, "false": 0.0}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T].*)?")
_EPOCH = pd.Timestamp("1970-01-01")
_DAY = pd.Timedelta(days=1)


def is_number_dtype(dtype: Any) -> bool:
    """Whether the column's type alone says number (flags are the numbers 0 and 1)."""
    if str(dtype).startswith("decimal"):
        return True
    return bool(pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_bool_dtype(dtype))


def is_date_dtype(dtype: Any) -> bool:
    """Whether the column's type alone says date."""
    return bool(pd.api.types.is_datetime64_any_dtype(dtype)) or str(dtype).startswith("date")


def as_numbers(column: pd.Series) -> NDArray[np.float64]:
    """Numbers of a column whose type says number; NaN = missing."""
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def values_and_codes(column: pd.Series) -> tuple[NDArray[np.intp], list[Any]]:
    """Which distinct value each cell holds (-1: nothing), and the distinct values.

    Readers then run once per distinct value, which makes text columns as quick as numbers.
    """
    if column.dtype == object:
        column = column.map(_flag_as_word)  # True equals 1, so a column with both would confuse them
    try:
        codes, values = pd.factorize(column, use_na_sentinel=True)
    except TypeError as error:
        raise InputError(
            f"column {column.name!r} holds lists or records, which no model can use; "
            'add it to ignore = ["..."] under [columns] in the settings file'
        ) from error
    return codes, list(values)


def _flag_as_word(value: object) -> object:
    return str(bool(value)).lower() if isinstance(value, (bool, np.bool_)) else value


def as_number(value: object) -> float:
    """Give the number of a cell: NaN where it holds nothing, infinite where it is not a finite number."""
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in _MISSING_NUMBERS:
            return math.nan
        if text.lower() in _FLAGS:
            return _FLAGS[text.lower()]
        return float(text) if _NUMBER.fullmatch(text) else UNREADABLE
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return UNREADABLE


def as_days(value: object) -> float:
    """Days since 1970 of a cell: NaN where it holds nothing, infinite where it is not a date."""
    if isinstance(value, str):
        if not value.strip():
            return math.nan
        if not _DATE.fullmatch(value.strip()):
            return UNREADABLE
    elif not isinstance(value, (dt.date, np.datetime64)):
        return UNREADABLE
    try:
        moment = pd.Timestamp(value.strip() if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return UNREADABLE
    if moment.tzinfo is not None:
        moment = moment.tz_convert("UTC").tz_localize(None)
    return float((moment - _EPOCH) / _DAY)


def as_category(value: object) -> str | None:
    """Category of a cell, the same for 1, 1.0 and "1" and for True and "true"; None where it is blank."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    text = str(value).strip()
    if text.lower() in _FLAGS:
        return text.lower()
    if _NUMBER.fullmatch(text) and not _has_leading_zero(text):
        number = float(text)
        return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
    return text or None


def _has_leading_zero(text: str) -> bool:
    """Whether the text is a code such as a postal "01234" and no number."""
    digits = text.lstrip("+-")
    return len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
