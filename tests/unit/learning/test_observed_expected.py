"""What came against what was promised, with an interval that holds at small counts and in uneven months."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.learning.observed_expected import learned_spread, measure_level, spread_of_months


@given(st.integers(0, 500), st.floats(0.5, 500), st.floats(1, 5), st.floats(0, 0.5))
def test_the_ratio_lies_within_its_interval_and_uneven_months_widen_it(observed, expected, design, spread):
    level = measure_level(observed, expected, design=design, spread=spread)
    low, high = level.interval(0.05)
    assert low <= level.ratio <= high
    plain = measure_level(observed, expected).interval(0.05)
    assert low <= plain[0] + 1e-9
    assert high >= plain[1] - 1e-9


def test_the_interval_holds_for_small_counts():
    rng = np.random.default_rng(2)
    came = rng.poisson(6.0, 3000)
    ends = np.array([measure_level(float(n), 6.0).interval(0.05) for n in came])
    assert np.mean((ends[:, 0] <= 1) & (ends[:, 1] >= 1)) >= 0.9


def test_nobody_leaving_is_judged_too():
    low, high = measure_level(0, 12).interval(0.01)
    assert low == 0
    assert high < 0.5


def test_months_that_differ_by_chance_alone_have_no_spread_of_their_own():
    rng = np.random.default_rng(5)
    found = [spread_of_months(rng.poisson(60, 24), np.full(24, 60.0)) for _ in range(50)]
    assert np.mean(found) < 0.06


def test_months_that_differ_beyond_chance_have_about_the_spread_they_have():
    rng = np.random.default_rng(5)
    true = np.exp(0.3 * rng.normal(size=400))
    assert spread_of_months(rng.poisson(60 * true), np.full(400, 60.0)) == pytest.approx(0.3, abs=0.06)


def test_two_months_tell_no_spread_and_few_events_leave_the_level_unsure():
    assert spread_of_months([3, 9], [5, 5]) == 0
    assert learned_spread(0.0, 25) == pytest.approx(0.2)
