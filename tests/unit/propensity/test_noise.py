"""The noise floor is the calibration error that true probabilities show by chance."""

import numpy as np
import pytest

from standfast.propensity.evaluation import evaluate
from standfast.propensity.metrics import figures, sort_rows
from standfast.propensity.noise import design_effect, noise_floor


def probabilities(n, seed=0):
    return np.random.default_rng(seed).beta(1.5, 8, n)


@pytest.mark.parametrize("n", [600, 4000])
def test_the_floor_is_what_simulated_true_probabilities_show(n):
    p, rng = probabilities(n), np.random.default_rng(1)
    accounts = np.arange(n)
    drawn = [sort_rows((rng.random(n) < p).astype(float), p, accounts) for _ in range(300)]
    shown = [figures(rows, np.ones(n))["ece"] for rows in drawn]
    floors = np.array([noise_floor(rows) for rows in drawn]).mean(axis=0)
    assert floors[0] == pytest.approx(np.mean(shown), rel=0.1)
    assert 0.9 < np.mean(np.array(shown) <= floors[2]) < 0.99


def test_true_probabilities_are_within_it_and_doubled_ones_beyond():
    p = probabilities(3000)
    y = (np.random.default_rng(2).random(3000) < p).astype(float)
    true, doubled = (
        evaluate(y, given, np.arange(3000), target="churned", how="out of fold", seed=1).metrics
        for given in (p, np.minimum(2 * p, 1))
    )
    assert true["ece"].value <= true["ece_noise"].high
    assert doubled["ece"].value > doubled["ece_noise"].high


def test_an_account_seen_thrice_with_one_fate_is_no_more_evidence():
    p = probabilities(1000)
    y = (np.random.default_rng(3).random(1000) < p).astype(float)
    once = sort_rows(y, p, np.arange(1000))
    thrice = sort_rows(np.repeat(y, 3), np.repeat(p, 3), np.repeat(np.arange(1000), 3))
    assert design_effect(thrice) == pytest.approx(3, rel=0.1)
    assert noise_floor(thrice)[0] == pytest.approx(noise_floor(once)[0], rel=0.15)


def test_sure_probabilities_have_no_noise():
    assert noise_floor(sort_rows(np.ones(5), np.ones(5), np.arange(5))) == (0.0, 0.0, 0.0)
