"""Columns as arrays: empty is NaN or unknown, and anything unreadable is named."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.columns import codes_of, flags, numbers, texts
from standfast.errors import InputError


def test_a_missing_number_column_is_empty_throughout():
    assert np.isnan(numbers(pd.DataFrame({"a": [1, 2]}), "b")).all()


def test_numbers_written_as_text_are_read_and_empty_cells_stay_empty():
    read = numbers(pd.DataFrame({"a": ["1.5", None, "2"]}), "a")
    np.testing.assert_array_equal(read, [1.5, np.nan, 2.0])


def test_nullable_numbers_are_read():
    read = numbers(pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}), "a")
    np.testing.assert_array_equal(read, [1.0, np.nan])


def test_text_in_a_number_column_is_an_error_that_shows_it():
    with pytest.raises(InputError, match=r"'a' holds \['cheap'\]"):
        numbers(pd.DataFrame({"a": ["1", "cheap"]}), "a")


@pytest.mark.parametrize(
    ("cells", "true", "known"),
    [
        ([True, False], [True, False], [True, True]),
        (pd.array([True, None], dtype="boolean"), [True, False], [True, False]),
        (["Yes", "no"], [True, False], [True, True]),
        ([1.0, np.nan], [True, False], [True, False]),
        (["TRUE", None], [True, False], [True, False]),
    ],
)
def test_flags_are_read_in_every_usual_spelling(cells, true, known):
    got_true, got_known = flags(pd.DataFrame({"f": cells}), "f")
    assert got_true.tolist() == true
    assert got_known.tolist() == known


def test_a_missing_flag_is_known_nowhere():
    true, known = flags(pd.DataFrame({"a": [1, 2]}), "f")
    assert not true.any()
    assert not known.any()


def test_a_flag_of_a_third_value_is_an_error_that_shows_it():
    with pytest.raises(InputError, match=r"'f' holds 'maybe'"):
        flags(pd.DataFrame({"f": ["yes", "maybe"]}), "f")


def test_texts_and_codes_are_each_others_inverse_with_minus_one_for_empty():
    column = texts(("low", "high"), np.array([1, -1, 0]), pd.Index([7, 8, 9]))
    assert column.isna().tolist() == [False, True, False]
    assert codes_of(pd.DataFrame({"c": column}), "c", ("low", "high")).tolist() == [1, -1, 0]


def test_an_unknown_word_is_an_error_that_lists_the_known_ones():
    with pytest.raises(InputError, match=r"'c' holds \['hot'\]; it must hold one of \['low', 'high'\]"):
        codes_of(pd.DataFrame({"c": ["low", "hot"]}), "c", ("low", "high"))
