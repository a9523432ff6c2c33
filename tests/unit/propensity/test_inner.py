"""A large table needs one fold to learn by, and learns as well by it."""

from dataclasses import replace

import numpy as np

from standfast.propensity.inner import choose_inner_folds, refold
from standfast.propensity.model import fit_propensity


def test_every_account_of_a_small_table_is_held_out_once(book, quick):
    folds = choose_inner_folds(book.y, book.groups, quick)
    assert folds.asked == (0, 1, 2)
    assert folds.held_out.tolist() == list(range(len(book.y)))


def test_of_a_large_table_the_accounts_of_one_fold_are_held_out(book, quick):
    """Whose snapshots stay together, there and where the calibration is tried on them."""
    groups = np.repeat(np.arange(len(book.y) // 4), 4)
    large = replace(quick, one_validation_rows=len(book.y))
    folds = choose_inner_folds(book.y, groups, large)
    held = folds.held_out
    assert abs(len(held) - len(book.y) / quick.n_folds) <= 4
    assert not set(groups[held]) & set(np.delete(groups, held))
    again = refold(folds, book.y[held], groups[held], large)
    assert all(len(set(again[groups[held] == account])) == 1 for account in set(groups[held]))
    assert len(set(again)) == quick.n_folds


def test_one_fold_is_enough_where_there_are_many_rows(make, quick):
    """The truth is met almost as closely as by all folds in turn, and the level is that of all rows."""
    book, fresh = make(20_000), make(4_000, seed=9)
    off = {}
    for name, rows in (("one", 10_000), ("all", 10**6)):
        recipe = replace(quick, one_validation_rows=rows, learning_rate_large=quick.learning_rate)
        said = fit_propensity(book.X, book.y, book.groups, encoding=book.encoding, recipe=recipe)
        off[name] = np.abs(said.probability(fresh.X) - fresh.truth).mean()
        assert abs(said.probability(book.X).mean() - book.y.mean()) < 0.003
    assert off["one"] < off["all"] + 0.005
