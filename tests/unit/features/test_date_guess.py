"""How dates are written is told from the values; what they cannot tell is said."""

import pandas as pd
import pytest

from standfast.features.date_guess import guess_dates, order_told
from standfast.features.reading_guess import GuessedReading


def guess(*days: object, usual_order: str = "day_first") -> GuessedReading:
    frame = pd.DataFrame({"at": list(days)})
    return guess_dates(frame, "tickets", {"opened_at": "at"}, file_name="t.csv", usual_order=usual_order)


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["27/07/2023", "01/02/2023"], "day_first"),
        (["01-02-2023 03:00", "28-07-2023 03:00"], "day_first"),
        (["13.01.2024", "1.2.2024"], "day_first"),
        (["07/27/2023", "01/02/2023"], "month_first"),
    ],
)
def test_a_number_above_twelve_tells_the_day(days: list[str], order: str) -> None:
    told = guess(*days)
    assert told.settings == {"date_order": order}
    assert told.warnings == ()


def test_dates_that_no_value_tells_are_taken_as_usual_with_a_warning() -> None:
    told = guess("01/02/2023", "03/04/2023", usual_order="month_first")
    assert told.settings == {"date_order": "month_first"}
    assert "no date tells which; month first was taken" in told.warnings[0]


def test_of_two_orders_the_commoner_is_taken_and_both_are_counted() -> None:
    told = guess("27/07/2023", "28/07/2023", "07/29/2023")
    assert told.settings == {"date_order": "day_first"}
    assert "2 dates can only be day first and 1 only month first" in told.warnings[0]


def test_dates_in_two_forms_are_told() -> None:
    told = guess("27/07/2023", "2023-07-28", None)
    assert told.settings == {"date_order": "day_first"}
    assert "1 dates are year first and 1 like 27/07/2023" in told.warnings[0]


@pytest.mark.parametrize(
    "days", [["2023-07-27", None], ["2023-07-27T08:00:00Z"], [pd.Timestamp("2023-07-27")], [None, None]]
)
def test_dates_that_are_read_as_they_stand_need_no_setting(days: list[object]) -> None:
    assert guess(*days) == GuessedReading()


@pytest.mark.parametrize("days", [["1672531200"], [1672531200], [1672531200.0, None], ["1672531200000"]])
def test_seconds_and_milliseconds_since_1970_are_known(days: list[object]) -> None:
    assert guess(*days).settings == {"timestamps": "unix"}


def test_times_with_and_without_a_zone_are_told_with_a_line_to_fill_in() -> None:
    told = guess("2023-07-27T08:00:00+02:00", "2023-07-27 09:00:00", "2023-07-28")
    assert told.settings == {}
    assert "1 of 2 times name no time zone (such as 2023-07-27 09:00:00)" in told.warnings[0]
    assert told.hints[0].startswith('time_zone = "')


@pytest.mark.parametrize("days", [["2023-07-27 08:00"], ["2023-07-27T08:00Z", "2023-07-27T08:00+0200"]])
def test_times_that_all_do_or_all_do_not_name_their_zone_are_fine(days: list[str]) -> None:
    assert guess(*days).warnings == ()


def test_a_form_that_is_not_read_is_told() -> None:
    assert "at is written like 27 July 2023, which is not read" in guess("27 July 2023").warnings[0]


def test_only_dates_that_can_be_meant_in_one_way_tell_the_order_of_a_table() -> None:
    frame = pd.DataFrame({"at": ["01/02/2023"], "done": ["27/07/2023"]})
    assert order_told(frame, "tickets", {"opened_at": "at"}) is None
    assert order_told(frame, "tickets", {"opened_at": "at", "closed_at": "done"}) == "day_first"
