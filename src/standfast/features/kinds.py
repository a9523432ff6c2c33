"""What kind of column each one is, told from its values as the models will read them."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.features.cells import (
    as_days,
    as_number,
    as_numbers,
    is_date_dtype,
    is_number_dtype,
    values_and_codes,
)

Kind = Literal["number", "category", "date", "identifier", "constant"]

IDENTIFIER_SHARE = 0.9
_LEAST_IDENTIFIERS = 20
_OTHER_DATE = re.compile(r"(\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}[/.]\d{1,2}[/.]\d{1,2})([ T].*)?")
_ID_NAME = re.compile(
    r"(^|[^a-z])(id|key|uuid|guid|number|no|nr|row|rownumber|index)$|(?<=[a-z])(Id|ID|Key|Number)$"
    r"|^(column \d+|unnamed: \d+)$",
    re.ASCII,
)
"""Names of ids and row counters, among them those that a nameless first column is given."""


@dataclass(frozen=True, eq=False)
class ColumnKind:
    """A column's kind, and its cells as numbers where it is one.

    Parameters
    ----------
    numbers
        Numbers, or days since 1970 for dates; NaN where the cell is blank. None for other kinds.
    codes
        Which distinct value each cell holds; -1 where it is blank. None for numbers and dates.
    is_readable
        False for dates in a form the models do not read, such as 27-07-2023.
    """

    name: str
    kind: Kind
    n_missing: int
    n_distinct: int
    note: str = ""
    numbers: NDArray[np.float64] | None = None
    codes: NDArray[np.intp] | None = None
    is_readable: bool = True

    def __str__(self) -> str:
        """Give one line such as "TotalCharges: number, 11 blank"."""
        blank = f"{self.n_missing:,} blank" if self.n_missing else ""
        return f"{self.name}: " + ", ".join(part for part in (self.kind, self.note, blank) if part)


def column_kind(column: pd.Series, *, identifier_share: float = IDENTIFIER_SHARE) -> ColumnKind:
    """Give the kind of one column."""
    name = str(column.name)
    if is_number_dtype(column.dtype):
        return _of_numbers(name, as_numbers(column))
    if is_date_dtype(column.dtype):
        return _of_days(name, _days(column))
    codes, values = values_and_codes(column)
    codes, values = _without_blanks(codes, values)
    if not values:
        return ColumnKind(name, "constant", len(column), 0, "nothing in it", codes=codes)
    if (numbers := _numbers_of(values)) is not None:
        return _of_numbers(name, np.append(numbers, np.nan)[codes])
    days = np.array([as_days(value) for value in values], dtype=np.float64)
    if np.isfinite(days).all():
        return _of_days(name, np.append(days, np.nan)[codes])
    return _of_texts(name, codes, values, identifier_share=identifier_share)


def column_kinds(
    frame: pd.DataFrame, *, identifier_share: float = IDENTIFIER_SHARE
) -> tuple[ColumnKind, ...]:
    """Give the kind of each column of ``frame``, in order."""
    return tuple(column_kind(frame[name], identifier_share=identifier_share) for name in frame.columns)


def _without_blanks(codes: NDArray[np.intp], values: list[object]) -> tuple[NDArray[np.intp], list[object]]:
    """Count cells with nothing but spaces as missing."""
    kept = [not isinstance(value, str) or bool(value.strip()) for value in values]
    renumbered = np.where(kept, np.cumsum(kept) - 1, -1)
    return np.append(renumbered, -1)[codes], [value for value, keep in zip(values, kept, strict=True) if keep]


def _numbers_of(values: list[object]) -> NDArray[np.float64] | None:
    """Give the number of each distinct value, or None where one of them is not a number."""
    numbers = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce").to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    numbers = numbers.copy()
    for place in np.flatnonzero(~np.isfinite(numbers)):
        numbers[place] = as_number(values[place])
        if np.isinf(numbers[place]):
            return None
    return numbers if np.isfinite(numbers).any() else None


def _days(column: pd.Series) -> NDArray[np.float64]:
    times = pd.to_datetime(column, utc=True)
    return np.asarray((times - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1), dtype=np.float64)


def _of_numbers(name: str, numbers: NDArray[np.float64]) -> ColumnKind:
    known = numbers[np.isfinite(numbers)]
    n_distinct = len(np.unique(known))
    n_missing = len(numbers) - len(known)
    if _is_constant(n_distinct, n_missing):
        return ColumnKind(
            name, "constant", n_missing, n_distinct, "one value" if n_distinct else "nothing in it"
        )
    if _counts_rows(name, known, n_distinct, n_missing):
        return ColumnKind(
            name, "identifier", n_missing, n_distinct, "another value in each row", numbers=numbers
        )
    return ColumnKind(name, "number", n_missing, n_distinct, numbers=numbers)


def _is_constant(n_distinct: int, n_missing: int) -> bool:
    """One value in some rows and none in others still tells rows apart."""
    return n_distinct == 0 or (n_distinct == 1 and n_missing == 0)


def _counts_rows(name: str, known: NDArray[np.float64], n_distinct: int, n_missing: int) -> bool:
    """Whether whole numbers are ids: all different, and named like ids; amounts can all differ too."""
    if n_missing or n_distinct < len(known) or len(known) < _LEAST_IDENTIFIERS or (known % 1 != 0).any():
        return False
    return _ID_NAME.search(name) is not None or _ID_NAME.search(name.casefold()) is not None


def _of_days(name: str, days: NDArray[np.float64]) -> ColumnKind:
    known = days[np.isfinite(days)]
    n_distinct = len(np.unique(known))
    n_missing = len(days) - len(known)
    if _is_constant(n_distinct, n_missing):
        return ColumnKind(
            name, "constant", n_missing, n_distinct, "one date" if n_distinct else "nothing in it"
        )
    return ColumnKind(name, "date", n_missing, n_distinct, numbers=days)


def _of_texts(
    name: str, codes: NDArray[np.intp], values: list[object], *, identifier_share: float
) -> ColumnKind:
    n_missing, n_distinct = int((codes < 0).sum()), len(values)
    texts = [str(value).strip() for value in values]
    if all(_OTHER_DATE.fullmatch(text) for text in texts):
        note = f"written like {texts[0]}"
        return ColumnKind(name, "date", n_missing, n_distinct, note, codes=codes, is_readable=False)
    if _is_constant(n_distinct, n_missing):
        return ColumnKind(name, "constant", n_missing, n_distinct, f"always {texts[0]!r}", codes=codes)
    if n_distinct >= max(_LEAST_IDENTIFIERS, identifier_share * (len(codes) - n_missing)):
        return ColumnKind(
            name, "identifier", n_missing, n_distinct, "another text in nearly each row", codes=codes
        )
    values_met = f"{n_distinct:,} value" + ("s" if n_distinct > 1 else "")
    return ColumnKind(name, "category", n_missing, n_distinct, values_met, codes=codes)
