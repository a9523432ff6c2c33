"""Files are recognised as canonical tables by name and columns; what cannot be used is told."""

import pandas as pd
import pytest

from standfast.features.book_guess import BookGuess, guess_book, guess_table
from standfast.schema import TABLES

ACCOUNTS = pd.DataFrame(
    {"Id": ["A", "B", "C"], "Name": ["x", "y", "z"], "Status": ["Active", "Churned", "Active"]}
)
SUBSCRIPTIONS = pd.DataFrame(
    {
        "AccountId": ["A", "A"],
        "start_date": ["2024-01-01"] * 2,
        "end_date": [None, None],
        "mrr_amount": ["1", "2"],
    }
)
USAGE = pd.DataFrame({"account_id": ["A"], "event_date": ["2024-01-01"], "event_name": ["login"]})


@pytest.fixture
def book() -> BookGuess:
    return guess_book({"crm/accounts.csv": ACCOUNTS, "subscriptions.csv": SUBSCRIPTIONS, "log.csv": USAGE})


def test_files_are_recognised_by_name_and_else_by_columns(book: BookGuess) -> None:
    assert {guess.table: guess.file_name for guess in book.tables} == {
        "accounts": "crm/accounts.csv", "subscriptions": "subscriptions.csv", "usage": "log.csv",
    }  # fmt: skip
    assert all(guess.reason for guess in book.tables)


def test_columns_of_other_tables_are_mapped(book: BookGuess) -> None:
    subscriptions = next(guess for guess in book.tables if guess.table == "subscriptions")
    assert subscriptions.columns == {
        "account_id": "AccountId", "started_on": "start_date", "ended_on": "end_date", "amount": "mrr_amount",
    }  # fmt: skip
    assert book.revenue_period == "month"


def test_with_subscriptions_labels_come_from_events_not_from_a_status_of_today(book: BookGuess) -> None:
    assert not book.is_flat
    assert set(book.roles.columns) == {"account_id", "name"}


def test_usage_without_accounts_cannot_be_used_and_says_so() -> None:
    guess = guess_table(USAGE.rename(columns={"account_id": "subscription_id"}), file_name="usage.csv")
    assert not guess.is_usable
    assert guess.missing == ("account_id",)
    assert "without an account_id" in guess.reason


def test_a_list_of_churners_is_no_table_of_the_book() -> None:
    guess = guess_table(USAGE, file_name="churn_events.csv")
    assert guess.table is None
    assert "subscriptions end" in guess.reason


def test_an_unknown_file_is_left_out_with_a_warning() -> None:
    book = guess_book({"accounts.csv": ACCOUNTS, "weather.csv": pd.DataFrame({"rain": ["1"]})})
    assert [guess.file_name for guess in book.unused] == ["weather.csv"]
    assert any("weather.csv is not used" in warning for warning in book.warnings)


def test_of_two_files_for_one_table_the_fuller_one_is_taken() -> None:
    thin = SUBSCRIPTIONS[["AccountId", "start_date"]]
    book = guess_book({"accounts.csv": ACCOUNTS, "contracts.csv": thin, "subscriptions.csv": SUBSCRIPTIONS})
    assert [guess.file_name for guess in book.tables] == ["accounts.csv", "subscriptions.csv"]
    assert "subscriptions.csv is taken" in book.unused[0].reason


def test_dates_in_a_form_that_is_not_read_are_told() -> None:
    odd = SUBSCRIPTIONS.assign(start_date=["27-07-2023", "28-08-2023"])
    book = guess_book({"accounts.csv": ACCOUNTS, "subscriptions.csv": odd})
    told = "start_date is written like 27-07-2023, which is not read; write dates as 2023-07-27"
    assert f"subscriptions.csv: {told}" in book.warnings


def test_files_without_an_accounts_table_are_told() -> None:
    book = guess_book({"subscriptions.csv": SUBSCRIPTIONS, "usage.csv": USAGE})
    assert any("accounts table" in warning for warning in book.warnings)


@pytest.mark.parametrize("table", TABLES)
def test_every_canonical_table_is_recognised_by_its_own_name_and_columns(table: str) -> None:
    frame = pd.DataFrame({name: ["x", "y"] for name in TABLES[table].names})
    guess = guess_table(frame, file_name=f"{table}.parquet")
    assert (guess.table, guess.is_usable) == (table, True)
    assert all(canonical == column for canonical, column in guess.columns.items())


@pytest.mark.parametrize("table", [name for name in TABLES if name != "team"])
def test_every_canonical_table_is_recognised_by_its_columns_alone(table: str) -> None:
    frame = pd.DataFrame({name: ["x", "y"] for name in TABLES[table].names})
    assert guess_table(frame, file_name="export_7.csv").table == table
