"""U1: what trees say of a row, looked up, is what LightGBM works out row by row."""

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.propensity.tree_tables import build_tree_tables
from standfast.propensity.tree_text import read_trees

ZERO = 1.0000000180025095e-35
"""LightGBM's border between zero and more than zero."""


def grown(seed: int, *, n_leaves: int = 15, n_trees: int = 12, missing: float = 0.2, **parameters) -> str:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(600, 6)).round(1)
    X[:, 1] = rng.integers(-1, 3, 600)
    X[:, 2] = np.where(rng.random(600) < 0.6, 0.0, X[:, 2])
    X[:, 3:5][rng.random((600, 2)) < missing] = np.nan
    y = X[:, 0] * X[:, 1] + np.nan_to_num(X[:, 3]) + (X[:, 2] == 0) + rng.normal(size=600) > 0.5
    how = {"objective": "binary", "num_leaves": n_leaves, "max_depth": 6, "min_data_in_leaf": 5,
           "bagging_fraction": 0.8, "bagging_freq": 1, "seed": seed, "num_threads": 1,
           "verbosity": -1}  # fmt: skip
    booster = lgb.train(how | parameters, lgb.Dataset(X, y.astype(float)), n_trees)
    return booster.model_to_string()


def asked(text: str, X: np.ndarray) -> np.ndarray:
    return lgb.Booster(model_str=text).predict(X, pred_contrib=True, num_threads=1)


def hard_rows(text: str, seed: int, n: int = 200) -> np.ndarray:
    """Rows that stand on thresholds, beside them, at zero and on either side of it, or are missing."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 6))
    for tree in read_trees(text):
        for split in tree.splits:
            rows = rng.random(n) < 0.1
            X[rows, split.column] = split.threshold + rng.choice([0.0, 1e-9, -1e-9], rows.sum())
    X[rng.random(X.shape) < 0.1] = 0.0
    X[rng.random(X.shape) < 0.1] = np.nan
    at_zero = rng.random(X.shape) < 0.1
    X[at_zero] = rng.choice([ZERO, -ZERO, 2 * ZERO, -2 * ZERO], at_zero.sum())
    return X


@given(
    seed=st.integers(0, 10_000),
    n_leaves=st.integers(2, 31),
    missing=st.sampled_from([0.0, 0.3]),
    depth=st.integers(1, 8),
)
def test_every_value_is_lightgbm_s_own_on_every_side_of_every_threshold(seed, n_leaves, missing, depth):
    text = grown(seed, n_leaves=n_leaves, missing=missing, max_depth=depth)
    X = hard_rows(text, seed)
    tables = build_tree_tables([text])
    np.testing.assert_allclose(tables.contributions(X), asked(text, X), atol=1e-12)


def test_a_mean_of_models_has_the_mean_of_their_values():
    texts = [grown(1), grown(2, n_leaves=7)]
    X = hard_rows(texts[0], 3)
    mean = (asked(texts[0], X) + asked(texts[1], X)) / 2
    np.testing.assert_allclose(build_tree_tables(texts).contributions(X), mean, atol=1e-12)


def test_trees_that_never_split_have_a_base_alone():
    text = grown(1, min_data_in_leaf=10_000)
    found = build_tree_tables([text]).contributions(np.zeros((3, 6)))
    assert (found[:, :-1] == 0).all()
    np.testing.assert_allclose(found, asked(text, np.zeros((3, 6))), atol=1e-12)


def test_a_row_s_values_depend_neither_on_its_neighbours_nor_on_threads():
    text = grown(4)
    X = np.tile(hard_rows(text, 4), (100, 1))
    tables = build_tree_tables([text])
    together = tables.contributions(X, n_threads=2)
    assert (together == tables.contributions(np.asfortranarray(X))).all()
    assert (together[[7, 19_999]] == tables.contributions(X[[7, 19_999]])).all()
    assert tables.contributions(X[:0]).shape == (0, 7)


@pytest.mark.parametrize(
    "parameters", [{"max_depth": 12, "n_leaves": 255, "n_trees": 40}, {"linear_tree": True, "missing": 0.0}]
)
def test_trees_too_deep_for_tables_or_of_another_kind_are_left_to_lightgbm(parameters):
    assert build_tree_tables([grown(5, **parameters)]) is None
