"""Dates on the command line."""

from datetime import date

import pytest

from standfast.errors import InputError
from standfast.pipelines.snapshots import parse_dates


def test_dates_are_sorted_and_said_once():
    assert parse_dates("2024-04-01, 2024-03-01,2024-04-01") == (date(2024, 3, 1), date(2024, 4, 1))
    assert parse_dates(None) is None


@pytest.mark.parametrize("text", ["", "2024-02-30", "yesterday", "2024-03-01,"])
def test_what_is_no_date_is_shown(text):
    with pytest.raises(InputError, match="--dates"):
        parse_dates(text)
