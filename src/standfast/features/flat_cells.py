"""What ``[read.accounts]`` says of a flat table: the order of its dates and the unit of its revenue."""

import re

import pandas as pd

from standfast.errors import SettingsError
from standfast.features.read_policy import TIMES_PER_YEAR, Period, ReadPolicy
from standfast.schema import ANNUAL_REVENUE

_DATE = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:,?\s+(\d{1,2}:\d{2}.*))?\s*")
_READ = {"date_order", "cents", "amount_period"}


def refuse_unread(policy: ReadPolicy, *, source: str) -> None:
    """Refuse what is said of the cells and means nothing in a flat table, which keeps them as they stand.

    Raises
    ------
    SettingsError
        Names the keys.
    """
    plain = vars(ReadPolicy())
    unread = sorted(key for key, value in vars(policy).items() if value != plain[key] and key not in _READ)
    if unread:
        raise SettingsError(
            f"{source}: [read.accounts] {', '.join(unread)}: a flat table is read as it stands, but for "
            f"{', '.join(sorted(_READ))}; take it out and export the table so"
        )


def year_first(rows: pd.DataFrame, *, policy: ReadPolicy) -> pd.DataFrame:
    """Give the rows with cells like 27/07/2023 written like 2023-07-27; other cells stay.

    >>> day_first = ReadPolicy(date_order="day_first")
    >>> year_first(pd.DataFrame({"since": ["5/7/2023", "2023-07-06", "a 1/2/2023"]}), policy=day_first)
            since
    0  2023-07-05
    1  2023-07-06
    2  a 1/2/2023
    """
    if policy.date_order == "year_first":
        return rows
    day, month = (1, 2) if policy.date_order == "day_first" else (2, 1)

    def turned(cell: object) -> object:
        found = _DATE.fullmatch(cell) if isinstance(cell, str) else None
        if found is None:
            return cell
        time = f" {found[4]}" if found[4] else ""
        return f"{found[3]}-{int(found[month]):02d}-{int(found[day]):02d}{time}"

    texts = [name for name in rows.columns if pd.api.types.is_string_dtype(rows[name])]
    return rows.assign(**{name: rows[name].map(turned) for name in texts})


def yearly_factor(policy: ReadPolicy, *, revenue_period: Period) -> float:
    """Give what revenue as written is to be multiplied with, to be money per year."""
    times = TIMES_PER_YEAR[policy.amount_period or revenue_period]
    return times / 100 if ANNUAL_REVENUE in policy.cents else times
