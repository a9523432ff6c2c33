"""What amounts are in is told by the system, the column's name and the values."""

import pandas as pd
import pytest

from standfast.features.money_guess import currencies_of, guess_money

AMOUNT = {"amount": "amount"}


def test_whole_numbers_of_stripe_are_cents() -> None:
    frame = pd.DataFrame({"amount": ["1000", "2550", None]})
    assert guess_money(frame, "invoices", AMOUNT, is_stripe=True).settings == {"cents": ("amount",)}


@pytest.mark.parametrize(("amounts", "is_stripe"), [(["10.00", "25.50"], True), (["1000"], False)])
def test_amounts_with_decimals_and_those_of_others_are_no_cents(amounts: list[str], is_stripe: bool) -> None:
    frame = pd.DataFrame({"amount": amounts})
    assert guess_money(frame, "invoices", AMOUNT, is_stripe=is_stripe).settings == {}


def test_a_name_that_says_cents_is_believed() -> None:
    frame = pd.DataFrame({"Amount (cents)": [1000.0]})
    told = guess_money(frame, "invoices", {"amount": "Amount (cents)"})
    assert told.settings == {"cents": ("amount",)}
    assert told.words == ("amounts are cents",)


def test_yen_have_no_cents() -> None:
    frame = pd.DataFrame({"amount": ["1000"], "currency": ["jpy"]})
    assert guess_money(frame, "invoices", AMOUNT, is_stripe=True).settings == {}


def test_an_interval_in_each_row_and_its_count_are_found() -> None:
    frame = pd.DataFrame({"amount": ["10"], "plan_interval": ["month"], "interval_count": ["3"]})
    told = guess_money(frame, "subscriptions", AMOUNT)
    assert told.settings == {"interval": "plan_interval", "interval_count": "interval_count"}
    assert told.words == ("amounts are per plan_interval (month)",)


def test_a_name_that_says_per_month_outweighs_how_often_is_billed() -> None:
    frame = pd.DataFrame({"mrr_amount": ["10"], "billing_frequency": ["annual"]})
    assert guess_money(frame, "subscriptions", {"amount": "mrr_amount"}).settings == {}


def test_words_that_are_no_interval_are_none() -> None:
    frame = pd.DataFrame({"amount": ["10"], "interval": ["often"]})
    assert guess_money(frame, "subscriptions", AMOUNT).settings == {}


def test_a_price_per_unit_is_multiplied() -> None:
    frame = pd.DataFrame({"UnitPrice": [2.55], "Quantity": [6.0]})
    assert guess_money(frame, "invoices", {"amount": "UnitPrice"}).settings == {"quantity": "Quantity"}


def test_an_amount_of_a_whole_row_is_not() -> None:
    frame = pd.DataFrame({"amount": [2.55], "quantity": [6.0]})
    assert guess_money(frame, "invoices", AMOUNT).settings == {}


def test_tables_without_money_say_nothing() -> None:
    frame = pd.DataFrame({"amount": ["1"], "currency": ["EUR"]})
    assert guess_money(frame, "tickets", {}, is_stripe=True).settings == {}
    assert currencies_of(frame, "tickets", {}) is None


def test_currencies_are_counted_in_upper_case_the_commonest_first() -> None:
    frame = pd.DataFrame({"amount": ["1"] * 4, "Currency": ["usd", "EUR", "eur", None]})
    assert currencies_of(frame, "invoices", AMOUNT) == ("Currency", {"EUR": 2, "USD": 1})
