"""The logistic part bends where the truth bends, and is ridged where little is known."""

from dataclasses import replace

import numpy as np
from scipy.special import expit

from standfast.features.encode import Encoding, Feature
from standfast.features.matrix_rows import as_rows
from standfast.propensity.additive_fit import fit_additive
from standfast.propensity.inner import all_in_turn
from standfast.propensity.recipe import Recipe

ENCODING = Encoding((Feature("x", "number"), Feature("z", "number")))
RECIPE = Recipe(n_jobs=1)


def drawn(n, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    return (
        X,
        (rng.random(n) < expit(1.5 * np.abs(X[:, 0]) - 1.5)).astype(float),
        all_in_turn(np.arange(n) % 3),
    )


def ridge_of(X, y, folds):
    return fit_additive(as_rows(X), y, folds, encoding=ENCODING, recipe=RECIPE).bent.ridge


def test_a_bend_is_followed():
    X, y, folds = drawn(3000)
    found = fit_additive(as_rows(X), y, folds, encoding=ENCODING, recipe=RECIPE).bent.additive
    score = found.score(np.array([[-1.5, 0.0], [0.0, 0.0], [1.5, 0.0]]))
    assert score[0] - score[1] > 1
    assert score[2] - score[1] > 1


def test_noise_is_ridged_harder_than_signal():
    X, y, folds = drawn(300)
    noise = np.random.default_rng(1).permutation(y)
    strength = [ridge_of(X, label, folds) for label in (y, noise)]
    assert strength[0] < strength[1] == max(RECIPE.ridge_strengths)


def test_rows_beyond_the_most_it_learns_from_still_get_their_log_odds():
    X, y, folds = drawn(3000)
    few = fit_additive(
        as_rows(X), y, folds, encoding=ENCODING, recipe=replace(RECIPE, max_additive_rows=1000)
    ).bent
    assert few.out_of_fold.shape == (3000,)
    assert np.corrcoef(few.out_of_fold, np.abs(X[:, 0]))[0, 1] > 0.7


def test_a_wide_table_bends_less_and_is_fitted_too():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(150, 80))
    y = (rng.random(150) < expit(X[:, 0])).astype(float)
    encoding = Encoding(tuple(Feature(f"x{i}", "number") for i in range(80)))
    recipe = replace(RECIPE, max_coefficients=250)
    found = fit_additive(
        as_rows(X), y, all_in_turn(np.arange(150) % 3), encoding=encoding, recipe=recipe
    ).bent
    assert np.isfinite(found.out_of_fold).all()
    assert {len(table.knots) for table in found.additive.tables} == {3}


def test_the_straight_tables_run_straight_over_the_same_knots():
    X, y, folds = drawn(1000)
    found = fit_additive(as_rows(X), y, folds, encoding=ENCODING, recipe=RECIPE)
    bent, straight = found.bent.additive.tables[0], found.straight.additive.tables[0]
    assert straight.knots == bent.knots
    slopes = np.diff(straight.values) / np.diff(straight.knots)
    np.testing.assert_allclose(slopes, slopes[0])
    assert np.ptp(np.diff(bent.values) / np.diff(bent.knots)) > 1


def test_tables_that_cannot_bend_are_fitted_once():
    X, y, folds = drawn(300)
    found = fit_additive(as_rows(X), y, folds, encoding=ENCODING, recipe=replace(RECIPE, n_knots=2))
    assert found.straight is found.bent
