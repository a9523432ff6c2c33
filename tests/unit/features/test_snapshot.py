"""A snapshot holds what was known before its date, and nothing else."""

from datetime import timedelta

import pandas as pd
import pytest

from standfast.errors import InputError
from standfast.features.catalogue import CATALOGUE
from standfast.features.snapshot import SnapshotPolicy, build_snapshots, set_aside_account_columns

FILLED_WITH_IT = {"invoices": {"attempts": 9}, "opportunities": {"won": False},
                  "tickets": {"satisfaction": "bad", "reopens": 5}}  # fmt: skip
SPEND = {"mean_purchase", "days_since_last_purchase", "days_between_purchases"}
"""With the spend and purchases of a period: features of books without contracts alone."""


def rich_book(maker):
    """Two accounts with something in every table."""
    return {
        "accounts": [
            {"account_id": name, "name": name.upper(), "industry": "retail", "country": "NA", "employees": 5,
             "owner": "Ann", "status": "active", "tier": "gold"}
            for name in ("a", "b")
        ],
        "subscriptions": [
            maker.contract(end=-10, seats=4, plan="basic", product="core", renews_on=maker.day(-10)),
            maker.contract(start=-10, amount=150.0, seats=10, plan="pro", product="core", auto_renew=True,
                           renews_on=maker.day(355)),
            maker.contract("b", start=-70, seats=2, plan="basic", product="core", auto_renew=False),
        ],
        "invoices": [
            {"account_id": name, "issued_on": maker.day(-60), "due_on": maker.day(-30), "paid_on": paid_on,
             "amount": 50.0, "attempts": attempts}
            for name, paid_on, attempts in (("a", maker.day(-25), 3), ("b", None, None))
        ],
        "usage": [
            row | {"event": event, "quantity": 2.0, "limit": 10.0, "user_id": user}
            for row in maker.events("day", -1, -2, -40, -100) + maker.events("day", -5, -50, account_id="b")
            for event, user in (("login", "u1"), ("export", "u2"))
        ],
        "tickets": maker.events("opened_at", -3, -45, closed_at=None, priority="Urgent", escalated=True)
        + maker.events("opened_at", -100, closed_at=maker.day(-94), satisfaction="Good", reopens=2),
        "surveys": maker.events("answered_at", -20, score=9, contact_id="c1"),
        "contacts": [
            {"contact_id": "c1", "account_id": "a", "role": "Sponsor", "joined_on": maker.day(-300),
             "left_on": None},
            {"contact_id": "c2", "account_id": "b", "role": "sponsor", "joined_on": maker.day(-60),
             "left_on": maker.day(-7)},
        ],
        "touches": maker.events("day", -4, channel="call", contact_id="c1", outcome="reached"),
        "opportunities": maker.events("opened_on", -4, closed_on=maker.day(40), won=None)
        + maker.events("opened_on", -90, closed_on=maker.day(-20), won=False),
    }  # fmt: skip


@pytest.fixture(scope="module")
def rich(maker):
    """What the rich book looks like at t."""
    return maker.look(**rich_book(maker))


def moved(rows, by):
    """The same records, all their dates moved."""
    frame = pd.DataFrame(rows)
    for name in frame.columns:
        if name.endswith(("_on", "_at", "day")):
            frame[name] = pd.to_datetime(frame[name]) + by
    return frame


def test_every_feature_of_a_rich_book_is_in_the_catalogue_and_in_its_order(rich):
    names = [name for name in rich.columns if name not in ("account_id", "observation_date")]
    of_purchases = {name for name in CATALOGUE if name.startswith(("spend_", "purchase")) or name in SPEND}
    assert set(names) == set(CATALOGUE) - of_purchases
    assert rich[[name for name in names if name.endswith("_vs_peers")]].isna().all(axis=None), "too few"
    assert names == [name for name in CATALOGUE if name in names]


def test_the_rich_book_is_read_as_a_person_would_read_it(rich):
    a, b = rich.to_dict("records")
    expected = {
        "annual_revenue": 150.0, "revenue_change_180d": 0.5, "n_price_changes_365d": 1, "tenure_days": 400,
        "days_to_renewal": 355, "days_to_anniversary": 330, "auto_renew": 1, "plan": "pro", "seats": 10,
        "payment_delay_days": 5, "invoices_overdue": 0, "usage_30d": 4 * 1.585 / 30,
        "usage_90d": 6 * 1.585 / 90, "usage_180d": 8 * 1.585 / 180, "active_days_30d": 2,
        "n_event_kinds_30d": 2, "n_users_30d": 2,
        "seat_utilisation": 0.2, "usage_limit_share": 0.2, "days_since_last_use": 1, "tickets_30d": 1,
        "tickets_90d": 2, "tickets_open": 2, "escalations_90d": 2, "open_critical": 2, "nps_last": 9,
        "days_since_nps": 20, "n_contacts": 1, "has_sponsor": 1, "sponsor_left_90d": 0,
        "sponsor_engagement": 1.0, "touches_90d": 1, "opportunities_open": 1, "owner": "Ann", "country": "NA",
        "revenue_per_seat": 15.0, "price_change_180d": -0.4, "n_products": 1, "seats_change_180d": 1.5,
        "late_share_180d": 1, "overdue_share": 0, "failed_payments_180d": 2, "opportunities_lost_365d": 1,
        "kinds_kept_30d": 1, "tickets_change_90d": 1, "tickets_per_seat_90d": 0.2, "days_to_close_180d": 6,
        "escalation_share_180d": 0.666667, "reopened_180d": 2, "satisfaction_180d": 1,
        "nps_state": "promoter", "days_since_new_sponsor": 300, "days_since_last_touch": 4,
    }  # fmt: skip
    assert {name: a[name] for name in expected} == expected
    other = {
        "annual_revenue": 100.0, "invoices_overdue": 1, "tickets_90d": 0, "n_contacts": 0, "has_sponsor": 0,
        "sponsor_left_90d": 1, "days_since_sponsor_left": 7, "sponsor_engagement": 0.0, "auto_renew": 0,
        "late_share_180d": 1, "overdue_share": 1, "failed_payments_180d": 0, "nps_state": "not asked",
    }  # fmt: skip
    assert {name: b[name] for name in other} == other
    missing = ["nps_last", "nps_worst_180d", "days_since_nps", "payment_delay_days", "revenue_change_180d",
               "days_to_renewal"]  # fmt: skip
    assert pd.Series(b)[missing].isna().all()


def test_a_future_event_changes_nothing(maker, rich):
    tables = rich_book(maker)
    later = {name: [*rows, *_events_from_now_on(maker, name)] for name, rows in tables.items()}
    pd.testing.assert_frame_equal(maker.look(**later), rich)


def _events_from_now_on(maker, table):
    """Rows of the observation date and after it."""
    columns = {"usage": "day", "tickets": "opened_at", "surveys": "answered_at", "touches": "day",
               "opportunities": "opened_on", "invoices": "issued_on"}  # fmt: skip
    more = {"quantity": 500.0, "limit": 1.0, "event": "new", "user_id": "u9", "score": 0, "escalated": True,
            "priority": "p1", "contact_id": "c2", "outcome": "reached", "due_on": maker.day(5)}  # fmt: skip
    if table == "subscriptions":
        return [maker.contract(start=1, amount=999.0, seats=99, product="core")]
    if table == "contacts":
        return [{"contact_id": "c9", "account_id": "b", "role": "sponsor", "joined_on": maker.day(0)}]
    if table not in columns:
        return []
    return [row | more for row in maker.events(columns[table], 0, 1, 200)]


def test_what_an_open_row_becomes_later_changes_nothing(maker, rich):
    """A cancellation, a payment, a closed ticket, a leaver and a lost deal after t were not known at t."""
    tables = rich_book(maker)
    later = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    ends = {"subscriptions": "ended_on", "invoices": "paid_on", "tickets": "closed_at", "contacts": "left_on",
            "opportunities": "closed_on"}  # fmt: skip
    for table, column in ends.items():
        for row in later[table]:
            if not row.get(column):
                row.update({column: maker.day(2)} | FILLED_WITH_IT.get(table, {}))
    pd.testing.assert_frame_equal(maker.look(**later), rich)


def test_permuting_the_rows_changes_nothing(maker, rich):
    tables = rich_book(maker)
    permuted = {name: rows[::-1] for name, rows in tables.items()}
    pd.testing.assert_frame_equal(maker.look(**permuted), rich)


def test_adding_an_account_changes_no_other_accounts_row(maker, rich):
    tables = rich_book(maker)
    more = {
        name: [*rows, *({**row, "account_id": "c", "contact_id": "c5"} for row in rows[:2])]
        for name, rows in tables.items()
    }
    more["accounts"] = [*tables["accounts"], {**tables["accounts"][0], "account_id": "c"}]
    both = maker.look(**more)
    assert both["account_id"].tolist() == ["a", "b", "c"]
    kept = both[both["account_id"] != "c"].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, rich)


def test_shifting_all_dates_by_a_week_shifts_the_snapshots_and_nothing_else(maker, rich):
    week = timedelta(days=7)
    tables = {name: moved(rows, week) for name, rows in rich_book(maker).items()}
    after = maker.look(dates=[maker.t + week], **tables)
    after["observation_date"] -= week
    pd.testing.assert_frame_equal(after, rich)


def test_a_date_sees_the_same_alone_and_among_others(maker, rich):
    among = maker.look(dates=[maker.day(-45), maker.day(-7), maker.t], **rich_book(maker))
    assert len(among) == 6
    newest = among[among["observation_date"] == pd.Timestamp(maker.t)].reset_index(drop=True)
    pd.testing.assert_frame_equal(newest, rich)


def test_each_optional_table_may_be_missing(maker, rich):
    book = maker.book(**rich_book(maker))
    for name in set(book) - {"accounts", "subscriptions"}:
        fewer = {table: rows for table, rows in book.items() if table != name}
        assert set(build_snapshots(fewer, dates=[maker.t]).columns) < set(rich.columns)


def test_a_book_of_starts_alone_gives_what_starts_tell(maker):
    bare = maker.look(subscriptions=[{"account_id": "a", "started_on": maker.day(-9)}])
    assert bare.columns.tolist() == ["account_id", "observation_date", "tenure_days", "days_to_anniversary"]
    assert bare["tenure_days"].tolist() == [9]


def test_undated_account_columns_are_no_features_unless_named_static(maker):
    tables = rich_book(maker)
    spine = {name: tables[name] for name in ("accounts", "subscriptions")}
    snapshots = maker.look(policy=SnapshotPolicy(static=("tier",)), **spine)
    assert snapshots["tier"].tolist() == ["gold", "gold"]
    assert "status" not in snapshots.columns
    accounts = maker.book(**tables)["accounts"]
    assert set_aside_account_columns(accounts) == ("status", "tier")
    assert set_aside_account_columns(accounts, policy=SnapshotPolicy(static=("tier",))) == ("status",)


def test_subscriptions_of_accounts_nobody_lists_give_no_snapshot(maker):
    rows = [maker.contract(), maker.contract("ghost")]
    assert maker.look(accounts=[{"account_id": "a"}], subscriptions=rows)["account_id"].tolist() == ["a"]


def test_a_column_that_is_called_like_one_of_ours_does_no_harm(maker):
    tickets = maker.events("opened_at", -3, observation_date="x", day_30="y", bucket=1, raw_units_30=2)
    usage = maker.events("day", -3, observation_date="x", bucket="y", units=1, activity=2)
    assert maker.look(tickets=tickets, usage=usage)["tickets_30d"].tolist() == [1]


def test_no_date_is_an_error_that_says_so(maker):
    with pytest.raises(InputError, match="no observation date"):
        build_snapshots(maker.book(), dates=[])


@pytest.mark.parametrize("table", ["accounts", "subscriptions"])
def test_a_book_without_its_spine_is_an_error(maker, table):
    book = {name: rows for name, rows in maker.book().items() if name != table}
    with pytest.raises(InputError, match=table):
        build_snapshots(book, dates=[maker.t])
