"""Plans that follow each other: what is kept, what keeping costs, and last plans of every odd kind."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.bundles import BUNDLES, Bundle
from standfast.decision.capacity import Capacity
from standfast.decision.guards import Guards
from standfast.decision.keeping import NOTHING_KEPT, last_bundles
from standfast.errors import InputError

TOUCHES = ["n_in_person", "n_call", "n_email", "n_digital"]


def a_month_on(scores: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """The same placed book with probabilities that moved."""
    moved = np.random.default_rng(seed).normal(0, 0.4, len(scores))
    odds = scores["churn_probability"] / (1 - scores["churn_probability"]) * np.exp(moved)
    return scores.assign(churn_probability=odds / (1 + odds))


def hours_moved(before: pd.DataFrame, after: pd.DataFrame) -> float:
    return float((after["hours"] - before["hours"]).clip(lower=0).sum() / after["hours"].sum())


def last_plan(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"account_id": ["a", "b"], **dict.fromkeys(TOUCHES, 0), **columns})


def test_touches_are_met_by_account_and_count():
    last = last_plan(account_id=[2, 1], n_call=[2, 9], n_email=[1, 0])
    places = last_bundles(pd.Series([1, 2, 3]), last, bundles=BUNDLES)
    assert places.tolist() == [NOTHING_KEPT, BUNDLES.index(Bundle(n_call=2, n_email=1)), NOTHING_KEPT]


def test_of_two_bundles_with_the_same_touches_the_first_is_kept():
    offered = [Bundle(), Bundle(n_in_person=1, n_review=1), Bundle(n_in_person=1)]
    assert last_bundles(pd.Series(["a"]), last_plan(n_in_person=1), bundles=offered).tolist() == [1]


@pytest.mark.parametrize(
    ("last", "message"),
    [
        (last_plan().drop(columns=["n_call", "n_email"]), r"lacks columns \['n_call', 'n_email'\]"),
        (last_plan(account_id=["a", "a"]), "account 'a' more than once"),
    ],
)
def test_a_last_plan_that_is_none_is_refused(last, message):
    with pytest.raises(InputError, match=message):
        last_bundles(pd.Series(["a"]), last, bundles=BUNDLES)


def test_the_bonus_keeps_hours_where_they_were(make_book, plan_book):
    scores = make_book(300)
    before = plan_book(scores).lines
    fresh, held = (plan_book(a_month_on(scores), last_plan=last).lines for last in (None, before))
    assert 0 < hours_moved(before, held) < 0.6 * hours_moved(before, fresh)
    assert held["expected_value"].sum() > 0.97 * fresh["expected_value"].sum()


def test_planned_again_on_the_same_scores_nothing_moves(make_book, plan_book):
    scores = make_book(300)
    first = plan_book(scores)
    again = plan_book(scores, last_plan=first.lines)
    pd.testing.assert_frame_equal(again.lines[TOUCHES], first.lines[TOUCHES])
    assert again.summary.expected_value == pytest.approx(first.summary.expected_value)


def test_without_bonus_the_last_plan_changes_nothing(make_book, plan_book):
    scores = make_book(300)
    later, guards = a_month_on(scores), Guards(keep_bonus=0.0)
    kept = plan_book(later, guards=guards, last_plan=plan_book(scores).lines)
    pd.testing.assert_frame_equal(kept.lines, plan_book(later, guards=guards).lines)


@settings(max_examples=10, deadline=None)
@given(book=st.tuples(st.integers(1, 60), st.integers(0, 500)), hours=st.floats(0, 60), bonus=st.floats(0, 1))
def test_a_kept_plan_obeys_hours_and_plans_nothing_below_zero(make_book, plan_book, book, hours, bonus):
    scores, capacity = make_book(book[0], seed=book[1]), Capacity(hours=hours)
    before = plan_book(scores, capacity=capacity).lines
    later = a_month_on(scores, seed=book[1]).assign(annual_revenue=scores["annual_revenue"] / 20)
    plan = plan_book(later, capacity=capacity, guards=Guards(keep_bonus=bonus), last_plan=before)
    assert plan.summary.hours_used <= hours + 1e-6
    assert (plan.lines["expected_value"] >= 0).all()
    assert plan.summary.n_email_only == 0


def test_values_and_gap_are_told_without_the_bonus(make_book, plan_book):
    """The bonus decides between bundles; it is no money."""
    scores = make_book(2000)
    before = plan_book(scores, capacity=Capacity(hours=400))
    later = a_month_on(scores)
    held = plan_book(later, capacity=Capacity(hours=400), last_plan=before.lines)
    best = plan_book(later, capacity=Capacity(hours=400))
    assert held.summary.expected_value <= best.summary.expected_value
    assert 0 <= held.summary.gap < 0.001


def test_a_line_kept_below_the_cut_off_says_so(make_book, plan_book):
    """C10."""
    scores = make_book(300)
    held = plan_book(a_month_on(scores), guards=Guards(keep_bonus=1.0), last_plan=plan_book(scores).lines)
    assert held.lines["why"].str.contains("kept from the last plan below the cut-off").any()


def test_an_offer_below_the_cut_off_is_not_made_larger_by_the_bonus(make_book, plan_book):
    """What an account that lost its touches would be worth an hour is told without the bonus."""
    scores = make_book(
        2, account_id=["a", "b"], annual_revenue=[90_000.0, 50_000.0], churn_probability=[0.3, 0.2]
    )
    last = last_plan(n_call=[0, 1], n_email=[0, 1], n_digital=[0, 3])
    told, fresh = (
        plan_book(scores, capacity=Capacity(hours=1), last_plan=plan).lines for plan in (last, None)
    )
    assert "1 call and 1 e-mail would be worth" in fresh["why"].iloc[1]
    assert told["why"].iloc[1] == fresh["why"].iloc[1]
