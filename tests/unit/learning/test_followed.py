"""Whether a plan was followed is told of those who recorded; no record is never read as not done."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.learning.followed import follow_plan, judge_followed, judge_hours
from standfast.learning.monitor_policy import MonitorPolicy

POLICY = MonitorPolicy()
LINES = pd.DataFrame(
    {"account_id": ["a", "b", "c", "d"], "owner": ["ada", "ada", "ben", None], "planned": [4, 2, 3, 0]}
)


def follow(*accounts, share_elapsed=1.0):
    made = pd.DataFrame({"account_id": list(accounts), "made": 1})
    return follow_plan(LINES, made, plan_day="2025-10-01", share_elapsed=share_elapsed)


def test_u5_an_owner_without_a_record_is_unknown_and_not_idle():
    check = judge_followed(follow("a", "a", "a", "b", "b"), policy=POLICY)
    assert "5 of 6 touches due were made (83%)" in check.sentence
    assert "nothing is recorded by ben, which is not read as not done" in check.sentence
    assert check.step == "nothing"


def test_where_nobody_recorded_anything_nothing_is_judged():
    check = judge_followed(follow(), policy=POLICY)
    assert (check.step, check.is_judged) == ("nothing", False)
    assert "ada, ben" in check.sentence


def test_a_plan_that_was_hardly_followed_is_watched():
    assert judge_followed(follow("a"), policy=POLICY).step == "watch"


def test_more_than_planned_is_counted_apart():
    table = follow("b", "b", "b", "b", "stranger").by_owner.set_index("owner")
    assert table.loc["ada", "made"] == 2
    assert table.loc["ada", "made_off_plan"] == 2


@given(st.lists(st.sampled_from(["a", "b", "c", "d"])), st.floats(0.1, 1))
def test_no_more_counts_as_made_than_was_planned(accounts, share_elapsed):
    table = follow(*accounts, share_elapsed=share_elapsed).by_owner
    assert table["made"].sum() <= LINES["planned"].sum()
    assert table["made"].sum() + table["made_off_plan"].sum() == len(accounts)
    assert table["planned"].sum() == pytest.approx(LINES["planned"].sum() * share_elapsed)


@pytest.mark.parametrize(("hours", "step"), [(80.0, "nothing"), (130.0, "watch")])
def test_hours_are_set_against_capacity(hours, step):
    assert judge_hours(hours, 100.0, n_silent=0, plan_day="2025-10-01").step == step


def test_hours_of_owners_who_record_nothing_make_the_sum_a_least():
    assert "at least" in judge_hours(80.0, 100.0, n_silent=2, plan_day="2025-10-01").sentence
    assert judge_hours(80.0, 0.0, n_silent=0, plan_day="2025-10-01").step == "nothing"
