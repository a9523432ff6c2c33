import dataclasses

import numpy as np

from standfast.sample.health import PRICE_RISE, live_health


def test_health_moves_slowly(life):
    level = life.health.level
    steps = np.corrcoef(level[:, 10], level[:, 11])[0, 1]
    year = np.corrcoef(level[:, 2], level[:, 23])[0, 1]
    assert steps > 0.9
    assert 0.1 < year < steps


def test_a_sponsor_who_leaves_takes_health_along(life):
    gap, level = life.health.sponsor_gap, life.health.level
    leaves = gap[:, 1:] & ~gap[:, :-1]
    change = np.diff(level, axis=1)
    assert change[leaves].mean() < change[~leaves].mean() - 0.5


def test_a_price_rise_hurts_and_stays_below_what_counts_as_an_expansion(life):
    rise = life.health.price_rise
    change = np.diff(life.health.level, axis=1)
    hurt = rise[:, 1:] == PRICE_RISE
    assert hurt.any()
    assert rise.max() < 0.1
    assert change[hurt].mean() < change[~hurt].mean() - 0.3


def test_care_goes_where_worry_is_except_where_it_was_drawn_at_random(life):
    before, care = life.health.level[:, :-1], life.health.care[:, 1:]
    at_random = life.health.care_at_random[:, 1:]
    worried = before < -0.5
    gaps = [care[who & worried].mean() - care[who & ~worried].mean() for who in (at_random, ~at_random)]
    assert gaps[1] > 0.15
    assert abs(gaps[0]) < gaps[1] / 2
    assert 0.05 < at_random.mean() < 0.15


def test_a_decision_rests_on_the_months_before_it_only(life):
    future = life.health.level.copy()
    future[:, 7:] += 100.0
    changed = dataclasses.replace(life.health, level=future)
    assert np.array_equal(life.health.felt_before(7), changed.felt_before(7))
    assert not np.array_equal(life.health.felt_before(8), changed.felt_before(8))


def test_health_is_the_same_for_the_same_seed(life):
    again = live_health(life.roster, period=life.period, seed=1)
    assert np.array_equal(again.level, life.health.level)
