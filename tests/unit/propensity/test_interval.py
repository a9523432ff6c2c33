"""Intervals say what happened to accounts of like probability."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import beta

from standfast.propensity.interval import Interval, fit_interval


def fitted(score, y, groups=None, n_bins=10, min_events=10):
    groups = np.arange(len(y)) if groups is None else groups
    return fit_interval(score, y, groups, level=0.9, n_bins=n_bins, min_events=min_events)


def test_one_group_gives_the_jeffreys_interval_of_its_rate():
    y = np.r_[np.ones(8), np.zeros(92)]
    interval = fitted(np.full(100, -2.4), y)
    low, high = interval.of(expit(np.array([-2.4])))
    assert low[0] == pytest.approx(beta.ppf(0.05, 8.5, 92.5))
    assert high[0] == pytest.approx(beta.ppf(0.95, 8.5, 92.5))


def test_ninety_percent_intervals_hold_the_true_rate_about_nine_times_in_ten():
    held = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        score = rng.normal(-1, 1, 800)
        interval = fitted(score, (rng.random(800) < expit(score)).astype(float))
        p = expit(np.linspace(-2, 0, 5))
        low, high = interval.of(p)
        held.append((low <= p) & (p <= high) & (low < p) & (p < high))
    assert np.mean(held) > 0.75


def test_more_snapshots_of_the_same_accounts_do_not_narrow_it():
    rng = np.random.default_rng(1)
    score = rng.normal(-1, 1, 500)
    y = (rng.random(500) < expit(score)).astype(float)
    once = fitted(score, y, n_bins=4)
    thrice = fitted(np.tile(score, 3), np.tile(y, 3), np.tile(np.arange(500), 3), n_bins=4)
    p = np.array([0.2, 0.4])
    np.testing.assert_allclose(thrice.of(p), once.of(p), atol=0.02)


def test_fewer_events_make_fewer_groups_and_wider_intervals():
    rng = np.random.default_rng(2)
    score = rng.normal(-1, 1, 4000)
    y = (rng.random(4000) < expit(score)).astype(float)
    wide, narrow = fitted(score[:200], y[:200]), fitted(score, y)
    p = np.array([0.25])
    assert len(wide.at) < len(narrow.at)
    assert np.diff(wide.of(p), axis=0) > np.diff(narrow.of(p), axis=0)


@given(p=st.lists(st.floats(0, 1), min_size=2, max_size=30), seed=st.integers(0, 3))
def test_ends_enclose_and_rise_for_any_probability(p, seed):
    rng = np.random.default_rng(seed)
    score = rng.normal(0, 2, 300)
    interval = fitted(score, (rng.random(300) < expit(score)).astype(float))
    ordered = np.sort(np.array(p))
    low, high = interval.of(ordered)
    assert ((low >= 0) & (low <= ordered) & (ordered <= high) & (high <= 1)).all()
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) >= 0).all()


def test_json_gives_back_the_same_interval():
    interval = Interval((-1.0, 0.5), (-2.0, 0.1), (0.0, 0.9))
    assert Interval.from_dict(json.loads(json.dumps(interval.to_dict()))) == interval
