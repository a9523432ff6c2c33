"""Exports of four systems, with ids, cents, unix times and zones of their own, become right snapshots."""

import math
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest

from standfast.pipelines.init import init
from standfast.pipelines.observe import observe_current
from standfast.settings import load_settings

pytestmark = pytest.mark.integration

N = 30
FIRST = datetime(2023, 1, 1, tzinfo=UTC)
AS_OF = date(2024, 6, 1)
INTERVALS = [("month", 1, 12), ("month", 3, 4), ("year", 1, 1), ("week", 2, 26)]
ZONES = [UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-7))]
LEFT = 7
"""The account whose subscription ended on LEFT_ON, a month after that was asked for."""
LEFT_ON = datetime(2024, 1, 31, tzinfo=UTC)


def salesforce_id(number):
    return f"0015g00000Ab{number:03}"


def salesforce():
    return pd.DataFrame(
        {
            "Id": [salesforce_id(i) for i in range(N)],
            "IsDeleted": "false",
            "Name": [f"Firm {i}" for i in range(N)],
            "ParentId": [salesforce_id(0) if i == 5 else None for i in range(N)],
            "BillingCountry": ["Norway", "Chile"] * (N // 2),
            "AccountNumber": [f"N-{i}" for i in range(N)],
            "Industry": ["Energy", "Retail", "Health"] * (N // 3),
            "AnnualRevenue": [f"{i * 1_000_000}.0" for i in range(N)],
            "NumberOfEmployees": [str(10 + i) for i in range(N)],
            "OwnerId": ["0055g01", "0055g02"] * (N // 2),
            "CreatedDate": "2022-12-01T09:00:00.000+0000",
            "LastActivityDate": "2024-05-30",
            "Stripe_Customer_Id__c": [f"cus_{i}" for i in range(N)],
        }
    )


def seconds(moment):
    return str(int(moment.timestamp()))


def subscriptions():
    rows = []
    for i in range(N):
        interval, count, _ = INTERVALS[i % 4]
        rows.append(
            {
                "id": f"sub_{i}", "object": "subscription", "customer": f"cus_{i}",
                "status": "canceled" if i == LEFT else "active", "start_date": seconds(FIRST),
                "current_period_end": seconds(LEFT_ON), "cancel_at_period_end": "false",
                "canceled_at": seconds(LEFT_ON - timedelta(days=30)) if i == LEFT else "",
                "ended_at": seconds(LEFT_ON) if i == LEFT else "", "quantity": str(1 + i % 5),
                "amount": str(10_000 + 100 * i), "currency": "usd", "interval": interval,
                "interval_count": str(count),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def yearly_revenue(number):
    times = INTERVALS[number % 4][2]
    return (10_000 + 100 * number) / 100 * (1 + number % 5) * times


def invoices():
    """An invoice a month, due in ten days; every third account has not paid the last one."""
    rows = []
    for i in range(N):
        for month in range(17):
            issued = FIRST + timedelta(days=30 * month)
            is_open = month == 16 and i % 3 == 0
            rows.append(
                {
                    "id": f"in_{i}_{month}", "customer": f"cus_{i}", "created": seconds(issued),
                    "due_date": seconds(issued + timedelta(days=10)), "amount_due": "10000",
                    "attempt_count": "1", "amount_paid": "0" if is_open else "10000", "total": "10000",
                    "billing_reason": "manual",
                    "status_transitions_paid_at": "" if is_open else seconds(issued + timedelta(days=13)),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def organizations():
    return pd.DataFrame(
        {
            "id": [str(360_000 + i) for i in range(N)],
            "name": [f"Firm {i}" for i in range(N)],
            "external_id": [salesforce_id(i) for i in range(N)],
            "shared_tickets": "false",
            "created_at": "2023-01-01T00:00:00Z",
        }
    )


def tickets():
    """Account i opens i tickets within the last 90 days, and one long before."""
    days = [(i, AS_OF - timedelta(days=1 + 80 * k // N)) for i in range(N) for k in range(i)]
    days += [(i, date(2023, 3, 1)) for i in range(N)]
    return pd.DataFrame(
        {
            "id": range(len(days)),
            "organization_id": [str(360_000 + i) for i, _ in days],
            "requester_id": "5", "status": "solved", "priority": "urgent", "reopens": "0",
            "created_at": [f"{day}T08:00:00Z" for _, day in days],
            "solved_at": [f"{day + timedelta(days=1)}T08:00:00Z" for _, day in days],
            "satisfaction_rating": "good",
        }
    )  # fmt: skip


def tracks():
    """One event a day by account, written where it is ten past midnight in the person's own zone."""
    rows = []
    for i in range(N):
        for day in range(0, 516, 1 + i % 6):
            local = datetime(2023, 1, 1, 0, 10, tzinfo=ZONES[i % 3]) + timedelta(days=day)
            rows.append(
                {
                    "messageId": f"m{i}-{day}", "type": "track", "userId": f"u{i}", "event": "Report Viewed",
                    "groupId": salesforce_id(i), "timestamp": local.isoformat(), "sentAt": local.isoformat(),
                    "receivedAt": local.isoformat(),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def days_used():
    """How many days in UTC, of the last thirty, each account did something on."""
    rows = tracks()
    days = pd.to_datetime(rows["timestamp"], utc=True, format="ISO8601").dt.date
    recent = (days >= AS_OF - timedelta(days=30)) & (days < AS_OF)
    return days[recent].groupby(rows["groupId"]).nunique()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    (folder / "usage").mkdir()
    salesforce().to_csv(folder / "Account.csv", index=False)
    subscriptions().to_csv(folder / "subs.csv", index=False)
    invoices().to_csv(folder / "bills.csv", index=False)
    organizations().to_csv(folder / "orgs.csv", index=False)
    tickets().to_csv(folder / "tickets.csv", index=False)
    parts = tracks()
    parts.iloc[::2].to_parquet(folder / "usage" / "part-0.parquet")
    parts.iloc[1::2].to_parquet(folder / "usage" / "part-1.parquet")
    return folder


@pytest.fixture(scope="module")
def summary(folder):
    names = ("Account.csv", "subs.csv", "bills.csv", "orgs.csv", "tickets.csv", "usage")
    return init([folder / name for name in names], output=folder / "standfast.toml")


@pytest.fixture(scope="module")
def current(folder, summary):
    observed = observe_current(load_settings(folder / "standfast.toml"), as_of=AS_OF)
    return observed.current.set_index("account_id")


def test_each_file_is_told_with_its_system_and_its_conversions(summary):
    told = "\n".join(summary.guesses)
    for line in (
        "accounts, a Salesforce export of accounts (OwnerId, NumberOfEmployees, AnnualRevenue)",
        "its customer is translated by Stripe_Customer_Id__c of",
        "unix times; amounts are cents; amounts are per interval (month, week, year); amounts are times",
        "a Zendesk export of tickets (organization_id, requester_id, reopens); its organization_id is",
        "a Segment export of track calls (event, groupId, messageId); 100.0% of its rows are of known",
        "identifiers_found.csv: identifiers, Stripe_Customer_Id__c (Stripe_Customer_Id__c beside Id of",
    ):
        assert line in told


def test_the_traps_are_told(summary):
    told = "\n".join(summary.warnings)
    assert "own turnover" in told
    assert "canceled_at is when the end was asked for" in told
    assert "they would tell the future: LastActivityDate;" in told
    assert "1 of 30 accounts have a parent" in told


def test_the_settings_hold_the_conversions_and_a_mapping_from_two_files(folder, summary):
    written = tomllib.loads((folder / "standfast.toml").read_text())
    assert written["read"] == {
        "subscriptions": {
            "identifier": "Stripe_Customer_Id__c", "timestamps": "unix", "cents": ["amount"],
            "interval": "interval", "interval_count": "interval_count", "quantity": "quantity",
        },
        "invoices": {"identifier": "Stripe_Customer_Id__c", "timestamps": "unix", "cents": ["amount"]},
        "tickets": {"identifier": "id"},
    }  # fmt: skip
    assert "renews_on" not in written["columns"]["subscriptions"]
    mapping = pd.read_csv(folder / written["book"]["identifiers"], dtype="string")
    assert list(mapping.columns) == ["account_id", "Stripe_Customer_Id__c", "id"]
    assert len(mapping) == 2 * N


def test_revenue_is_per_year_in_whole_units_for_all_units(current):
    for number in range(N):
        if number != LEFT:
            revenue = current.loc[salesforce_id(number), "annual_revenue"]
            assert revenue == pytest.approx(yearly_revenue(number), abs=0.05), number


def test_the_account_left_at_its_end_and_not_when_it_was_asked_for(folder, current):
    assert salesforce_id(LEFT) not in current.index
    settings = load_settings(folder / "standfast.toml")
    asked_on = (LEFT_ON - timedelta(days=20)).date()
    assert salesforce_id(LEFT) in set(observe_current(settings, as_of=asked_on).current["account_id"])


def test_a_column_of_the_crm_alone_translates_the_customers_of_stripe(folder):
    init([folder / "Account.csv", folder / "subs.csv"], output=folder / "two.toml")
    settings = load_settings(folder / "two.toml")
    assert settings.book.identifiers == settings.book.accounts
    current = observe_current(settings, as_of=AS_OF).current.set_index("account_id")
    assert current.loc[salesforce_id(9), "annual_revenue"] == pytest.approx(yearly_revenue(9), abs=0.05)


def test_tickets_are_those_of_the_organisation(current):
    for number in range(N):
        if number != LEFT:
            assert current.loc[salesforce_id(number), "tickets_90d"] == number


def test_usage_is_counted_by_days_in_utc(current):
    expected = days_used()
    assert expected.nunique() > 3
    told = current["active_days_30d"]
    assert dict(told) == dict(expected[told.index])


def test_invoices_that_are_late_are_counted(current):
    for number in range(N):
        if number != LEFT:
            overdue = current.loc[salesforce_id(number), "invoices_overdue"]
            assert overdue == (1 if number % 3 == 0 else 0)
            assert math.isclose(current.loc[salesforce_id(number), "payment_delay_days"], 3.0)


def test_owners_and_industries_come_from_the_crm(current):
    assert current.loc[salesforce_id(3), "industry"] == "Energy"
    assert current.loc[salesforce_id(3), "employees"] == 13
