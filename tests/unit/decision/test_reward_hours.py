"""C8: rewards are planned in hours that nothing else needs."""

import pandas as pd
import pytest

from standfast.decision.capacity import Capacity
from standfast.decision.reward_hours import add_rewards


def thanks(*owners, minutes=60):
    return pd.DataFrame(
        {
            "owner": owners, "account_id": [f"R{n}" for n in range(len(owners))],
            "due_on": pd.Timestamp("2026-01-20"), "channel": "email", "minutes": minutes,
            "play": "Thank-you card", "kind": "reward", "why": "one of our best accounts",
        }
    )  # fmt: skip


def test_rewards_take_hours_that_are_left_and_no_others(make_book, plan_book):
    plan = plan_book(make_book(40), capacity=Capacity(hours=10_000))
    with_thanks = add_rewards(plan, thanks("ann", "bo"))
    assert with_thanks.fixed["kind"].tolist() == ["reward", "reward"]
    assert with_thanks.lines.equals(plan.lines)
    assert with_thanks.summary.hours_fixed == plan.summary.hours_fixed + 2
    assert with_thanks.summary.hours_left == pytest.approx(plan.summary.hours_left - 2)
    (team,) = with_thanks.summary.by_owner
    assert team.fixed == 2


def test_rewards_that_do_not_fit_are_cut_and_counted(make_book, plan_book):
    plan = plan_book(make_book(40), capacity=Capacity(hours=0))
    told = add_rewards(plan, thanks("ann", "bo"))
    assert told.fixed.empty
    (use,) = told.summary.fixed
    assert (use.kind, use.n_touches, use.n_cut, use.hours_cut) == ("reward", 0, 2, 2.0)


def test_each_owner_thanks_within_their_own_hours(make_book, plan_book):
    scores = make_book(6).assign(owner=["ann", "ann", "ann", "bo", "bo", "bo"])
    plan = plan_book(scores, capacity=Capacity(hours=2_001, owners={"ann": 2_000.0, "bo": 0.5}))
    told = add_rewards(plan, thanks("ann", "bo", "nobody"))
    assert told.fixed["owner"].tolist() == ["ann"], "half an hour holds no thanks of an hour"
    assert all(use.fixed + use.used <= use.capacity + 1e-9 for use in told.summary.by_owner)


def test_without_rewards_the_plan_is_the_same(make_book, plan_book):
    plan = plan_book(make_book(10))
    assert add_rewards(plan, thanks()) is plan
