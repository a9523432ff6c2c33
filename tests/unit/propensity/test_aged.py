"""Figures of outcomes that came later, with errors that take an account's rows together."""

import numpy as np
import pytest
from scipy.special import expit, logit

from standfast.propensity.aged import mean_with_error, measure_aged


def outcomes(n=3000, *, seed=1, strength=1.0, repeat=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(-2, 1, n)
    y = (rng.random(n) < expit(strength * x + (strength - 1) * 2)).astype(float)
    account = np.arange(n)
    return tuple(np.repeat(one, repeat) for one in (y, expit(x), account))


def test_true_probabilities_have_a_slope_of_one_and_promise_what_comes():
    found = measure_aged(*outcomes(), base_rate=0.15)
    assert found.slope[0] == pytest.approx(1, abs=3 * found.slope[1])
    assert found.observed == pytest.approx(found.expected, rel=0.1)
    assert found.loss[0] < 0


def test_probabilities_spread_too_far_have_a_slope_below_one():
    y, p, account = outcomes()
    found = measure_aged(y, expit(2 * logit(p)), account, base_rate=0.15)
    assert found.slope[0] == pytest.approx(0.5, abs=0.1)


def test_the_same_rows_told_three_times_say_no_more():
    once, thrice = (measure_aged(*outcomes(repeat=repeat), base_rate=0.15) for repeat in (1, 3))
    for name in ("order", "slope", "loss"):
        assert getattr(thrice, name)[1] == pytest.approx(getattr(once, name)[1], rel=0.05), name
    assert thrice.design == pytest.approx(3, rel=0.2)


def test_the_errors_are_those_that_other_samples_show():
    found = [measure_aged(*outcomes(600, seed=seed), base_rate=0.15) for seed in range(60)]
    for name in ("slope", "loss"):
        told = np.mean([getattr(one, name)[1] for one in found])
        assert np.std([getattr(one, name)[0] for one in found]) == pytest.approx(told, rel=0.35), name


def test_a_single_outcome_has_a_level_and_nothing_else():
    found = measure_aged(np.zeros(50), np.full(50, 0.1), np.arange(50), base_rate=0.1)
    assert (found.observed, found.n_rarer, found.order, found.slope, found.loss) == (0, 0, None, None, None)


def test_equal_probabilities_have_no_slope_and_no_order_to_speak_of():
    y = np.array([0.0, 1.0] * 30)
    found = measure_aged(y, np.full(60, 0.3), np.arange(60), base_rate=0.5)
    assert found.slope is None


def test_a_mean_of_one_account_has_no_error_to_show():
    assert mean_with_error(np.array([1.0, 3.0]), np.array([7, 7])) == (2.0, 0.0)
