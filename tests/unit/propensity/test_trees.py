"""Trees: few, small, stopped early, the same on one thread and two."""

from dataclasses import replace

import numpy as np

from standfast.propensity.split import grouped_folds
from standfast.propensity.trees import fit_trees


def fitted(book, recipe):
    folds = grouped_folds(book.y, book.groups, 3, 1)
    return fit_trees(book.X, book.y, folds, encoding=book.encoding, recipe=recipe)


def test_early_stopping_ends_before_the_most_trees(book, quick):
    assert fitted(book, replace(quick, max_trees=500)).n_trees < 200


def test_out_of_fold_log_odds_order_the_truth(book, quick):
    assert np.corrcoef(fitted(book, quick).out_of_fold, np.log(book.truth))[0, 1] > 0.6


def test_bags_are_averaged(book, quick):
    two = fitted(book, replace(quick, n_bags=2)).trees
    each = [replace(two, models=(model,)).score(book.X, n_threads=1) for model in two.models]
    assert (each[0] != each[1]).any()
    np.testing.assert_allclose(two.score(book.X, n_threads=1), (each[0] + each[1]) / 2)


def test_contributions_add_up_to_the_score(book, quick):
    trees = fitted(book, replace(quick, n_bags=2)).trees
    np.testing.assert_allclose(
        trees.contributions(book.X, n_threads=1).sum(axis=1), trees.score(book.X, n_threads=1), atol=1e-9
    )


def test_one_thread_and_two_grow_the_same_text(book, quick):
    one, two = fitted(book, quick), fitted(book, replace(quick, n_threads=2, n_jobs=2))
    assert one.trees.models == two.trees.models
    assert (one.out_of_fold == two.out_of_fold).all()
