import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.default_touches import Touches
from standfast.decision.hindsight import (
    PastDate,
    contributions,
    kept_share,
    reached,
    realised_value,
    share_done,
)
from standfast.decision.response import Response
from standfast.decision.rules import Worklist


def worklist(place, hours, *, counts=None, hourly_cost=0.0):
    """A list whose accounts get one call each, where nothing else is said."""
    hours = np.array(hours, dtype=float)
    calls = (
        np.tile([0.0, 1.0, 0.0, 0.0], (len(hours), 1)) if counts is None else np.array(counts, dtype=float)
    )
    return Worklist("plan", np.array(place), Touches(calls, hours, hours * hourly_cost))


def past_date(left, worklists, *, grew=None, hours=10.0, **bent):
    n = len(left)
    given = {
        "revenue": np.full(n, 1_000.0), "kept": np.full(n, 800.0), "added": np.full(n, 100.0),
        "churn_rate": 0.1, "growth_rate": 0.2, **bent,
    }  # fmt: skip
    return PastDate(
        date="2026-01-01",
        account_id=pd.Series([f"a{i:02d}" for i in range(n)]),
        left=np.array(left, dtype=bool),
        grew=np.zeros(n, dtype=bool) if grew is None else np.array(grew, dtype=bool),
        hours=hours,
        lists=tuple(worklists),
        **given,
    )


def test_accounts_are_taken_in_the_list_s_order_until_the_hours_are_used():
    assert share_done(worklist([3, 1, 2], [1, 1, 1]), hours=2).tolist() == [0, 1, 1]


def test_the_account_at_which_the_hours_end_gets_its_part():
    assert share_done(worklist([1, 2, 3], [2, 4, 1]), hours=3).tolist() == [1, 0.25, 0]


def test_what_takes_no_hours_is_done_but_reaches_nobody():
    messages = worklist([2, 1], [0, 1], counts=[[0, 0, 0, 3], [0, 1, 0, 0]])
    assert share_done(messages, hours=0).tolist() == [1, 0]
    assert reached(messages, hours=9).tolist() == [0, 1]


LISTS = st.lists(st.one_of(st.just(0.0), st.floats(0.01, 12)), min_size=1, max_size=30)


@given(needed=LISTS, hours=st.floats(0, 60), shuffle=st.randoms(use_true_random=False))
def test_hours_are_never_exceeded_and_all_used_where_there_is_work(needed, hours, shuffle):
    place = list(range(1, len(needed) + 1))
    shuffle.shuffle(place)
    work = worklist(place, needed)
    used = float((share_done(work, hours=hours) * work.touches.hours).sum())
    assert used <= hours * (1 + 1e-9)
    assert used == pytest.approx(min(hours, sum(needed)), abs=1e-9)


def test_a_list_with_all_leavers_on_top_reaches_all_there_are():
    left = [True] * 3 + [False] * 7
    work = worklist(range(1, 11), [1] * 10)
    added = contributions(past_date(left, [work], hours=3), work, response=Response(), first_calls=[3])
    sums = added.sum()
    assert sums["revenue_reached"] == sums["left_revenue"] == 3_000
    assert sums["left_in_first_3"] == sums["first_3"] == 3
    assert sums["left_in_0.5"] == 3
    assert sums["left_in_0.1"] == 1


def test_a_random_list_reaches_on_average_the_share_of_accounts_it_gets_to():
    random = np.random.default_rng(3)
    left = np.arange(40) < 8
    found = [
        contributions(past_date(left, [work], hours=10), work, response=Response(), first_calls=[]).sum()
        for work in (worklist(random.permutation(40) + 1, [1] * 40) for _ in range(400))
    ]
    share = np.mean([one["left_reached"] / one["left"] for one in found])
    assert share == pytest.approx(10 / 40, abs=0.02)


def test_the_cautious_worth_is_one_leaver_in_ten_less_every_touch():
    work = worklist([1, 2], [1, 1], hourly_cost=50)
    cautious, _ = realised_value(past_date([True, False], [work]), work, response=Response())
    assert cautious.tolist() == pytest.approx([0.1 * 800 - 50, -50])


def test_a_touch_on_an_account_that_was_not_reached_costs_nothing():
    work = worklist([1, 2], [1, 1], hourly_cost=50)
    cautious, planned = realised_value(past_date([False, True], [work], hours=1), work, response=Response())
    assert (cautious[1], planned[1]) == (0, 0)


def test_the_planned_worth_counts_leavers_kept_and_growth_added():
    """(b - b1)/b x V for one that left, (e1 - e)/e x X for one that grew: worked out by hand for one call."""
    dose = 1 - np.exp(-0.8 * (1 - np.exp(-1 / 1.5)))
    odds = (0.1 / 0.9) * np.exp(-0.5 * dose)
    kept = (0.1 - odds / (1 + odds)) / 0.1
    grown = (0.2 / 0.8) * np.exp(0.5 * dose)
    added = (grown / (1 + grown) - 0.2) / 0.2
    work = worklist([1, 2, 3], [1, 1, 1], hourly_cost=7)
    past = past_date([True, False, False], [work], grew=[False, True, False])
    _, planned = realised_value(past, work, response=Response())
    assert planned.tolist() == pytest.approx([800 * kept - 7, 100 * added - 7, -7])


def test_automated_messages_alone_keep_nobody_at_the_cautious_count():
    work = worklist([1], [0], counts=[[0, 0, 0, 3]])
    cautious, planned = realised_value(past_date([True], [work]), work, response=Response())
    assert cautious[0] == 0
    assert planned[0] > 0


def test_where_nobody_had_left_before_nothing_is_kept():
    assert kept_share(0.0, np.array([0.5])).tolist() == [0.0]


def test_touches_beyond_what_an_account_bears_drive_it_away():
    """Fatigue: the odds rise, so the share kept is below zero."""
    assert kept_share(0.1, np.array([1.2]))[0] < 0
