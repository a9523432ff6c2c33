"""A flat table in standfast's words: roles, labels, money, dates, and why rows are set apart."""

import numpy as np
import pandas as pd
import pytest

from standfast.errors import InputError, SettingsError
from standfast.pipelines.flat import known_revenue, prepare_flat, refuse_duplicate_ids
from standfast.settings import build_settings

COLUMNS = {"account_id": "id", "annual_revenue": "mrr", "churned": "left", "expanded": "upsold"}


def prepared(table, columns=COLUMNS, **sections):
    return prepare_flat(pd.DataFrame(table), settings=build_settings({"columns": columns, **sections}))


def book(**changes):
    rows = {
        "id": ["a", "b", "c"],
        "mrr": ["10", "20", "30"],
        "left": ["Yes", "no", ""],
        "upsold": ["1", "1", "0"],
    }
    return rows | changes


def test_labels_are_flags_and_those_who_left_have_no_expansion():
    rows = prepared(book()).rows
    assert rows["churned"].tolist() == [True, False, pd.NA]
    assert rows["expanded"].tolist() == [pd.NA, True, False]


@pytest.mark.parametrize(("period", "times"), [("year", 1), ("quarter", 4), ("month", 12), ("week", 52)])
def test_revenue_is_brought_to_a_year(period, times):
    rows = prepared(book(), units={"revenue_period": period}).rows
    assert rows["annual_revenue"].tolist() == [10 * times, 20 * times, 30 * times]


def test_negative_or_infinite_revenue_is_unknown():
    known = known_revenue(pd.Series([-1.0, 0.0, 5.0, np.inf, np.nan]))
    assert known.fillna(-9).tolist() == [-9, 0, 5, -9, -9]


@pytest.mark.parametrize("word", ["", " ", "n/a", "NULL", "-", "nan", None])
def test_a_word_for_nothing_is_unknown_revenue_not_a_reason_to_reject(word):
    told = prepared(book(mrr=[word, "20", "30"]))
    assert told.rejected == {}
    assert np.isnan(told.rows["annual_revenue"].iloc[0])


@pytest.mark.parametrize("word", ["lots", "1,234.5", "inf", "$5"])
def test_what_is_no_amount_sets_the_row_apart_with_the_value_shown(word):
    told = prepared(book(mrr=[word, "20", "30"]))
    assert list(told.rejected) == [0]
    assert repr(word) in told.rejected[0]
    assert told.rows["account_id"].tolist() == ["b", "c"]
    assert told.ids.tolist() == ["a", "b", "c"]


def test_an_empty_id_sets_the_row_apart():
    assert prepared(book(id=["a", " ", None])).rejected == {
        1: "account_id is empty",
        2: "account_id is empty",
    }


def test_rows_in_are_rows_out_and_rejected():
    told = prepared(book(mrr=["x", "20", "y"], id=["a", "", "c"]))
    assert len(told.rows) + len(told.rejected) == 3


def test_the_input_is_left_as_it_was():
    table = pd.DataFrame(book())
    before = table.copy()
    prepare_flat(table, settings=build_settings({"columns": COLUMNS}))
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("margin", "accepted"), [("0", True), ("1", True), ("1.01", False), ("-0.1", False), ("x", False)]
)
def test_a_margin_is_a_share(margin, accepted):
    assert (prepared(book(gross_margin=[margin, "", "0.5"])).rejected == {}) is accepted


def test_a_date_is_read_whatever_stands_beside_it_and_no_date_is_no_missing_one():
    days = ["2024-03-01", "2024-03-01T10:00:00", "03/04/2024"]
    told = prepared(book(observation_date=days))
    assert told.rows["observation_date"].tolist() == [
        pd.Timestamp("2024-03-01"),
        pd.Timestamp("2024-03-01 10:00"),
    ]
    assert "'03/04/2024'" in told.rejected[2]


def test_ids_are_text_and_whole_numbers_keep_no_point():
    assert prepared(book(id=[1.0, 2.0, np.nan])).ids.tolist() == ["1", "2", ""]
    assert prepared(book(id=["007", " a ", "1.0"])).ids.tolist() == ["007", "a", "1.0"]


def test_a_missing_column_is_named_with_those_that_are_there():
    table = book()
    del table["mrr"]
    with pytest.raises(InputError, match=r"lacks columns \['mrr'\].*columns: id, left, upsold"):
        prepared(table)


def test_a_missing_label_is_no_error_for_a_table_to_score():
    table = book()
    del table["left"]
    assert "churned" not in prepared(table).rows


def test_a_column_that_bears_a_mapped_name_gives_way_to_the_mapped_one():
    rows = prepared(book(account_id=["x", "y", "z"])).rows
    assert rows["account_id"].tolist() == ["a", "b", "c"]


def test_one_column_for_two_roles_is_refused():
    with pytest.raises(SettingsError, match="'id' to account_id and annual_revenue"):
        prepared(book(), columns={**COLUMNS, "annual_revenue": "id"})


def test_without_an_id_column_the_way_out_is_shown():
    with pytest.raises(InputError, match=r"\[columns\] account_id"):
        prepared({"x": [1]}, columns={})


def test_values_that_labels_exclude_are_counted():
    labels = {"churned": {"true": ["gone"], "exclude": ["new"]}}
    told = prepared(book(left=["gone", "new", "no"]), labels=labels)
    assert told.excluded["churned"] == 1
    assert told.rows["churned"].tolist() == [True, pd.NA, False]


def test_ids_that_come_twice_are_named_and_empty_ones_are_not_twins():
    refuse_duplicate_ids(pd.Series(["a", "b", "", ""]), source="x.csv")
    with pytest.raises(InputError, match=r"x.csv holds 1 account ids more than once: b"):
        refuse_duplicate_ids(pd.Series(["a", "b", "b"]), source="x.csv")


def test_cents_and_a_period_of_its_own_bring_revenue_to_a_year():
    read = {"accounts": {"cents": ["annual_revenue"], "amount_period": "month"}}
    rows = prepared(book(mrr=["1000", "250", ""]), units={"revenue_period": "year"}, read=read).rows
    assert rows["annual_revenue"].fillna(-1).tolist() == [120, 30, -1]


def test_dates_of_a_flat_table_are_turned_around():
    table = book(since=["5/7/2023", "31.12.2023", "2023-07-06"], observation_date=["1/2/2024"] * 3)
    rows = prepared(table, read={"accounts": {"date_order": "day_first"}}).rows
    assert rows["since"].tolist() == ["2023-07-05", "2023-12-31", "2023-07-06"]
    assert rows["observation_date"].tolist() == [pd.Timestamp("2024-02-01")] * 3


@pytest.mark.parametrize("key", ["currency", "interval", "quantity", "time_zone"])
def test_what_a_flat_table_cannot_mean_is_refused_by_name(key):
    with pytest.raises(SettingsError, match=rf"\[read.accounts\] {key}: a flat table is read as it stands"):
        prepared(book(), read={"accounts": {key: "Europe/Berlin"}})
