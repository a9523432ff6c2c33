"""Activity is what shows that an account still buys or uses, and nothing else."""

import pytest

from standfast.errors import InputError
from standfast.features.activity import activity_days, first_days
from standfast.features.policy import ChurnPolicy


def days(maker, *activity, **tables):
    """The days of activity from the observation date, sorted."""
    found = activity_days(maker.book(**tables), churn=ChurnPolicy(by="inactivity", activity=activity))
    return sorted((day - maker.t).days for day in found.to_pandas()["day"].dt.date)


def test_an_invoice_is_activity_when_something_was_bought(maker):
    paid = [
        {"account_id": "a", "issued_on": maker.day(n), "amount": amount}
        for n, amount in ((-4, 10.0), (-3, 0.0), (-2, -5.0), (-1, None))
    ]
    assert days(maker, "invoices", invoices=paid) == [-4]


def test_an_invoice_without_an_amount_column_is_activity(maker):
    assert days(maker, "invoices", invoices=maker.events("issued_on", -4, -1)) == [-4, -1]


def test_usage_of_nothing_is_no_activity_and_usage_without_a_quantity_is(maker):
    used = [
        {"account_id": "a", "day": maker.day(n), "quantity": quantity}
        for n, quantity in ((-3, 2.0), (-2, 0.0), (-1, None))
    ]
    assert days(maker, "usage", usage=used) == [-3, -1]


def test_several_tables_together_are_activity_once_a_day(maker):
    tables = {"tickets": maker.events("opened_at", -5, -2), "usage": maker.events("day", -2, -2, -1)}
    assert days(maker, "usage", "tickets", **tables) == [-5, -2, -1]


def test_invoices_come_before_usage_where_nothing_is_named(maker):
    tables = {"usage": maker.events("day", -1), "invoices": maker.events("issued_on", -9)}
    assert days(maker, **tables) == [-9]
    assert days(maker, usage=tables["usage"]) == [-1]


@pytest.mark.parametrize("named", ["tickets", "contacts"])
def test_a_table_that_cannot_tell_of_activity_is_an_error_that_lists_those_that_can(maker, named):
    contacts = [{"contact_id": "c", "account_id": "a", "joined_on": maker.day(-9)}]
    with pytest.raises(InputError, match=rf"{named}.*\['usage'\]"):
        days(maker, named, usage=maker.events("day", -1), contacts=contacts)


def test_a_book_that_tells_of_no_activity_is_an_error_with_a_way_out(maker):
    with pytest.raises(InputError, match=r"\[churn\] activity"):
        days(maker)


def test_an_account_is_first_heard_of_in_any_table(maker):
    book = maker.book(
        subscriptions=[maker.contract("a", start=-9), maker.contract("b", start=-3)],
        tickets=maker.events("opened_at", -5, -2, account_id="b"),
    )
    heard = first_days(book).to_pandas().set_index("account_id")["first_heard_on"].dt.date
    assert {name: (day - maker.t).days for name, day in heard.items()} == {"a": -9, "b": -5}
    assert first_days({"accounts": book["accounts"]}) is None
