"""Small books with known probabilities."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from standfast.features.encode import Encoding, encode, learn_encoding
from standfast.propensity.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Book:
    frame: pd.DataFrame
    X: np.ndarray
    y: np.ndarray
    truth: np.ndarray
    groups: np.ndarray
    encoding: Encoding


def make_book(n: int = 800, *, seed: int = 0, base: float = -1.0, noise: int = 0) -> Book:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "seats": rng.normal(size=n),
            "spend": rng.lognormal(3, 1, size=n),
            "plan": rng.choice(["basic", "plus", "pro"], n),
        }
        | {f"noise_{i}": rng.normal(size=n) for i in range(noise)}
    )
    frame.loc[rng.random(n) < 0.1, "spend"] = np.nan
    frame.loc[rng.random(n) < 0.05, "plan"] = None
    score = base + 1.2 * frame.seats + 0.8 * (frame.plan == "basic") + 0.9 * frame.spend.isna()
    truth = (1 / (1 + np.exp(-score))).to_numpy()
    encoding = learn_encoding(frame, columns=list(frame.columns))
    y = (rng.random(n) < truth).astype(float)
    groups = np.array([f"A{i:05d}" for i in range(n)])
    return Book(frame, encode(frame, encoding).matrix, y, truth, groups, encoding)


@pytest.fixture(scope="session")
def make():
    return make_book


@pytest.fixture(scope="session")
def quick():
    return Recipe(
        n_folds=3, max_trees=60, patience=10, learning_rate=0.1, n_jobs=1, n_threads=1, symmetric_rows=0
    )


@pytest.fixture(scope="session")
def book():
    return make_book()
