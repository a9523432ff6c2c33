import numpy as np
import pandas as pd
import pytest

from standfast.sample.period import NEVER, Period


@pytest.mark.parametrize(("n_months", "first", "n_days"), [(1, "2025-12-01", 31), (24, "2024-01-01", 731)])
def test_the_period_ends_with_2025_whatever_its_length(n_months, first, n_days):
    period = Period(n_months)
    assert period.first_day == np.datetime64(first)
    assert period.n_days == n_days
    assert period.dates(np.array([n_days - 1]))[0] == np.datetime64("2025-12-31")


def test_what_never_happened_or_lies_beyond_the_end_has_no_date():
    period = Period(2)
    beyond = np.array([period.n_days, NEVER])
    assert np.isnat(period.dates(beyond)).all()
    assert period.dates(beyond, until_end=False)[0] == np.datetime64("2026-01-01")
    assert np.isnat(period.dates(beyond, until_end=False)[1])


def test_months_before_and_after_the_period_have_days_too():
    period = Period(24)
    days = period.day_at(np.array([-1, 0, 26]), np.array([5, 1, 28]))
    dates = period.first_day + days.astype("timedelta64[D]")
    assert dates.astype(str).tolist() == ["2023-12-05", "2024-01-01", "2026-03-28"]


def test_a_day_falls_in_its_month_and_outside_days_in_the_nearest():
    period = Period(3)
    assert period.month_of(np.array([-40, 0, 30, 31, 9999])).tolist() == [0, 0, 0, 1, 2]


def test_weekdays_are_those_of_the_calendar():
    period = Period(2)
    dates = pd.Series(period.dates(np.arange(period.n_days)))
    assert period.weekdays().tolist() == dates.dt.day_of_week.tolist()
