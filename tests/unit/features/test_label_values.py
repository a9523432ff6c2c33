"""Labels: the usual words are understood in any case; anything else is explained or refused."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.errors import InputError, SettingsError
from standfast.features.label_values import LabelValues, ReadLabel, read_label

STATUS = LabelValues(is_true=("Churned",), is_false=("Stayed",), is_exclude=("Joined",))


def answers(read: ReadLabel) -> pd.Series:
    return read.values  # noqa: PD011  (a field of ReadLabel)


@pytest.mark.parametrize(
    "values",
    [
        ["Yes", "no", None],
        ["TRUE", "False", " "],
        ["1", "0", ""],
        ["1.0", "0.0", None],
        pd.Series([1, 0, None]),
        pd.Series([True, False, None], dtype="boolean"),
        pd.Series([True, False, None], dtype=object),
        pd.Series(["yes", "NO ", None], dtype="category"),
    ],
)
def test_the_usual_words_are_understood_in_any_case_and_type(values: object) -> None:
    read = read_label(pd.Series(values))
    assert str(answers(read).dtype) == "boolean"
    assert answers(read).tolist() == [True, False, pd.NA]
    assert not read.excluded.any()


def test_a_status_of_three_values_is_read_as_the_settings_say() -> None:
    read = read_label(pd.Series(["stayed", "Churned ", "Joined", None], index=[7, 5, 3, 1]), spec=STATUS)
    assert answers(read).tolist() == [False, True, pd.NA, pd.NA]
    assert read.excluded.tolist() == [False, False, True, False]
    assert list(answers(read).index) == list(read.excluded.index) == [7, 5, 3, 1]


def test_a_value_nobody_explained_is_refused_with_the_values_met_and_the_way_out() -> None:
    with pytest.raises(InputError) as refusal:
        read_label(pd.Series(["Stayed", "Churned", "Churned"]), name="churned")
    for told in ("'Churned' (2)", "'Stayed' (1)", "[labels] churned = {true = "):
        assert told in str(refusal.value)


def test_one_unexplained_value_beside_explained_ones_is_refused() -> None:
    with pytest.raises(InputError, match="'Paused'"):
        read_label(pd.Series(["Stayed", "Churned", "Paused"]), spec=STATUS, name="churned")


def test_a_number_that_is_no_flag_asks_whether_it_is_the_right_column() -> None:
    with pytest.raises(InputError, match="is it the right column"):
        read_label(pd.Series(range(100)), name="churned")


def test_settings_may_turn_the_usual_words_round() -> None:
    spec = LabelValues(is_true=("no",), is_false=("yes",))
    assert answers(read_label(pd.Series(["Yes", "No"]), spec=spec)).tolist() == [False, True]


def test_a_value_with_two_meanings_is_refused() -> None:
    with pytest.raises(SettingsError, match="two meanings"):
        LabelValues(is_true=("Churned",), is_exclude=("churned ",))


@given(st.lists(st.sampled_from(["Churned", "Stayed", "Joined", None, "YES", "0"]), min_size=1))
def test_every_row_is_true_false_unknown_or_excluded(values: list[str | None]) -> None:
    read = read_label(pd.Series(values, dtype="str"), spec=STATUS)
    expected = {"Churned": True, "YES": True, "Stayed": False, "0": False}
    assert [None if pd.isna(v) else v for v in answers(read)] == [expected.get(v) for v in values]
    assert read.excluded.tolist() == [value == "Joined" for value in values]
