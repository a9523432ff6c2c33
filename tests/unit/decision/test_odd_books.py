"""Books and settings of every odd kind: a sensible plan, or one clear error."""

import numpy as np
import pytest

from standfast.decision.bundles import Channel, Channels
from standfast.decision.capacity import Capacity
from standfast.decision.response import Response
from standfast.decision.reward import Economics
from standfast.errors import InputError


@pytest.mark.parametrize("owner", [None, "", "Zed", np.nan])
def test_accounts_without_an_owner_who_has_hours_share_the_pool(make_book, plan_book, owner):
    scores = make_book(60).assign(owner=owner)
    lines = plan_book(scores, capacity=Capacity(hours=14, owners={"Ada": 8.0})).lines
    assert 0 < lines["hours"].sum() <= 6


def test_owners_given_as_numbers_keep_their_hours_beside_accounts_without_owner(make_book, plan_book):
    scores = make_book(60).assign(owner=np.where(np.arange(60) % 2, 7.0, np.nan))
    summary = plan_book(scores, capacity=Capacity(hours=8, owners={"7": 8.0})).summary
    assert [(use.owner, use.n_accounts, use.used > 0) for use in summary.by_owner] == [
        ("7", 30, True),
        ("shared pool", 30, False),
    ]


def test_equal_risk_leaves_the_choice_to_revenue(make_book, plan_book):
    scores = make_book(200, churn_probability=0.2, upsell_probability=0.0)
    lines = plan_book(scores).lines.assign(annual_revenue=scores["annual_revenue"])
    is_served = lines["hours"] > 0
    by_call = lines.groupby("cell")["annual_revenue"]
    assert set(scores["risk_tier"]) == {"medium"}
    for cell, revenue in by_call:
        served = revenue[is_served]
        left = revenue[~is_served]
        assert served.empty or left.empty or served.min() >= left.max(), cell


def test_equal_accounts_are_served_alike_as_far_as_hours_reach(make_book, plan_book):
    scores = make_book(40, annual_revenue=30_000.0, churn_probability=0.2, upsell_probability=0.1)
    lines = plan_book(scores, capacity=Capacity(hours=20)).lines.sort_values("account_id")
    assert lines["hours"].sum() == pytest.approx(20, abs=1)
    assert lines["hours"].is_monotonic_decreasing


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_a_certain_fate_gets_no_hours(make_book, plan_book, certain):
    """Who surely stays, or surely leaves, cannot be kept."""
    plan = plan_book(make_book(40, churn_probability=certain, upsell_probability=0.0))
    assert plan.summary.hours_used == 0
    assert plan.summary.lambda_ == 0


@pytest.mark.parametrize("column", ["annual_revenue", "upsell_value"])
@pytest.mark.parametrize("money", [np.inf, -np.inf, -5.0])
def test_impossible_money_is_one_clear_error(make_book, plan_book, column, money):
    scores = make_book(5)
    scores.loc[2, column] = money
    with pytest.raises(InputError, match=rf"'{column}' must be 0 or more and finite; 1 accounts do not"):
        plan_book(scores)


def test_money_far_apart_is_planned_where_it_is(make_book, plan_book):
    scores = make_book(20, annual_revenue=np.where(np.arange(20) < 10, 1e15, 1.0), churn_probability=0.2)
    plan = plan_book(scores, capacity=Capacity(hours=10))
    assert (plan.lines["hours"][10:] == 0).all()
    assert 0 < plan.summary.hours_used <= 10
    assert plan.summary.gap < 0.001


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"response": Response(save_effect=np.inf)}, r"response.save_effect holds inf.*\[response\]"),
        ({"response": Response(call_weight=np.nan)}, "response.call_weight holds nan"),
        (
            {"channels": Channels(email=Channel(direct_cost=np.inf))},
            r"channels.email holds inf.*\[channels\]",
        ),
    ],
)
def test_settings_without_end_are_one_clear_error(make_book, plan_book, policy, message):
    with pytest.raises(InputError, match=message):
        plan_book(make_book(5), **policy)


@pytest.mark.parametrize("name", ["upsell_share", "acquisition_cost"])
def test_economics_without_end_are_one_clear_error(name):
    with pytest.raises(InputError, match=rf"{name} is inf.*\[economics\]"):
        Economics(**{name: np.inf})
