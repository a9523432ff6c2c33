"""The calibration bends where held-out accounts show a bend, and reasons still add up."""

import numpy as np
import pytest
from scipy.special import expit

from standfast.propensity.curve import Curve, choose_curve
from standfast.propensity.recipe import Recipe

CURVE = Curve((-2.0, 0.0, 1.0), (-5.0, 0.5, 0.6))
RECIPE = Recipe()


def drawn(bend, n=4000, seed=0):
    rng = np.random.default_rng(seed)
    score = rng.normal(-1, 1.5, n)
    y = (rng.random(n) < expit(bend(score))).astype(float)
    return score, y, np.arange(n), np.arange(n) % 5


def sure_at_the_ends(score):
    return np.where(score < -1, 4 * score + 3, score)


def test_a_bend_that_held_out_accounts_show_is_followed():
    found = choose_curve(*drawn(sure_at_the_ends), recipe=RECIPE)
    at = np.array([-2.5, -1.0, 1.0])
    np.testing.assert_allclose(expit(found.apply(at)), expit(sure_at_the_ends(at)), atol=0.04)


def test_without_a_bend_there_is_no_curve():
    curves = [choose_curve(*drawn(lambda score: score, seed=seed), recipe=RECIPE) for seed in range(8)]
    assert curves.count(None) >= 7


def test_probabilities_that_are_known_come_back_better():
    score, y, groups, folds = drawn(sure_at_the_ends)
    fresh, outcome, *_ = drawn(sure_at_the_ends, seed=1)
    bent = choose_curve(score, y, groups, folds, recipe=RECIPE).apply(fresh)
    truth = expit(sure_at_the_ends(fresh))
    assert np.abs(expit(bent) - truth).mean() < np.abs(expit(fresh) - truth).mean() / 3
    assert expit(bent).mean() == pytest.approx(outcome.mean(), abs=0.02)


def test_a_curve_changes_no_rank():
    found = choose_curve(*drawn(lambda score: np.minimum(score, 0)), recipe=RECIPE)
    assert (np.diff(found.apply(np.linspace(-9, 9, 400))) > 0).all()


def test_few_events_give_no_curve():
    score, y, groups, folds = drawn(sure_at_the_ends)
    rows = np.flatnonzero(np.cumsum(y) <= 2 * RECIPE.interval_events - 1)
    assert choose_curve(score[rows], y[rows], groups[rows], folds[rows], recipe=RECIPE) is None


def test_copies_of_an_account_make_nothing_surer():
    score, y, groups, folds = drawn(sure_at_the_ends, n=600)
    once = choose_curve(score, y, groups, folds, recipe=RECIPE)
    copied = [np.repeat(values, 20) for values in (score, y, groups, folds)]
    again = choose_curve(*copied, recipe=RECIPE)
    at = np.linspace(-4, 2, 20)
    np.testing.assert_allclose(again.apply(at), once.apply(at), atol=0.05)


def test_beyond_its_ends_the_curve_runs_parallel():
    np.testing.assert_allclose(CURVE.apply(np.array([-3.0, 3.0])), [-6.0, 2.6])


def test_shared_out_contributions_add_up_and_keep_their_signs():
    """U1."""
    parts = np.random.default_rng(0).normal(size=(200, 4))
    parts[0] = 0
    base, shared = CURVE.share_out(-0.7, parts)
    np.testing.assert_allclose(base + shared.sum(axis=1), CURVE.apply(-0.7 + parts.sum(axis=1)), atol=1e-6)
    assert (np.sign(shared) == np.sign(parts)).all()


def test_a_shift_moves_what_comes_out():
    at = np.linspace(-4, 4, 9)
    np.testing.assert_allclose(CURVE.shifted(0.3).apply(at), CURVE.apply(at) + 0.3)


def test_json_gives_back_the_same_curve():
    assert Curve.from_dict(CURVE.to_dict()) == CURVE
