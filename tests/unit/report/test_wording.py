import math
import re

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standfast.report.wording import (
    MINUS,
    UNKNOWN,
    as_text,
    count,
    counted,
    day,
    figure,
    hours,
    is_known,
    money,
    percent,
    plain,
    rounded,
    sentence,
    spoken,
    times_in_100,
)  # fmt: skip

NOTHING = [None, float("nan"), pd.NaT, pd.NA, math.inf, "", "  "]


def _read(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"), (0.4, "0"), (-0.4, "0"), (949.6, "950"), (999.6, "1 k"), (1_000, "1 k"), (4_249, "4.2 k"),
        (96_400, "96 k"), (950_000, "950 k"), (999_950, "1 M"), (1_234_567, "1.2 M"), (2.5e9, "2.5 B"),
        (-3_200, f"{MINUS}3.2 k"), (7.2e12, "7,200 B"),
    ],
)  # fmt: skip
def test_money_is_said_in_few_digits_and_a_unit(value, said):
    assert _read(money(value)) == said


@given(st.floats(-1e12, 1e12))
@example(999_949.99)
def test_money_never_strays_far_from_the_amount(amount):
    number, _, unit = _read(money(amount)).partition(" ")
    said = float(number.replace(",", "").replace(MINUS, "-")) * {"": 1, "k": 1e3, "M": 1e6, "B": 1e9}[unit]
    assert abs(said - amount) <= max(0.5, 0.051 * abs(amount))


@given(st.floats(0, 1))
def test_a_share_is_said_as_a_percentage_that_rounds_to_it(share):
    said = _read(percent(share))
    if said == "<0.1 %":
        assert 0 < share < 0.0005
    else:
        assert abs(float(said.removesuffix(" %")) / 100 - share) <= 0.0051


@pytest.mark.parametrize(
    "say", [money, percent, count, hours, figure, day, times_in_100, spoken, plain, as_text]
)
@pytest.mark.parametrize("nothing", NOTHING[:5])
def test_what_is_unknown_is_a_dash_in_every_wording(say, nothing):
    assert say(nothing) == UNKNOWN


@pytest.mark.parametrize("nothing", NOTHING)
def test_nothing_is_not_known(nothing):
    assert not is_known(nothing)


def test_what_is_there_is_known():
    assert all(is_known(value) for value in (0, 0.0, "no", False, pd.Timestamp("2026-01-01"), [None]))


def test_one_thing_is_not_said_in_the_plural():
    assert (_read(counted(1, "account")), _read(counted(1_200, "account"))) == ("1 account", "1,200 accounts")
    assert _read(counted(2, "reply", "replies")) == "2 replies"


def test_a_date_is_said_with_or_without_its_year():
    assert _read(day("2026-12-07")) == "7 Dec 2026"
    assert _read(day(pd.Timestamp("2026-12-07"), with_year=False)) == "7 Dec"
    assert day("soon") == "soon"


def test_a_sentence_gets_a_capital_and_one_full_stop():
    assert sentence("no model: it is zero") == "No model: it is zero."
    assert sentence("Done.") == "Done."
    assert sentence(None) == ""


def test_values_of_settings_are_said_plainly():
    assert plain(True) == "yes"
    assert plain(["a", 2, None]) == f"a, 2, {UNKNOWN}"
    assert plain({"per_day": -1_000}) == f"per day: {MINUS}1,000"
    assert plain(0.2) == "0.2"
    assert plain([]) == UNKNOWN


def test_reasons_keep_three_digits_of_small_numbers_and_all_of_words():
    assert (rounded(-15.5678), rounded(3_412), rounded("gold"), rounded(True)) == (-15.6, 3_412, "gold", True)


def test_hours_and_odds_are_said_shortly():
    assert _read(hours(1_170)) == "1,170 h"
    assert _read(hours(0.5)) == "0.5 h"
    assert times_in_100(0.82) == "82"
    assert re.fullmatch(r"0\.820", figure(0.82))
