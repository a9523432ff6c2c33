"""A snapshot holds who was active, and of accounts only what does not move with its fate."""

import pandas as pd

from standfast.features.observed import observed_accounts
from standfast.features.policy import ChurnPolicy, SnapshotPolicy
from standfast.features.windows import observation_calendar


def observe(maker, policy=None, **tables):
    calendar = observation_calendar([maker.t])
    found = observed_accounts(maker.book(**tables), calendar, policy=policy or SnapshotPolicy()).to_pandas()
    return found.sort_values("account_id", ignore_index=True)


def test_only_active_accounts_that_accounts_holds_are_observed(maker):
    rows = [maker.contract(), maker.contract("b", end=-5), maker.contract("nobody")]
    accounts = [{"account_id": "a"}, {"account_id": "b"}]
    assert observe(maker, subscriptions=rows, accounts=accounts)["account_id"].tolist() == ["a"]


def test_who_travels_and_who_stays_behind(maker):
    account = {
        "account_id": "a", "name": "A", "owner": "Kim", "industry": "Mining", "churned_on": None,
        "health": "red", "region": "north", "started_on": maker.day(-500),
    }  # fmt: skip
    found = observe(maker, SnapshotPolicy(static=("region", "churned_on")), accounts=[account])
    assert list(found.columns) == [
        "account_id", "observation_date", "name", "owner", "industry", "region",
        "raw_period_started_on", "raw_first_started_on",
    ]  # fmt: skip
    assert found["raw_period_started_on"].dt.date.tolist() == [maker.day(-400)]
    assert found["raw_first_started_on"].dt.date.tolist() == [maker.day(-500)]


def test_what_the_contract_tells_is_not_taken_from_accounts(maker):
    accounts = [{"account_id": "a", "plan": "today's"}]
    static = SnapshotPolicy(static=("plan",))
    rows = [maker.contract(plan="pro")]
    assert "plan" not in observe(maker, static, subscriptions=rows, accounts=accounts)
    by_use = SnapshotPolicy(static=("plan",), churn=ChurnPolicy(by="inactivity"))
    bare = pd.DataFrame([{"account_id": "a", "started_on": maker.day(-9)}])
    found = observe(maker, by_use, subscriptions=bare, accounts=accounts, usage=maker.events("day", -1))
    assert found["plan"].tolist() == ["today's"]
