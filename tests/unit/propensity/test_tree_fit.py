"""Trees: few, small, stopped early, the same on one thread and two."""

from dataclasses import replace

import numpy as np

from standfast.features.matrix_rows import as_rows
from standfast.propensity.inner import all_in_turn
from standfast.propensity.split import grouped_folds
from standfast.propensity.tree_fit import fit_trees
from standfast.propensity.tree_text import read_trees


def fitted(book, recipe):
    folds = all_in_turn(grouped_folds(book.y, book.groups, 3, 1))
    return fit_trees(as_rows(book.X), book.y, folds, encoding=book.encoding, recipe=recipe)


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
    either = replace(quick, symmetric_rows=12_000)
    one, two = fitted(book, either), fitted(book, replace(either, n_threads=2, n_jobs=2))
    assert one.trees.models == two.trees.models
    assert (one.out_of_fold == two.out_of_fold).all()


def crossed(make):
    """A book in which two columns matter together and neither alone."""
    book = make(1500, noise=4)
    rng = np.random.default_rng(0)
    odds = np.where((book.X[:, 0] > 0) == (book.X[:, 3] > 0), 1.5, -1.5)
    return replace(book, y=(rng.random(len(odds)) < 1 / (1 + np.exp(-odds))).astype(float))


def is_symmetric(fit):
    return all(len({split.column for split in tree.splits}) <= 4 for tree in read_trees(fit.trees.models[0]))


def loss(fit, y):
    return float(np.mean(np.logaddexp(0, fit.out_of_fold) - y * fit.out_of_fold))


def test_the_kind_of_tree_that_held_out_folds_like_better_is_kept(make, quick):
    book = crossed(make)
    free, either = (fitted(book, replace(quick, symmetric_rows=rows, n_bags=1)) for rows in (0, 12_000))
    assert (is_symmetric(free), is_symmetric(either)) == (False, True)
    assert loss(either, book.y) < loss(free, book.y)


def test_a_kept_symmetric_forest_is_the_same_on_one_thread_and_two(make, quick):
    book = crossed(make)
    either = replace(quick, symmetric_rows=12_000)
    one, two = fitted(book, either), fitted(book, replace(either, n_threads=2, n_jobs=2))
    assert is_symmetric(one)
    assert one.trees.models == two.trees.models
    assert (one.out_of_fold == two.out_of_fold).all()
