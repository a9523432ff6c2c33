"""What the models see is the same whatever type a file gave a value."""

import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.errors import InputError
from standfast.features.encode import UNSEEN, Encoding, encode, learn_encoding


def learned(values, **how):
    return learn_encoding(pd.DataFrame({"x": values}), columns=["x"], **how)


def kind_of(values, **how):
    return learned(values, **how).features[0].kind


def codes(encoding, values):
    return encode(pd.DataFrame({"x": values}), encoding).matrix[:, 0].tolist()


@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        [1.5, None],
        [True, False],
        [Decimal("1.50"), None],
        ["1", " 2.5 ", " "],
        ["true", "False", ""],
        pd.array([1, None], dtype="Int64"),
        pd.array([True, None], dtype="boolean"),
        pd.array([Decimal("1.50"), None], dtype=pd.ArrowDtype(pa.decimal128(9, 2))),
        pd.array(["1", "-2e3"], dtype="string[pyarrow]"),
    ],
)
def test_whatever_reads_as_numbers_is_a_number(values):
    assert kind_of(values) == "number"


@pytest.mark.parametrize("values", [["a", "b"], ["1", "b"], ["1,5", "2,5"], ["01234", "x"]])
def test_anything_else_is_a_category(values):
    assert kind_of(values) == "category"


@pytest.mark.parametrize(
    "values",
    [
        ["2024-03-01", ""],
        pd.to_datetime(["2024-03-01", None]),
        [dt.date(2024, 3, 1), None],
        pd.array([dt.date(2024, 3, 1), None], dtype=pd.ArrowDtype(pa.date32())),
        pd.to_datetime(["2024-03-01T00:00:00Z", None]),
    ],
)
def test_a_date_is_days_whether_text_or_typed(values):
    encoding = learned(values)
    assert encoding.features[0].kind == "date"
    day, nothing = codes(encoding, values)
    assert day == 19783.0
    assert np.isnan(nothing)


@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        [1.0, 2.0],
        ["1", "2"],
        ["1.0", " 2 "],
        [Decimal(1), Decimal("2.0")],
        pd.array(["1", "2"], dtype="string[pyarrow]"),
        pd.Categorical([1, 2]),
    ],
)
def test_a_numbered_category_has_one_code_whatever_its_type(values):
    encoding = learned(["1", "2"], categorical=["x"])
    assert codes(encoding, values) == [0.0, 1.0]


def test_flags_have_one_code_whatever_their_type():
    encoding = learned(["true", "false", "unknown"])
    assert codes(encoding, [True, False]) == codes(encoding, ["True", "FALSE"]) == [1.0, 0.0]


def test_a_postal_code_with_a_leading_zero_is_not_a_number_of_the_same_digits():
    assert learned(["01234", "1234", "x"]).features[0].categories == ("01234", "1234", "x")


def test_blank_is_missing_and_a_stranger_is_unseen():
    found = codes(learned(["a", "b"]), [" ", None, "c", "b"])
    assert np.isnan(found[:2]).all()
    assert found[2:] == [UNSEEN, 1.0]


def test_only_the_most_frequent_categories_are_kept():
    encoding = learned(["a"] * 3 + ["b"] * 2 + ["c"], max_categories=2)
    assert encoding.features[0].categories == ("a", "b")
    assert codes(encoding, ["c"]) == [UNSEEN]


@pytest.mark.parametrize("cell", ["abc", "inf", "1_000", "0x10"])
def test_a_cell_that_is_not_a_number_rejects_its_row_and_names_it(cell):
    encoding = learn_encoding(pd.DataFrame({"tenure": [1, 2], "seats": [3, 4]}), columns=["tenure", "seats"])
    encoded = encode(pd.DataFrame({"tenure": ["1", cell], "seats": ["3", "x"]}), encoding)
    assert encoded.rejected == {1: f"tenure: {cell!r} is not a number; seats: 'x' is not a number"}
    assert encoded.accepted.tolist() == [True, False]


def test_infinity_in_a_numeric_column_rejects_its_row():
    encoded = encode(pd.DataFrame({"x": [1.0, np.inf]}), learned([1.0, 2.0]))
    assert encoded.rejected == {1: "x: inf is not a number"}
    assert np.isnan(encoded.matrix[1, 0])


def test_missing_columns_are_all_named():
    encoding = learn_encoding(pd.DataFrame({"a": [1], "b": [2], "c": [3]}), columns=["a", "b", "c"])
    with pytest.raises(InputError, match=r"\['a', 'c'\]"):
        encode(pd.DataFrame({"b": [1]}), encoding)


def test_a_column_without_any_value_rejects_nothing_later():
    for empty in ([None, None], ["", " "], [np.nan, np.nan]):
        encoded = encode(pd.DataFrame({"x": ["abc", "1"]}), learned(empty))
        assert not encoded.rejected
        assert (encoded.matrix == UNSEEN).all()


def test_lists_are_refused_by_name():
    with pytest.raises(InputError, match="'x' holds lists"):
        learned([[1], [2]])


def test_json_gives_back_the_same_encoding():
    encoding = learn_encoding(
        pd.DataFrame({"a": [1], "b": ["q"], "c": ["2024-01-01"]}), columns=["a", "b", "c"]
    )
    assert Encoding.from_dict(json.loads(json.dumps(encoding.to_dict()))) == encoding


def test_labels_and_other_columns_play_no_part():
    frame = pd.DataFrame({"x": ["a", "b"], "churned": [0, 1]})
    assert learn_encoding(frame, columns=["x"]) == learned(["a", "b"])


CELL = st.one_of(st.none(), st.sampled_from(["a", "b", " ", "zz"]), st.integers(0, 3), st.booleans())


@given(cells=st.lists(CELL, min_size=2, max_size=12), data=st.data())
def test_a_row_is_encoded_the_same_alone_and_in_any_batch(cells, data):
    encoding = learned(["a", "b", "1", "true"])
    whole = encode(pd.DataFrame({"x": pd.Series(cells, dtype=object)}), encoding).matrix[:, 0]
    one = data.draw(st.integers(0, len(cells) - 1))
    alone = encode(pd.DataFrame({"x": pd.Series([cells[one]], dtype=object)}), encoding).matrix[0, 0]
    assert np.array_equal(alone, whole[one], equal_nan=True)


@given(values=st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=20))
def test_a_number_is_the_same_as_text_and_as_float(values):
    encoding = learned(values)
    assert codes(encoding, [repr(value) for value in values]) == codes(encoding, values) == values


def test_a_stray_word_does_not_turn_a_column_of_numbers_into_categories():
    """One cell in a hundred may be unreadable: its row is rejected, the others stay numbers."""
    frame = pd.DataFrame({"tenure": [*map(str, range(199)), "abc"]})
    encoding = learn_encoding(frame, columns=["tenure"])
    assert encoding.features[0].kind == "number"
    assert encode(frame, encoding).rejected == {199: "tenure: 'abc' is not a number"}
    assert learn_encoding(frame.tail(20), columns=["tenure"]).features[0].kind == "category"
