from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.default_touches import Touches
from standfast.decision.hindsight import PastDate
from standfast.decision.replay import CURVE_POINTS, accounts_of, replay
from standfast.decision.response import Response
from standfast.decision.rules import Worklist, places

N = 60


def a_list(rule, ids, key):
    calls = np.tile([0.0, 1.0, 0.0, 0.0], (len(ids), 1))
    return Worklist(rule, places(ids, key), Touches(calls, np.ones(len(ids)), np.full(len(ids), 20.0)))


def past_date(date="2026-01-01", *, seed=0, hours=12.0):
    """Fifteen of sixty left; the plan's list knew them, the other is by chance."""
    random = np.random.default_rng(seed)
    ids = pd.Series([f"a{i:02d}" for i in range(N)])
    left = np.arange(N) % 4 == 0
    return PastDate(
        date=date, account_id=ids, left=left, grew=~left & (np.arange(N) % 5 == 0),
        revenue=random.lognormal(8, 1, N), kept=random.lognormal(8, 1, N), added=np.full(N, 100.0),
        churn_rate=0.2, growth_rate=0.2, hours=hours,
        lists=(a_list("plan", ids, left.astype(float)), a_list("churn_score", ids, random.random(N))),
    )  # fmt: skip


def replayed(dates, *, n_draws=200, level=0.9, seed=1):
    random, n = np.random.default_rng(seed), len(accounts_of(dates))
    weights = (np.bincount(random.integers(0, n, n), minlength=n).astype(float) for _ in range(n_draws))
    return replay(dates, weights, response=Response(), first_calls=[5, 10], level=level)


def permuted(past, order):
    def moved(one):
        touches = Touches(
            *(part[order] for part in (one.touches.counts, one.touches.hours, one.touches.cost))
        )
        return Worklist(one.rule, one.place[order], touches)

    columns = {name: getattr(past, name)[order] for name in ("left", "grew", "revenue", "kept", "added")}
    ids = past.account_id.iloc[order].reset_index(drop=True)
    return replace(past, account_id=ids, lists=tuple(map(moved, past.lists)), **columns)


def test_a_perfect_list_finds_all_who_left_within_the_hours_they_take():
    plan, _ = replayed([past_date(hours=15.0)])
    for name in ("in_first_50", "leavers_reached", "revenue_share_reached", "precision_first_10"):
        assert plan.figures[name].value == 1, name
    assert plan.figures["in_first_20"].value == pytest.approx(12 / 15)
    assert plan.median_place == pytest.approx(7 / 60)


def test_the_difference_is_ours_less_theirs_with_the_same_accounts_drawn():
    ours, other = replayed([past_date()])
    for name, ahead in other.ahead.items():
        assert ahead.value == pytest.approx(ours.figures[name].value - other.figures[name].value)
    assert not ours.ahead
    assert other.ahead["leavers_reached"].low > 0


def test_a_rule_equal_to_ours_is_exactly_level_in_every_draw():
    past = past_date()
    twin = replace(past, lists=(past.lists[0], replace(past.lists[0], rule="churn_score")))
    _, other = replayed([twin])
    assert {tuple(ahead) for ahead in other.ahead.values()} == {(0.0, 0.0, 0.0)}


def test_intervals_hold_their_figure_and_widen_with_the_level():
    narrow, wide = (
        replayed([past_date()], level=level)[1].figures["revenue_reached"] for level in (0.5, 0.95)
    )
    assert wide.low < narrow.low <= narrow.value <= narrow.high < wide.high


def test_an_account_met_on_two_dates_is_drawn_once():
    """Two equal dates are no more evidence than one: the interval of a share stays as wide."""
    once = replayed([past_date()])[1].figures["leavers_reached"]
    twice = replayed([past_date("2026-01-01"), past_date("2026-04-01")])[1].figures["leavers_reached"]
    assert tuple(twice) == pytest.approx(tuple(once))


def test_a_rule_that_had_no_list_on_one_date_is_left_out():
    """Recency, say, where use was recorded only later."""
    one, other = past_date(), past_date("2026-04-01")
    found = replayed([one, replace(other, lists=other.lists[:1])])
    assert [rule.rule for rule in found] == ["plan"]
    assert [rule.rule for rule in replayed([replace(one, lists=one.lists[:1]), other])] == ["plan"]


def test_money_adds_up_over_dates():
    one, other = past_date(seed=1), past_date("2026-04-01", seed=2)
    both = replayed([one, other])[1].figures["conservative_value"].value
    apart = sum(replayed([date])[1].figures["conservative_value"].value for date in (one, other))
    assert both == pytest.approx(apart)


def test_the_curve_rises_from_nothing_to_what_the_hours_reach():
    for rule in replayed([past_date()]):
        assert len(rule.curve) == CURVE_POINTS
        assert rule.curve[0] == 0
        assert all(np.diff(rule.curve) >= -1e-9)
        assert rule.curve[-1] == pytest.approx(rule.figures["revenue_reached"].value)


def test_dates_on_which_nobody_left_have_no_shares_but_their_cost():
    past = past_date()
    quiet = replace(past, left=np.zeros(N, dtype=bool))
    plan, _ = replayed([quiet])
    assert np.isnan(plan.figures["leavers_reached"].value)
    assert np.isnan(plan.median_place)
    assert plan.figures["conservative_value"].value == pytest.approx(-12 * 20)


@settings(max_examples=15, deadline=None)
@given(shuffle=st.randoms(use_true_random=False))
def test_permuting_the_rows_changes_nothing(shuffle):
    order = list(range(N))
    shuffle.shuffle(order)
    past = past_date(seed=4)
    for straight, shuffled in zip(replayed([past]), replayed([permuted(past, order)]), strict=True):
        assert straight.median_place == shuffled.median_place
        assert straight.curve == pytest.approx(shuffled.curve)
        for name, figure in straight.figures.items():
            assert tuple(shuffled.figures[name]) == pytest.approx(tuple(figure)), name
