"""U1: symmetric trees read by LightGBM say what they said, and their reasons add up."""

import lightgbm as lgb
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from standfast.propensity.symmetric import grow_symmetric
from standfast.propensity.symmetric_text import symmetric_text
from standfast.propensity.tree_tables import build_tree_tables
from standfast.propensity.tree_text import read_trees


def grown(seed: int, n: int = 300):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 5)).round(1)
    X[:, 1] = rng.integers(-1, 3, n)
    X[:, 2] = 7.0
    X[rng.random((n, 5)) < 0.1] = np.nan
    y = np.nan_to_num(X[:, 0]) * np.nan_to_num(X[:, 1]) + np.isnan(X[:, 3]) + rng.normal(size=n) > 0.5
    return X, y.astype(float)


def hard_rows(text: str, seed: int) -> np.ndarray:
    """Rows that stand on thresholds and beside them, or are missing."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(200, 5))
    for tree in read_trees(text):
        for split in tree.splits:
            if abs(split.threshold) < 1e9:
                X[rng.random(200) < 0.1, split.column] = split.threshold * rng.choice([1.0, 1 + 1e-9])
    X[rng.random(X.shape) < 0.1] = np.nan
    return X


@given(seed=st.integers(0, 10_000))
def test_lightgbm_reads_the_same_trees_to_the_last_bit(quick, seed):
    X, y = grown(seed)
    model = grow_symmetric(X, y, recipe=quick, n_trees=4, seed=seed)
    text = symmetric_text(model)
    asked = hard_rows(text, seed)
    booster = lgb.Booster(model_str=text)
    said = booster.predict(asked, raw_score=True, num_threads=1)
    np.testing.assert_allclose(said, model.score(model.borders.bins(asked), n_trees=4), atol=1e-14)
    reasons = build_tree_tables([text]).contributions(asked)
    np.testing.assert_allclose(reasons.sum(axis=1), said, atol=1e-12)
    np.testing.assert_allclose(reasons, booster.predict(asked, pred_contrib=True, num_threads=1), atol=1e-12)
