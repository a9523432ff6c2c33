"""The path of solutions is scikit-learn's, found with less work."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from standfast.propensity import ridge
from standfast.propensity.ridge import Block, ridge_path

STRENGTHS = [30.0, 3.0, 0.3]


def drawn(n=400, d=12, seed=0, steep=1.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, (rng.random(n) < expit(steep * (X[:, 0] - X[:, 1]) - 2)).astype(float)


def penalised_loss(X, y, weights, strength):
    score = X @ weights[1:] + weights[0]
    return (np.logaddexp(0, score) - y * score).sum() + strength / 2 * (weights[1:] ** 2).sum()


@pytest.mark.parametrize("steep", [0.0, 1.0, 20.0])
def test_solutions_are_as_good_as_scikit_learns(steep):
    X, y = drawn(steep=steep)
    for strength, found in zip(STRENGTHS, ridge_path([Block(X, y)], STRENGTHS), strict=True):
        theirs = LogisticRegression(C=1 / strength, tol=1e-8, max_iter=1000).fit(X, y)
        best = penalised_loss(X, y, np.r_[theirs.intercept_, theirs.coef_[0]], strength)
        assert penalised_loss(X, y, found, strength) == pytest.approx(best, rel=1e-4)


def test_many_columns_take_the_other_road_to_the_same_place(monkeypatch):
    X, y = drawn()
    newton = ridge_path([Block(X, y)], STRENGTHS)
    monkeypatch.setattr(ridge, "_WIDE", 3)
    for ours, theirs in zip(ridge_path([Block(X, y)], STRENGTHS), newton, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-2)


def test_more_columns_than_rows_still_have_a_solution():
    X, y = drawn(n=30, d=80)
    assert np.isfinite(ridge_path([Block(X, y)], STRENGTHS)[-1]).all()


def test_columns_that_repeat_each_other_still_have_a_solution():
    X, y = drawn()
    weights = ridge_path([Block(np.column_stack([X, X]), y)], STRENGTHS)[-1]
    np.testing.assert_allclose(weights[1:13], weights[13:], atol=1e-6)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_a_single_class_gives_a_finite_intercept_and_no_weights(label):
    X, _ = drawn(50)
    found = ridge_path([Block(X, np.full(50, label))], STRENGTHS)[0]
    assert np.sign(found[0]) == (1 if label else -1)
    assert not found[1:].any()
