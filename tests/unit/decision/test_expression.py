"""Expressions of users are read against a list of what is allowed, and never run."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.expression import (
    MOST_PARTS,
    MOST_SIGNS,
    lacking_columns,
    parse_expression,
    refuse_unknown_columns,
)
from standfast.errors import InputError


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')", "(lambda: 1)()", "name.upper() == 'A'", "seats ** 9 > 1",
        "seats[0] > 1",
        "[x for x in (1, 2)] == 1", "f'{seats}' == '1'", "(seats := 3) > 1", "seats if seats else 1",
        "{'a': 1} == 1", "eval('1')", "exec('1')", "open('x')", "getattr(seats, 'x')", "seats is 3",
        "seats % 2 == 0",
        "seats == None", "seats == ...", "seats == b'x'", "seats == 3j", "known(*seats)", "known(x=seats)",
        "known(seats, seats)", "first_known(seats)", "column(seats)", "await seats", "~seats",
        "seats | seats",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused_by_name(text):
    with pytest.raises(InputError) as refused:
        parse_expression(text)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "   ", "seats >", "seats = 3", "import os", "seats > 3; seats", "\0", "(" * 500]
)
def test_what_is_no_expression_is_refused_with_the_way_out(text):
    with pytest.raises(InputError, match="write comparisons of columns"):
        parse_expression(text)


def test_what_is_too_long_or_has_too_many_parts_is_refused():
    with pytest.raises(InputError, match=f"longer than {MOST_SIGNS}"):
        parse_expression("seats > 1" + " " * MOST_SIGNS)
    with pytest.raises(InputError, match=f"more than {MOST_PARTS} parts"):
        parse_expression(" or ".join(["a > 1"] * 80))


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_one_clear_error(text):
    with contextlib.suppress(InputError):
        assert parse_expression(text).text == text.strip()


def test_columns_are_named_once_in_the_order_in_which_they_are_read():
    text = "seats > 3 and (column('Any Name') == 'x' or not known(plan)) and seats < 9 and churned == true"
    assert parse_expression(text).columns == ("seats", "Any Name", "plan", "churned")


def test_an_unknown_column_names_the_expression_and_the_nearest_column():
    with pytest.raises(InputError, match=r"\"industri == 'Retail'\".*'industri'.*'industry'"):
        refuse_unknown_columns(parse_expression("industri == 'Retail'"), ["industry", "seats"])


def test_first_known_misses_a_column_only_where_all_its_parts_are_missed():
    rule = parse_expression(
        "first_known(a < 3, b > 2) and not first_known(c, d) > 1 and column('e f') == 'x'"
    )
    assert lacking_columns(rule, ["a", "c", "e f"]) == ()
    assert lacking_columns(rule, ["b"]) == ("c", "e f")
