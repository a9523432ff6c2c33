"""The observation period: months and days counted from its first day, up to a fixed last day."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from standfast.sample.streams import Whole

LAST_DAY = dt.date(2025, 12, 31)
"""The period ends here, whatever the clock says: a sample of today would differ tomorrow."""

NEVER = 10**6
"""Day number of something that has not happened."""

Dates = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Period:
    """``n_months`` whole months up to ``LAST_DAY``; day 0 is the first day."""

    n_months: int

    @property
    def first_day(self) -> np.datetime64:
        """First day of the period."""
        year, month = divmod(12 * LAST_DAY.year + LAST_DAY.month - self.n_months, 12)
        return np.datetime64(dt.date(year, month + 1, 1), "D")

    @property
    def n_days(self) -> int:
        """Days in the period."""
        return int((np.datetime64(LAST_DAY, "D") - self.first_day).astype(np.int64)) + 1

    def month_starts(self) -> Whole:
        """Day numbers on which the months begin."""
        return self.day_at(np.arange(self.n_months), 1)

    def day_at(self, month: npt.ArrayLike, day_of_month: npt.ArrayLike) -> Whole:
        """Day number of a day (1 to 28) in a month counted from the first month; both may be arrays."""
        months = self.first_day.astype("datetime64[M]") + np.asarray(month).astype("timedelta64[M]")
        days = (months.astype("datetime64[D]") - self.first_day).astype(np.int64)
        return np.asarray(days + np.asarray(day_of_month) - 1, dtype=np.int64)

    def month_of(self, day: npt.ArrayLike) -> Whole:
        """Month in which a day number falls, held inside the period."""
        month = np.searchsorted(self.month_starts(), np.asarray(day), side="right") - 1
        return np.clip(month, 0, self.n_months - 1).astype(np.int64)

    def dates(self, day: npt.ArrayLike, *, until_end: bool = True) -> Dates:
        """Dates of day numbers; what never happened, or (``until_end``) lies after the period, is empty."""
        days = np.asarray(day)
        unknown = days >= (self.n_days if until_end else NEVER)
        dates = self.first_day + np.where(unknown, 0, days).astype("timedelta64[D]")
        return np.where(unknown, np.datetime64("NaT"), dates).astype("datetime64[s]")

    def weekdays(self) -> Whole:
        """Weekday of each day of the period, Monday 0."""
        return np.asarray((np.arange(self.n_days) + self.first_day.astype(np.int64) + 3) % 7, dtype=np.int64)
