"""What a propensity does with known probabilities, noise in the labels, and very wide tables."""

import numpy as np
import pandas as pd
import pytest

from standfast.features.encode import encode, learn_encoding
from standfast.features.matrix_rows import as_rows
from standfast.propensity.evaluation import evaluate
from standfast.propensity.gate import honest_grade
from standfast.propensity.learning_curve import Taught, learn_curve
from standfast.propensity.model import fit_propensity
from standfast.propensity.outer import out_of_fold_probability


def judged(book, y, recipe):
    p = out_of_fold_probability(book.X, y, book.groups, encoding=book.encoding, recipe=recipe)
    return p, evaluate(y, p, book.groups, target="churned", how="out of fold", seed=1)


@pytest.fixture(scope="module")
def large(make):
    return make(3000, base=-1.4)


@pytest.fixture(scope="module")
def clean(large, quick):
    return judged(large, large.y, quick)


def test_out_of_fold_probabilities_are_calibrated_against_the_known_truth(large, clean):
    """In tenths by probability the mean is near that of the truth, and ECE lies within the noise floor."""
    p, evaluation = clean
    tenths = np.array_split(np.argsort(p), 10)
    gaps = [p[rows].mean() - large.truth[rows].mean() for rows in tenths]
    assert np.abs(gaps).max() < 0.05
    assert evaluation.metrics["ece"].value <= evaluation.metrics["ece_noise"].high


def test_noise_in_the_labels_lowers_the_grade_and_not_the_calibration(large, clean, quick):
    flipped = np.random.default_rng(3).random(len(large.y)) < 0.35
    p, noisy = judged(large, np.where(flipped, 1 - large.y, large.y), quick)
    assert honest_grade(noisy)[0] > honest_grade(clean[1])[0]
    assert noisy.metrics["ece"].low <= noisy.metrics["ece_noise"].high, "no error beyond chance"
    assert p.std() < clean[0].std()


def test_five_thousand_columns_on_few_rows_are_learned_from(make, quick):
    """One clear behaviour: it fits, finite, near the base rate, and dead columns carry nothing."""
    book = make(250, base=-1.6)
    wide = pd.DataFrame(np.random.default_rng(0).normal(size=(250, 4990))).add_prefix("n")
    frame = pd.concat([book.frame, wide.assign(constant=1.0, empty=np.nan)], axis=1)
    encoding = learn_encoding(frame, columns=list(frame.columns))
    X = encode(frame, encoding).matrix
    fitted = fit_propensity(X, book.y, book.groups, encoding=encoding, recipe=quick)
    p = fitted.probability(X)
    assert fitted.rung == "logistic"
    assert np.isfinite(p).all()
    assert p.mean() == pytest.approx(book.y.mean(), abs=0.05)
    assert fitted.importance()["constant"] == fitted.importance()["empty"] == 0
    taught = Taught(as_rows(X), book.y, np.arange(250))
    assert learn_curve(taught, taught, encoding=encoding, recipe=quick) is None
