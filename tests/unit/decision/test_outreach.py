"""The plan's laws: hours, money, ties, guards, and books of every odd kind."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.capacity import Capacity
from standfast.decision.outreach import outreach_figures, plan_outreach
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.response import Response
from standfast.decision.solver import CLOSE_ENOUGH
from standfast.errors import InputError

TOUCHES = ["n_in_person", "n_call", "n_email", "n_digital"]
BOOKS = st.tuples(st.integers(1, 60), st.integers(0, 1000))
HOURS = st.floats(0, 80)


def owned(scores: pd.DataFrame) -> pd.DataFrame:
    names = np.array(["Ada", "Bo", None], dtype=object)
    return scores.assign(owner=names[np.arange(len(scores)) % 3])


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, hours=HOURS, share=st.floats(0, 1))
def test_hours_are_never_exceeded_for_any_owner(make_book, plan_book, book, hours, share):
    """C2."""
    scores = owned(make_book(book[0], seed=book[1]))
    lines = plan_book(scores, capacity=Capacity(hours=hours, owners={"Ada": hours * share})).lines
    is_ada = lines["owner"] == "Ada"
    assert lines.loc[is_ada, "hours"].sum() <= hours * share + 1e-6
    assert lines.loc[~is_ada, "hours"].sum() <= hours * (1 - share) + 1e-6


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, hours=HOURS)
def test_no_line_has_a_negative_value_and_none_is_email_only(make_book, plan_book, book, hours):
    """C3: zero e-mail-only accounts, also after scaling to the hours."""
    plan = plan_book(make_book(book[0], seed=book[1]), capacity=Capacity(hours=hours))
    assert (plan.lines["expected_value"] >= 0).all()
    assert not ((plan.lines["n_email"] > 0) & (plan.lines["n_call"] + plan.lines["n_in_person"] == 0)).any()
    assert plan.summary.n_email_only == 0


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, hours=HOURS, more=st.floats(0, 20))
def test_more_hours_never_lower_the_planned_value(make_book, plan_book, book, hours, more):
    """Pools of up to 400 accounts are solved exactly."""
    scores = make_book(book[0], seed=book[1])
    fewer, most = (
        plan_book(scores, capacity=Capacity(hours=h)).summary.expected_value for h in (hours, hours + more)
    )
    assert most >= fewer * (1 - 1e-9)


def test_more_hours_cost_a_large_pool_at_most_what_greedy_may_be_behind(make_book, plan_book):
    """Pools beyond 400 accounts stay greedy where that is within CLOSE_ENOUGH of the bound."""
    scores = make_book(1500)
    summaries = [plan_book(scores, capacity=Capacity(hours=h)).summary for h in range(50, 90, 4)]
    for fewer, more in pairwise(summaries):
        assert more.expected_value >= fewer.expected_value * (1 - CLOSE_ENOUGH)


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, hours=HOURS, shuffle=st.randoms(use_true_random=False))
def test_permuting_the_rows_changes_nothing(make_book, plan_book, book, hours, shuffle):
    scores = owned(make_book(book[0], seed=book[1], annual_revenue=20_000.0, churn_probability=0.2))
    order = list(range(len(scores)))
    shuffle.shuffle(order)
    capacity = Capacity(hours=hours, owners={"Ada": hours / 2})
    straight, shuffled = (
        plan_book(scores, capacity=capacity),
        plan_book(scores.iloc[order], capacity=capacity),
    )
    pd.testing.assert_frame_equal(shuffled.lines, straight.lines.iloc[order], check_exact=True)
    assert shuffled.summary == straight.summary


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, ada=HOURS, bo=HOURS)
def test_splitting_the_book_by_owner_equals_planning_per_owner(make_book, plan_book, book, ada, bo):
    scores = make_book(book[0], seed=book[1])
    scores["owner"] = np.where(np.arange(len(scores)) % 3 > 0, "Ada", "Bo")
    hours = {"Ada": ada, "Bo": bo}
    whole = plan_book(scores, capacity=Capacity(hours=0, owners=hours)).lines
    parts = [
        plan_book(part, capacity=Capacity(hours=0, owners={owner: hours[owner]})).lines
        for owner, part in scores.groupby("owner")
    ]
    pd.testing.assert_frame_equal(pd.concat(parts).sort_index(), whole.sort_index(), check_exact=True)


@given(p=st.floats(0, 0.98), revenue=st.floats(0, 1e6), riskier=st.floats(0, 0.02), richer=st.floats(0, 1e6))
def test_higher_risk_or_reward_never_worsens_the_priority(p, revenue, riskier, richer):
    """At fixed cut-offs and base rate."""
    from standfast.decision.matrix import place_in_matrix
    from standfast.decision.tiers import TierPolicy, ValueCutoffs, place_risk_tiers, place_value_tiers

    scores = pd.DataFrame(
        {"churn_probability": [p, p + riskier, p], "reward": [revenue, revenue, revenue + richer]}
    )
    tiered = place_risk_tiers(scores, base_rate=0.1, policy=TierPolicy())
    placed = place_in_matrix(place_value_tiers(tiered, cutoffs=ValueCutoffs(100_000.0, 10_000.0)))
    first, by_risk, by_reward = placed["priority"]
    assert by_risk <= first
    assert by_reward <= first


def test_zero_hours_plan_no_personal_touch(make_book, plan_book):
    plan = plan_book(make_book(50), capacity=Capacity(hours=0))
    assert plan.lines[["n_in_person", "n_call", "n_email", "hours"]].sum().sum() == 0
    assert plan.summary.lambda_ > 0


def test_hours_beyond_need_plan_all_that_pays_and_no_more(make_book, plan_book):
    plan = plan_book(make_book(50), capacity=Capacity(hours=1e7))
    assert plan.summary.lambda_ == 0
    assert plan.summary.hours_used < 1000
    assert all(cut.hours_planned == pytest.approx(cut.hours_wanted) for cut in plan.summary.cut)


def test_one_account_can_be_planned(make_book, plan_book):
    lines = plan_book(make_book(1, annual_revenue=50_000.0, churn_probability=0.3)).lines
    assert lines["hours"].item() > 0
    assert "likely to leave" in lines["why"].item()


def test_ties_go_to_the_lower_account_id(make_book, plan_book):
    scores = make_book(10, annual_revenue=50_000.0, churn_probability=0.2, upsell_probability=0.1)
    lines = plan_book(scores, capacity=Capacity(hours=1)).lines.sort_values("account_id")
    assert (lines["hours"] > 0).tolist() == [True] + [False] * 9


def test_a_book_without_revenue_gets_nothing(make_book, plan_book):
    plan = plan_book(make_book(10, annual_revenue=0.0))
    assert plan.lines[TOUCHES].sum().sum() == 0
    assert set(plan.lines["why"]) == {"left: no personal touch is worth its cost"}


def test_a_book_without_churn_model_is_planned_on_growth_alone(make_book, plan_book):
    plan = plan_book(make_book(200, churn_probability=np.nan, upsell_probability=0.4))
    planned = plan.lines[plan.lines["hours"] > 0]
    assert len(planned)
    assert planned["why"].str.contains("likely to expand").all()
    assert plan.lines["cell"].str.startswith("medium risk").all()


def test_accounts_that_have_churned_get_no_touch(make_book, plan_book):
    scores = make_book(100).assign(churned=[True] * 50 + [False] * 50)
    lines = plan_book(scores).lines
    assert lines.loc[scores["churned"], [*TOUCHES, "hours"]].sum().sum() == 0
    assert set(lines.loc[scores["churned"], "why"]) == {"already churned"}


def test_held_out_accounts_use_no_hours_and_say_so(make_book, plan_book):
    """U5."""
    scores = make_book(100).assign(held_out=[True] * 50 + [False] * 50)
    lines = plan_book(scores).lines
    assert lines["held_out"].tolist() == [True] * 50 + [False] * 50
    assert lines.loc[lines["held_out"], TOUCHES].sum().sum() == 0
    assert not plan_book(make_book(10)).lines["held_out"].any()


def test_an_account_of_unknown_revenue_is_left_with_its_reason(make_book, plan_book):
    revenue = np.full(20, 30_000.0)
    revenue[4] = np.nan
    lines = plan_book(make_book(20, annual_revenue=revenue)).lines
    assert lines["why"].iloc[4] == "annual_revenue is unknown"
    assert lines.loc[4, ["segment", "cell", "play"]].isna().all()


def test_contact_caps_hold_in_every_cell(make_book, plan_book):
    tireless = Response(fatigue_per_contact=0.0)
    lines = plan_book(
        make_book(300, annual_revenue=5e6), capacity=Capacity(hours=1e5), response=tireless
    ).lines
    contacts = 2 * lines["n_in_person"] + lines["n_call"] + lines["n_email"] + lines["n_digital"]
    is_save = lines["segment"] == "Save"
    assert contacts[~is_save].max() <= 6
    assert 6 < contacts[is_save].max() <= 10


def test_in_a_world_without_effect_nothing_is_planned(make_book, plan_book):
    plan = plan_book(make_book(50), response=Response(save_effect=0.0, expand_effect=0.0))
    assert plan.summary.hours_used == 0
    assert plan.summary.expected_value == 0


def test_lines_keep_the_order_and_index_of_the_scores(make_book, plan_book):
    scores = make_book(30).set_index(pd.Index(range(100, 130)))
    lines = plan_book(scores).lines
    assert lines["account_id"].tolist() == scores["account_id"].tolist()
    assert lines.index.tolist() == scores.index.tolist()


def test_the_input_is_unchanged(make_book, plan_book):
    scores = make_book(30)
    before = scores.copy(deep=True)
    plan_book(scores)
    pd.testing.assert_frame_equal(scores, before)


def test_unplaced_scores_are_refused(make_book, plan_book):
    with pytest.raises(InputError, match="no column 'cell'"):
        plan_book(make_book(5).drop(columns="cell"))


def test_the_cut_off_of_an_account_is_that_of_its_pool(make_book, plan_book):
    scores = owned(make_book(90))
    plan = plan_book(scores, capacity=Capacity(hours=12, owners={"Ada": 2.0}))
    by_owner = {use.owner: use.lambda_ for use in plan.summary.by_owner}
    assert plan.cut_off_of(scores["account_id"].iloc[0]) == by_owner["Ada"]
    assert plan.cut_off_of(scores["account_id"].iloc[1]) == by_owner["shared pool"]
    with pytest.raises(InputError, match="'nobody'"):
        plan.cut_off_of("nobody")


def test_the_figures_are_those_of_the_plan_row_by_row(make_book):
    """A plan's figures without its words, for whoever asks what it would be."""
    scores = make_book(120).sample(frac=1, random_state=3)
    policy = PlanPolicy(capacity=Capacity(hours=40))
    plan, figures = plan_outreach(scores, policy=policy), outreach_figures(scores, policy=policy)
    same = [*TOUCHES, "hours", "expected_value", "conservative_value", "value_per_hour"]
    pd.testing.assert_frame_equal(figures[same], plan.lines[same])
    assert figures["cut_off"].eq(plan.summary.lambda_).all()
