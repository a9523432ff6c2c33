"""The tables as they stood before a day: no later row, no later filling."""

import pandas as pd

from standfast.features.as_known import as_known
from standfast.features.policy import SnapshotPolicy


def stood(maker, name, rows, *, policy=SnapshotPolicy(), **tables):  # noqa: B008  (frozen)
    """One table as it stood on the morning of t."""
    known = as_known(maker.book(**{name: rows}, **tables), maker.t, policy=policy)
    return known[name].to_pandas() if name in known else None


def test_rows_of_the_day_itself_are_not_known(maker):
    columns = {"usage": "day", "tickets": "opened_at", "surveys": "answered_at", "invoices": "issued_on",
               "touches": "day", "opportunities": "opened_on", "contacts": "joined_on"}  # fmt: skip
    for name, column in columns.items():
        rows = stood(maker, name, maker.events(column, -1, 0, 1, contact_id="c"))
        assert pd.to_datetime(rows[column]).dt.date.tolist() == [maker.day(-1)], name


def test_a_subscription_that_starts_on_the_day_is_in_force(maker):
    rows = stood(maker, "subscriptions", [maker.contract(start=n) for n in (-1, 0, 1)])
    assert len(rows) == 2


def test_what_is_filled_in_later_is_blank_and_what_comes_with_it(maker):
    filled = {
        "subscriptions": ("started_on", "ended_on", {}),
        "invoices": ("issued_on", "paid_on", {"attempts": 2}),
        "tickets": ("opened_at", "closed_at", {"reopens": 1, "satisfaction": "bad"}),
        "contacts": ("joined_on", "left_on", {}),
        "opportunities": ("opened_on", "closed_on", {"won": True}),
    }
    for name, (begun, ended, more) in filled.items():
        rows = [row for n in (-1, 0, 9) for row in
                maker.events(begun, -5, contact_id="c", **{ended: maker.day(n)}, **more)]  # fmt: skip
        found = stood(maker, name, rows)
        for column in (ended, *more):
            assert found[column].notna().tolist() == [True, False, False], (name, column)


def test_a_value_without_its_date_is_not_known(maker):
    found = stood(maker, "opportunities", maker.events("opened_on", -5, won=False))
    assert "won" not in found


def test_agreed_dates_and_columns_of_the_users_own_stay(maker):
    rows = maker.events("issued_on", -5, due_on=maker.day(25), region="north")
    found = stood(maker, "invoices", rows)
    assert found["due_on"].notna().all()
    assert found["region"].tolist() == ["north"]


def test_accounts_come_without_todays_state_and_without_those_to_come(maker):
    rows = [
        {
            "account_id": name,
            "industry": "retail",
            "tier": "gold",
            "status": "gone",
            "started_on": maker.day(n),
        }
        for name, n in (("a", -1), ("b", 0), ("c", 1), ("d", None))
    ]
    found = stood(maker, "accounts", rows, policy=SnapshotPolicy(static=("tier",)))
    assert found["account_id"].tolist() == ["a", "b", "d"]
    assert set(found) == {"account_id", "industry", "tier", "started_on"}


def test_a_list_of_todays_contacts_tells_nothing_of_the_past(maker):
    assert stood(maker, "contacts", [{"contact_id": "c", "account_id": "a"}]) is None
