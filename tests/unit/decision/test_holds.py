"""Where an expression holds over whole columns; an empty cell settles nothing (U4)."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.expression import parse_expression
from standfast.decision.holds import holds
from standfast.errors import InputError

BOOK = pd.DataFrame(
    {
        "seats": [5.0, 50.0, None, 0.0],
        "industry": ["Retail", " RETAIL", None, ""],
        "plan": ["Pro", "Basic", "Pro", "Basic"],
        "auto_renew": pd.array([True, False, None, True], dtype="boolean"),
        "signed": ["yes", "No", None, "1"],
        "Any Name": [1, 2, 3, 4],
    }
)


def told(text: str, frame: pd.DataFrame = BOOK) -> str:
    found = holds(parse_expression(text), frame)
    return "".join(np.select([found.true, found.false], ["t", "f"], "?"))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("seats < 20", "tf?t"), ("20 > seats", "tf?t"), ("1 < seats <= 50", "tt?f"), ("-seats < -10", "ft?f"),
        ("industry == 'retail'", "tt??"), ("'Retail' != industry", "ff??"),
        ("industry in ['Retail', 'Finance']", "tt??"), ("plan not in ('pro', 'Max')", "ftft"),
        ("seats < 20 and plan == 'Basic'", "ffft"), ("seats < 20 or plan == 'Pro'", "tftt"),
        ("not seats < 20", "ft?f"), ("100 / seats >= 20", "tf??"), ("seats + 1 > 50", "ft?f"),
        ("auto_renew", "tf?t"), ("not auto_renew", "ft?f"), ("auto_renew == true", "tf?t"),
        ("signed", "tf?t"),
        ("seats", "tt?f"), ("known(seats)", "ttft"), ("known(industry) and known(seats < 3)", "ttff"),
        ("column('Any Name') >= 3", "fftt"), ("first_known(seats, column('Any Name')) == 3", "fftf"),
        ("first_known(seats < 9, plan == 'Pro')", "tftt"), ("in_top(seats, 0.34)", "ft?f"),
        ("true", "tttt"), ("1 < 2", "tttt"), ("nothing > 3", "????"),
        ("nothing == 'x' or plan == 'Pro'", "t?t?"),
        ("known(nothing)", "????"), ("first_known(nothing, seats) > 20", "ft?f"),
        ("first_known(a, b) > 1", "????"),
        ("in_top(nothing, 0.5)", "????"), ("nothing", "????"), ("nothing + 1 > 2", "????"),
        ("-nothing > 2", "????"),
        ("seats > 1" + "0" * 400, "????"),
    ],
)  # fmt: skip
def test_each_part_of_the_language_does_what_it_says(text, answer):
    if "0" * 400 in text:
        with pytest.raises(InputError, match="too large"):
            told(text)
    else:
        assert told(text) == answer


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("seats > 'many'", "no number"), ("industry > 3", "no number"),
        ("industry < 'R'", "a text has no order"),
        ("industry + 1 > 2", "no number"), ("seats + 1", "neither true nor false"), ("'x'", "neither"),
        ("industry", "must hold true/false"), ("seats == [1, 2]", "use in"),
        ("seats in plan", "in needs a list"),
        ("[1, 2] == seats", "stands where a value"), ("in_top(seats, 2)", "between 0 and 1"),
        ("in_top(seats, plan)", "between 0 and 1"), ("first_known(seats, plan) > 1", "no number"),
        ("(seats > 1) + 1 > 2", "no number"),
    ],
)  # fmt: skip
def test_mixed_kinds_are_one_error_that_names_the_expression(text, why):
    with pytest.raises(InputError) as refused:
        told(text)
    assert text in str(refused.value)
    assert why in str(refused.value)


def test_a_book_without_accounts_and_a_column_without_values_are_no_error():
    assert told("seats < 20 and industry == 'x'", BOOK.iloc[:0]) == ""
    assert told("in_top(seats, 0.1) or industry == 'x'", BOOK.assign(seats=np.nan, industry=None)) == "????"


def test_ties_at_the_edge_of_the_top_are_all_in_it():
    assert told("in_top(seats, 0.25)", pd.DataFrame({"seats": [1.0, 7.0, 7.0, 3.0]})) == "fttf"


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=30), st.randoms())
def test_the_order_of_rows_changes_nothing(values, random):
    frame = pd.DataFrame({"seats": values}, dtype=float)
    order = list(range(len(values)))
    random.shuffle(order)
    text = "in_top(seats, 0.3) or not seats < 2 and known(seats)"
    assert [told(text, frame)[place] for place in order] == list(told(text, frame.iloc[order]))


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=30), st.data())
def test_filling_an_empty_cell_never_turns_what_was_settled(values, data):
    """U4: an answer that an empty cell leaves open may go either way; one it leaves settled may not."""
    full = pd.DataFrame({"seats": values, "other": values[::-1]})
    hidden = full.map(lambda value: math.nan if data.draw(st.booleans()) else value)
    text = "seats > 3 and not (other <= 0 or seats + other > 40) or other / seats < 1"
    pairs = zip(told(text, hidden), told(text, full), strict=True)
    assert all(before in {"?", after} for before, after in pairs)
