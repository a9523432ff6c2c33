"""Holes in time are told where rows were due, and not where a table is merely thin, monthly or closed."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from standfast.features.date_gaps import (
    find_gaps,
    gap_findings,
    main_body,
    stale_findings,
    stray_findings,
)

RNG = np.random.default_rng(5)


def rows(
    first: str, last: str, per_day: float = 20.0, *, without: tuple[str, str] | None = None
) -> pd.Series:
    """Rows by day, by luck around so many a day."""
    days = pd.date_range(first, last, unit="s")
    counts = pd.Series(RNG.poisson(per_day, len(days)), index=days)
    if without:
        counts = counts[(counts.index < without[0]) | (counts.index > without[1])]
    return counts[counts > 0]


def test_a_hole_is_told_to_the_day_with_the_rows_that_were_due() -> None:
    (gap,) = find_gaps(rows("2024-01-01", "2024-12-31", without=("2024-05-04", "2024-06-10")))
    assert (gap.first, gap.last, gap.n_days) == (date(2024, 5, 4), date(2024, 6, 10), 38)
    assert 400 < gap.n_expected < 800


def test_a_month_without_invoices_is_a_hole_though_weeks_without_them_are_not() -> None:
    firsts = pd.date_range("2023-01-01", "2024-12-01", freq="MS", unit="s")
    monthly = pd.Series(80, index=firsts)
    assert find_gaps(monthly) == ()
    (gap,) = find_gaps(monthly.drop(pd.Timestamp("2023-08-01")))
    assert (gap.first, gap.last) == (date(2023, 7, 2), date(2023, 8, 31))


@pytest.mark.parametrize("per_day", [0.05, 0.3, 1.0, 20.0])
def test_a_table_that_is_merely_thin_has_no_holes(per_day: float) -> None:
    assert find_gaps(rows("2022-01-01", "2024-12-31", per_day)) == ()


def test_weekends_and_a_slow_start_are_no_holes() -> None:
    days = rows("2023-01-01", "2024-12-31")
    assert find_gaps(days[days.index.day_of_week < 5]) == ()
    slow = pd.concat([rows("2023-01-01", "2023-06-30", 0.1), rows("2023-07-01", "2024-12-31", 30)])
    assert find_gaps(slow) == ()


def test_a_long_hole_is_a_warning_and_a_short_one_a_note() -> None:
    for last, severity in (("2024-07-31", "warning"), ("2024-06-14", "note")):
        (finding,) = gap_findings("usage", rows("2024-01-01", "2024-12-31", without=("2024-06-01", last)))
        assert (finding.name, finding.severity) == ("gap:usage", severity)
        assert f"2024-06-01 to {last}" in finding.explanation
    assert not list(gap_findings("usage", rows("2024-01-01", "2024-12-31")))


def test_a_table_that_stops_before_the_others_is_stale_from_the_setting_on() -> None:
    stopped = rows("2024-01-01", "2024-10-31")
    (finding,) = stale_findings("usage", stopped, as_of=date(2025, 1, 1), quiet_days=28)
    assert (finding.name, finding.severity) == ("stale:usage", "warning")
    assert "stops on 2024-10-31, 61 days before" in finding.explanation
    assert "--as-of 2024-11-01" in finding.way_out
    assert not list(stale_findings("usage", stopped, as_of=date(2025, 1, 1), quiet_days=62))
    assert not list(stale_findings("usage", stopped, as_of=date(2024, 11, 1), quiet_days=28))


def test_a_thin_table_that_was_quiet_lately_is_not_stale() -> None:
    quiet = rows("2022-01-01", "2024-11-20", 0.08)
    assert not list(stale_findings("surveys", quiet, as_of=date(2025, 1, 1), quiet_days=28))


def test_strays_are_told_apart_from_the_body() -> None:
    body = rows("2024-01-01", "2024-12-31")
    strays = pd.Series([1, 2], index=pd.DatetimeIndex(["1970-01-01", "2099-12-30"], dtype="datetime64[s]"))
    every = pd.concat([body, strays]).sort_index()
    pd.testing.assert_series_equal(main_body(every), body, check_freq=False)
    early, late = stray_findings("usage", "day", every, as_of=date(2099, 12, 31))
    assert (early.name, early.severity) == ("stray:usage.day", "warning")
    assert "1 rows of usage have a day up to 1970-01-01" in early.explanation
    assert (late.name, late.severity) == ("late:usage.day", "error")
    assert "so the book is looked at as of 2099-12-31" in late.explanation
    assert "--as-of 2025-01-01" in late.way_out


def test_late_strays_are_no_error_where_the_date_asked_for_is_another() -> None:
    body = rows("2024-01-01", "2024-12-31")
    every = pd.concat([body, pd.Series([1], index=pd.DatetimeIndex(["2099-12-30"], dtype="datetime64[s]"))])
    assert [f.severity for f in stray_findings("usage", "day", every, as_of=date(2025, 1, 1))] == ["warning"]
    assert not list(stray_findings("usage", "day", body, as_of=date(2025, 1, 1)))


def test_half_of_a_table_is_no_stray() -> None:
    halves = pd.concat([rows("2019-01-01", "2019-12-31"), rows("2024-01-01", "2024-12-31")])
    assert len(main_body(halves)) == len(halves)
