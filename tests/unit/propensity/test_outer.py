"""Out-of-fold probabilities are those of propensities that never saw the account."""

import numpy as np
import pytest

from standfast.propensity.evaluation import evaluate
from standfast.propensity.gate import beats_base_rate
from standfast.propensity.model import fit_propensity
from standfast.propensity.outer import out_of_fold_probability


def test_each_fold_is_scored_by_a_propensity_of_the_others(book, quick):
    folds = np.arange(len(book.y)) % 2
    found = out_of_fold_probability(
        book.X, book.y, book.groups, encoding=book.encoding, recipe=quick, folds=folds
    )
    learn = folds == 0
    alone = fit_propensity(
        book.X[learn], book.y[learn], book.groups[learn], encoding=book.encoding, recipe=quick
    )
    assert (found[~learn] == alone.probability(book.X[~learn])).all()


def test_real_labels_beat_the_base_rate_and_shuffled_ones_do_not(make, quick):
    book = make(1200, noise=5)
    verdicts = []
    for y in (book.y, np.random.default_rng(7).permutation(book.y)):
        p = out_of_fold_probability(book.X, y, book.groups, encoding=book.encoding, recipe=quick)
        verdicts.append(
            beats_base_rate(evaluate(y, p, book.groups, target="churned", how="out of fold", seed=1))
        )
    assert [verdict.passed for verdict in verdicts] == [True, False]


def test_a_fold_without_the_other_class_gets_the_base_rate(make, quick):
    book = make(40)
    y = np.zeros(40)
    y[0] = 1
    p = out_of_fold_probability(book.X, y, book.groups, encoding=book.encoding, recipe=quick)
    assert p[0] == pytest.approx(0.5 / 27, rel=0.1)
    assert ((p > 0) & (p < 0.2)).all()
