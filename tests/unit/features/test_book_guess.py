"""Files are recognised as canonical tables by name and columns; what cannot be used is told."""

import pandas as pd
import pytest

from standfast.features.book_guess import BookGuess, guess_book
from standfast.features.settings_text import render_settings
from standfast.features.table_guess import guess_table
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
    assert (
        "subscriptions.csv is taken as subscriptions: 4 columns of it are known, here 2"
        in book.unused[0].reason
    )


def test_the_order_of_dates_is_told_by_the_tables_that_can() -> None:
    odd = SUBSCRIPTIONS.assign(start_date=["01-07-2023", "02-08-2023"])
    usage = USAGE.assign(event_date="07-27-2023")
    book = guess_book({"accounts.csv": ACCOUNTS, "subscriptions.csv": odd, "usage.csv": usage})
    orders = [guess.reading.settings.get("date_order") for guess in book.tables]
    assert orders == [None, "month_first", "month_first"]
    assert any("month first was taken" in warning for warning in book.warnings)


def test_files_that_tell_neither_accounts_nor_their_ids_are_told() -> None:
    book = guess_book({"team.csv": pd.DataFrame({"owner": ["x"]}), "rain.csv": pd.DataFrame({"rain": ["1"]})})
    assert any("accounts table" in warning for warning in book.warnings)


def test_without_an_accounts_table_the_ids_of_the_subscriptions_make_one() -> None:
    book = guess_book({"subscriptions.csv": SUBSCRIPTIONS, "usage.csv": USAGE})
    assert [guess.file_name for guess in book.tables] == [
        "accounts_of_subscriptions.csv", "subscriptions.csv", "usage.csv",
    ]  # fmt: skip
    assert book.ids_of is not None
    assert book.ids_of.file_name == "subscriptions.csv"
    assert "was written with the ids of subscriptions.csv" in book.warnings[0]


ORDERS = pd.DataFrame(
    {
        "CustomerID": [1.0, 1.0, 2.0],
        "InvoiceDate": "2024-01-01",
        "Quantity": [1, 2, 3],
        "UnitPrice": [1.5] * 3,
    }
)


def test_order_lines_alone_are_a_book_without_contracts() -> None:
    book = guess_book({"lines.parquet": ORDERS})
    assert not book.is_flat
    assert {guess.table for guess in book.tables} == {"accounts", "invoices"}
    assert book.roles.columns == {"account_id": "account_id"}


def test_a_row_per_account_with_a_label_stays_one_flat_table() -> None:
    book = guess_book({"orders.csv": ORDERS.assign(Churn=["yes", "no", "no"])})
    assert book.is_flat


def test_a_flat_table_is_read_by_the_order_of_its_dates_and_in_whole_units() -> None:
    flat = pd.DataFrame(
        {
            "id": ["A", "B"],
            "since": ["27/07/2023", "01/02/2023"],
            "mrr_cents": ["900", "800"],
            "Churn": ["yes", "no"],
        }
    )
    book = guess_book({"flat.csv": flat})
    assert book.tables[0].reading.settings == {"date_order": "day_first", "cents": ("annual_revenue",)}
    assert "[read.accounts]" in render_settings(book)


def test_dates_that_a_flat_table_writes_in_no_order_that_is_read_are_told() -> None:
    book = guess_book({"flat.csv": pd.DataFrame({"id": ["A", "B"], "since": ["2023/07/27", "2023/07/28"]})})
    assert "since is written like 2023/07/27, which is not read" in book.warnings


def test_invoices_beside_accounts_tell_churn_better_than_a_label_without_a_date() -> None:
    accounts = pd.DataFrame({"account_id": ["1", "2"], "Churn": ["yes", "no"]})
    book = guess_book({"accounts.csv": accounts, "invoices.csv": ORDERS})
    assert not book.is_flat
    assert "churned" not in book.roles.columns
    assert any(warning.startswith("Churn seems to say churned, but not when") for warning in book.warnings)


def test_a_crms_turnover_is_told_beside_subscriptions_too() -> None:
    accounts = ACCOUNTS.assign(AnnualRevenue=["9", "8", "7"])
    book = guess_book({"accounts.csv": accounts, "subscriptions.csv": SUBSCRIPTIONS})
    assert any("own turnover" in warning for warning in book.warnings)


def test_a_crms_turnover_under_our_own_name_is_told() -> None:
    crm = {
        "id": ["A", "B"],
        "owner_id": ["x", "y"],
        "number_of_employees": ["5", "6"],
        "annual_revenue": ["9", "8"],
    }
    assert any(
        "rename the column" in warning for warning in guess_book({"a.csv": pd.DataFrame(crm)}).warnings
    )


def test_several_currencies_are_named_and_one_is_written_as_the_books() -> None:
    amounts = SUBSCRIPTIONS.assign(currency=["eur", "gbp"])
    book = guess_book({"accounts.csv": ACCOUNTS, "subscriptions.csv": amounts})
    assert book.currencies == ("EUR", "GBP")
    assert book.tables[1].reading.settings["currency"] == "currency"
    assert any("EUR (1 rows), GBP (1 rows)" in warning for warning in book.warnings)
    book = guess_book({"accounts.csv": ACCOUNTS, "subscriptions.csv": amounts.assign(currency="eur")})
    assert book.currencies == ("EUR",)
    assert "currency" not in book.tables[1].reading.settings


def test_a_date_of_leaving_tells_churn_where_there_are_no_contracts() -> None:
    accounts = pd.DataFrame({"account_id": ["A", "B"], "churn_date": [None, "2024-02-01"], "MRR": ["5", "6"]})
    book = guess_book({"accounts.csv": accounts, "usage.csv": USAGE})
    assert book.roles.columns["churned_on"] == "churn_date"
    assert 'by = "column"' in render_settings(book)


def test_revenue_comes_from_the_accounts_where_no_other_table_has_money() -> None:
    accounts = pd.DataFrame({"account_id": ["A", "B"], "MRR": ["5", "6"]})
    book = guess_book({"accounts.csv": accounts, "usage.csv": USAGE})
    assert (book.roles.annual_revenue, book.revenue_period) == ("MRR", "month")
    book = guess_book({"accounts.csv": accounts, "invoices.csv": ORDERS})
    assert (book.roles.annual_revenue, book.revenue_period) == (None, "year")


def test_a_table_comes_once_however_its_ids_are_told() -> None:
    accounts = ACCOUNTS.assign(member_key=["u-1", "u-2", "u-3"])
    by_user = USAGE.rename(columns={"account_id": "member_key"}).assign(member_key="u-1")
    book = guess_book({"accounts.csv": accounts, "usage_by_user.csv": by_user, "usage.csv": USAGE})
    assert [guess.file_name for guess in book.tables] == ["accounts.csv", "usage.csv"]
    book = guess_book({"accounts.csv": accounts, "usage_1.csv": by_user, "usage_2.csv": by_user})
    assert [guess.file_name for guess in book.tables] == ["accounts.csv", "usage_1.csv"]
    assert "usage_1.csv is taken as usage" in book.unused[0].reason


def test_parts_of_one_table_are_pointed_to_a_folder() -> None:
    book = guess_book({"accounts.csv": ACCOUNTS, "usage_1.csv": USAGE, "usage_2.csv": USAGE})
    assert "put them into a folder of their own" in book.unused[0].reason


def test_amounts_per_row_need_no_period() -> None:
    amounts = SUBSCRIPTIONS.rename(columns={"mrr_amount": "amount"}).assign(interval=["month", "year"])
    book = guess_book({"accounts.csv": ACCOUNTS, "subscriptions.csv": amounts})
    assert book.revenue_period == "year"
    assert not any("does not say per what" in warning for warning in book.warnings)


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
