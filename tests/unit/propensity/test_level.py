"""A level moves where later dates say so, and only where such a move has held before."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from standfast.propensity.level import MOST, check_level, fit_shift


@given(n=st.integers(2, 60), shift=st.floats(-2, 2), seed=st.integers(0, 9))
def test_a_shifted_level_expects_as_many_events_as_there_were(n, shift, seed):
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(size=n)
    y = (rng.random(n) < expit(log_odds + shift)).astype(float)
    if 0 < y.sum() < n:
        found = fit_shift(log_odds, y)
        assert abs(found) < MOST
        assert expit(log_odds + found).sum() == pytest.approx(y.sum(), abs=1e-6)


def test_a_single_class_moves_the_level_no_further_than_the_bound():
    assert fit_shift(np.zeros(5), np.ones(5)) == MOST
    assert fit_shift(np.zeros(5), np.zeros(5)) == -MOST


def made(n, *, drift, seed=3):
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-1.5, 1.0, n)
    return log_odds, (rng.random(n) < expit(log_odds + drift)).astype(float), np.arange(n)


def test_a_correction_that_lowers_the_log_loss_later_on_held():
    level = check_level(*made(4000, drift=0.6), shift=0.5, period="2024-01-01", seed=1)
    assert level.held
    assert level.difference.value < 0
    sentence = level.sentence(0.58)
    assert "+0.58 log-odds" in sentence
    assert "learned on 2024-01-01" in sentence


@pytest.mark.parametrize("shift", [0.5, -0.5])
def test_a_correction_of_what_did_not_drift_did_not_hold(shift):
    assert not check_level(*made(4000, drift=0.0), shift=shift, period="2024-01-01", seed=1).held


def test_a_right_but_unproven_correction_on_few_accounts_is_not_used():
    assert not check_level(*made(40, drift=0.2), shift=0.2, period="2024-01-01", seed=1).held
