"""Symmetric trees: exact sums, the same whoever counts, and found where the truth is a table."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.propensity.symmetric import MAX_ROWS, grow_symmetric, learn_borders


def rows(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose odds depend on two columns together and on neither alone."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    X[:, 2] = rng.integers(0, 3, n)
    X[rng.random(n) < 0.1, 3] = np.nan
    odds = np.where((X[:, 0] > 0) == (X[:, 1] > 0.5), 2.0, -2.0)
    return X, (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(float)


def scored(model, X, n_trees=10_000):
    return model.score(model.borders.bins(X), n_trees=n_trees)


def test_what_two_columns_say_together_is_found(quick):
    X, y = rows(1500)
    new, came = rows(1500, seed=1)
    log_odds = scored(grow_symmetric(X, y, recipe=quick, n_trees=60, seed=1), new)
    assert log_odds[came == 1].mean() - log_odds[came == 0].mean() > 1.5


def test_held_out_rows_end_the_growing(quick):
    X, y = rows(400)
    model = grow_symmetric(
        X, y, recipe=replace(quick, symmetric_rate=0.5), n_trees=500, seed=1, judge=rows(400, seed=1)
    )
    assert model.best + quick.patience == len(model.trees) < 500


@given(order=st.integers(0, 1000))
def test_the_order_of_the_columns_is_the_order_of_the_questions_and_nothing_else(quick, order):
    X, y = rows(200)
    columns = np.random.default_rng(order).permutation(X.shape[1])
    model, moved = (
        grow_symmetric(matrix, y, recipe=quick, n_trees=3, seed=1) for matrix in (X, X[:, columns])
    )
    np.testing.assert_allclose(scored(model, X), scored(moved, X[:, columns]), atol=1e-12)


@pytest.mark.parametrize("cells", [np.nan, 3.0])
def test_columns_that_say_nothing_give_the_base_rate(quick, cells):
    y = np.array([0.0, 0.0, 0.0, 1.0] * 20)
    model = grow_symmetric(
        np.full((80, 2), cells), y, recipe=replace(quick, row_share=1.0), n_trees=5, seed=1
    )
    np.testing.assert_allclose(scored(model, np.zeros((1, 2))), np.log(1 / 3), atol=1e-9)


def test_few_values_are_told_apart_and_missing_lies_below_all():
    X = np.array([[1.0], [2.0], [2.0], [np.nan], [9.0]])
    assert learn_borders(X).bins(X).tolist() == [[1, 2, 2, 0, 3]]


def test_sums_of_as_many_rows_as_are_allowed_are_exact():
    assert MAX_ROWS * (2**38 + 2**20) <= 2**53 + MAX_ROWS * 2**20
    assert MAX_ROWS * 2**20 < 2**37
