"""One row gets bit for bit what the table's kernel gives it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.propensity.additive import Additive, CategoryTable, NumberTable
from standfast.propensity.model import fit_propensity
from standfast.propensity.one_row import OneRow, _look_up

CELLS = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([np.nan, -1.0, 0.0, 1.0, 2.0, 0.1 + 0.2]))


@given(CELLS, st.lists(st.floats(-100, 100), min_size=1, max_size=6, unique=True), st.integers(0, 2**31))
def test_a_look_up_is_numpys_to_the_last_bit(cell, knots, seed):
    values = np.random.default_rng(seed).normal(size=len(knots))
    table = NumberTable(tuple(sorted(knots)), tuple(values.tolist()), missing=0.25)
    for place in (cell, *table.knots):
        assert _look_up(table)(place) == table.look_up(np.array([place]))[0]


@given(st.sampled_from([np.nan, -1.0, 0.0, 1.0]))
def test_a_category_looks_up_missing_unseen_and_each_code(cell):
    table = CategoryTable((0.1, 0.2, 0.3, 0.4))
    assert _look_up(table)(cell) == table.look_up(np.array([cell]))[0]


@pytest.fixture(scope="module")
def fitted(book, quick):
    return fit_propensity(book.X, book.y, book.groups, encoding=book.encoding, recipe=quick)


def test_a_row_alone_has_the_probability_and_interval_it_has_in_its_table(fitted, book):
    alone = OneRow(fitted)
    found = np.array([alone.probability(row) for row in book.X[:200].tolist()])
    assert (found == fitted.probability(book.X[:200])).all()
    low, high = fitted.interval(found)
    assert [alone.interval(p) for p in found.tolist()] == list(zip(low.tolist(), high.tolist(), strict=True))


def test_without_tables_it_is_the_intercept():
    assert Additive(0.5, ()).score(np.zeros((1, 0)))[0] == 0.5
