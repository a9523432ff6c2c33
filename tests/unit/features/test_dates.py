"""Dates come from the data, never from a clock."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.errors import InputError
from standfast.features.dates import DAY_OF, first_event, newest_event, observation_dates
from standfast.features.policy import ChurnPolicy
from standfast.schema import TABLES

AS_OF = date(2025, 1, 1)


def test_the_newest_date_is_the_newest_that_has_matured():
    dates = observation_dates(first_event=date(2020, 1, 1), as_of=AS_OF, horizon_days=90, lead_days=10)
    assert dates[-1] == AS_OF - timedelta(days=130)
    assert len(dates) == 24


def test_no_date_lies_in_the_warm_up():
    first = AS_OF - timedelta(days=120 + 30 + 90)
    assert len(observation_dates(first_event=first, as_of=AS_OF, horizon_days=90)) == 2
    assert len(observation_dates(first_event=first + timedelta(days=1), as_of=AS_OF, horizon_days=90)) == 1


def test_a_short_history_gives_no_date():
    assert observation_dates(first_event=AS_OF, as_of=AS_OF, horizon_days=90) == ()


@given(
    horizon=st.integers(1, 400), lead=st.integers(0, 90), gap=st.integers(0, 90), step=st.integers(1, 100),
    history=st.integers(0, 2000), most=st.integers(1, 40),
)  # fmt: skip
def test_dates_are_ascending_matured_and_warm(**drawn):
    horizon, lead, gap, step, history, most = (
        drawn[name] for name in ("horizon", "lead", "gap", "step", "history", "most")
    )
    first = AS_OF - timedelta(days=history)
    dates = observation_dates(
        first_event=first, as_of=AS_OF, horizon_days=horizon, lead_days=lead, allowed_gap_days=gap,
        step_days=step, most=most,
    )  # fmt: skip
    assert len(dates) <= most
    assert list(dates) == sorted(set(dates))
    assert all(day + timedelta(days=lead + horizon + gap) <= AS_OF for day in dates)
    assert all(day >= first + timedelta(days=90) for day in dates)


def test_the_newest_event_is_never_an_end_a_renewal_or_a_due_date(maker):
    book = maker.book(
        subscriptions=[maker.contract(start=40, end=400, renews_on=maker.day(400))],
        usage=maker.events("day", -3, 7),
        invoices=[{"account_id": "a", "issued_on": maker.day(-9), "due_on": maker.day(60), "paid_on": None}],
        opportunities=maker.events("opened_on", -4, closed_on=maker.day(90)),
    )
    assert newest_event(book) == maker.day(7)


def test_a_ticket_closed_or_an_invoice_paid_is_an_event(maker):
    tickets = [{"account_id": "a", "opened_at": maker.day(-9), "closed_at": maker.day(-2)}]
    assert newest_event(maker.book(tickets=tickets)) == maker.day(-2)


def test_starts_count_where_a_book_has_nothing_else(maker):
    assert newest_event(maker.book(subscriptions=[maker.contract(start=-20)])) == maker.day(-20)


def test_a_book_without_any_event_is_an_error(maker):
    book = maker.book()
    with pytest.raises(InputError, match="no dated event"):
        newest_event({"accounts": book["accounts"]})
    with pytest.raises(InputError, match="neither"):
        first_event({"accounts": book["accounts"]})


def test_history_begins_where_the_tables_that_matter_have_begun(maker):
    rows = [maker.contract(start=-900)]
    assert first_event(maker.book(subscriptions=rows)) == maker.day(-900)
    assert first_event(maker.book(subscriptions=rows, usage=maker.events("day", -200, -1))) == maker.day(-200)


def test_by_inactivity_history_begins_with_the_first_activity(maker):
    tables = {"invoices": maker.events("issued_on", -500, -1), "tickets": maker.events("opened_at", -900)}
    book = {name: table for name, table in maker.book(**tables).items() if name != "subscriptions"}
    assert first_event(book) == maker.day(-500)
    both = ChurnPolicy(by="inactivity", activity=("invoices", "tickets"))
    assert first_event(book, churn=both) == maker.day(-900)
    used = book | {"usage": maker.book(usage=maker.events("day", -200))["usage"]}
    assert first_event(used) == maker.day(-200), "before, every account would look silent"


def test_by_column_history_begins_with_any_event_else_with_the_first_account(maker):
    by_column = ChurnPolicy(by="column")
    accounts = [{"account_id": "a", "started_on": maker.day(-700), "churned_on": maker.day(-7)}]
    whole = maker.book(accounts=accounts, tickets=maker.events("opened_at", -600))
    book = {name: table for name, table in whole.items() if name != "subscriptions"}
    assert first_event(book, churn=by_column) == maker.day(-600)
    alone = {"accounts": book["accounts"]}
    assert first_event(alone, churn=by_column) == maker.day(-700)
    assert newest_event(alone) == maker.day(-7)


def test_each_dated_table_names_a_column_of_its_own():
    assert all(column in TABLES[table].names for table, column in DAY_OF.items())
    assert set(TABLES) - set(DAY_OF) == {"team"}
