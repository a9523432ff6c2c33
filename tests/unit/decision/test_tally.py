"""C2: capacity and plan side by side, what was cut, and what rests on assumptions."""

import numpy as np
import pytest

from standfast.decision.bundles import Channels, bundle_table
from standfast.decision.capacity import SHARED_POOL, Capacity, assign_pools
from standfast.decision.guards import OPEN
from standfast.decision.offers import build_offers
from standfast.decision.response import Response
from standfast.decision.reward import Economics
from standfast.decision.solver import solve
from standfast.decision.tally import summarise, tally_up


@pytest.fixture(scope="module")
def plan(make_book, plan_book):
    return plan_book(
        make_book(500).assign(owner=["Ada", "Bo"] * 250), capacity=Capacity(hours=70, owners={"Ada": 40.0})
    )


def test_the_summary_adds_up_to_the_lines(plan):
    lines, summary = plan.lines, plan.summary
    assert summary.n_accounts == len(lines)
    assert summary.n_planned == (lines["hours"] > 0).sum()
    assert summary.n_planned + sum(summary.left.values()) == len(lines)
    assert summary.hours_used == pytest.approx(lines["hours"].sum())
    assert summary.expected_value == pytest.approx(lines["expected_value"].sum())
    assert summary.conservative_value == pytest.approx(lines["conservative_value"].sum())
    assert summary.digital_value == pytest.approx(lines.loc[lines["hours"] == 0, "expected_value"].sum())


def test_each_pool_shows_hours_and_worth_of_one_more(plan):
    ada, shared = plan.summary.by_owner
    assert (ada.owner, shared.owner) == ("Ada", SHARED_POOL)
    assert (ada.capacity, shared.capacity) == (40.0, 30.0)
    assert 0 < ada.used <= 40
    assert 0 < shared.used <= 30
    assert plan.summary.lambda_ == max(ada.lambda_, shared.lambda_) > 0
    assert ada.used == pytest.approx(plan.lines.loc[plan.lines["owner"] == "Ada", "hours"].sum())


def test_values_stay_below_their_bound(plan):
    for use in plan.summary.by_owner:
        assert use.expected_value <= use.bound * (1 + 1e-9)
        assert use.is_exact
        assert use.gap == 0


def test_the_gap_of_a_pool_too_large_to_solve_exactly_is_reported(make_book):
    scores = make_book(1000).sort_values("account_id")
    table = bundle_table(channels=Channels(), response=Response(), hourly_cost=125.0)
    closed = np.full(1000, OPEN)
    offers = build_offers(scores, closed, table, economics=Economics(), horizon_days=90)
    pools = assign_pools(None, capacity=Capacity(hours=150), n_accounts=1000)
    greedy = tally_up(
        offers, pools, solve(offers, pools, exact_accounts=0, refined_accounts=0), closed, response=Response()
    )
    summary = summarise(greedy, scores, economics=Economics(), response=Response(), horizon_days=90)
    assert not summary.by_owner[0].is_exact
    assert 0 < summary.gap < 0.01
    assert summary.gap == pytest.approx(1 - summary.expected_value / summary.by_owner[0].bound)


def test_what_was_cut_is_shown_per_segment(plan):
    """C2: what was cut is printed."""
    cuts = plan.summary.cut
    assert sum(cut.hours_planned for cut in cuts) == pytest.approx(plan.summary.hours_used)
    assert sum(cut.hours_wanted for cut in cuts) > plan.summary.hours_used
    assert all(cut.n_wanted >= 0 and cut.hours_wanted >= 0 for cut in cuts)


def test_the_conservative_value_keeps_one_leaver_in_ten_and_sells_nothing(make_book, plan_book):
    """save_rate x p x V - cost, V of the method page; automated messages alone count for nothing."""
    scores = make_book(100)
    lines = plan_book(scores).lines
    p, revenue = scores["churn_probability"], scores["annual_revenue"]
    kept = 0.8 * revenue * 90 / 365 * sum((1 - p) ** k for k in range(4))
    direct = np.where(
        lines["n_in_person"] > 0, 0.0, 0.0
    )  # a single in-person touch is a review, at no direct cost
    by_hand = np.where(lines["hours"] > 0, 0.1 * p * kept, 0) - 125 * lines["hours"] - direct
    assert lines["n_in_person"].max() <= 1
    np.testing.assert_allclose(lines["conservative_value"], by_hand)


def test_a_stronger_response_makes_the_same_plan_worth_more(plan):
    sensitivity = plan.summary.sensitivity
    assert (
        sensitivity.value_at_half_response < plan.summary.expected_value < sensitivity.value_at_twice_response
    )


def test_at_the_break_even_save_rate_the_hours_pay_for_themselves(make_book, plan_book):
    scores = make_book(200)
    rate = plan_book(scores).summary.sensitivity.break_even_save_rate
    assert 0 < rate < 0.1
    again = plan_book(scores, response=Response(save_rate=rate)).summary
    assert again.conservative_value == pytest.approx(0.0, abs=1e-6)


def test_without_planned_hours_there_is_no_break_even(make_book, plan_book):
    summary = plan_book(make_book(20), capacity=Capacity(hours=0)).summary
    assert summary.sensitivity.break_even_save_rate is None
    assert summary.conservative_value == 0
