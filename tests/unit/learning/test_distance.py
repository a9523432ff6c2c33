"""The distance of two months is the share of accounts that would have to hold another value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.learning.distance import profile

FIRST, SECOND = np.array([0]), np.array([1])
values = st.lists(st.floats(-100, 100), min_size=1, max_size=40)


def months(before, after, *, is_ordered=True):
    both = np.array([*before, *after], dtype=float)
    month = np.repeat([0, 1], [len(before), len(after)])
    return profile(both, month, n_months=2, is_ordered=is_ordered)


@given(values, values, st.booleans())
def test_it_lies_between_none_and_all_and_is_the_same_both_ways(before, after, is_ordered):
    there = months(before, after, is_ordered=is_ordered).moved(FIRST, SECOND)[0]
    back = months(after, before, is_ordered=is_ordered).moved(FIRST, SECOND)[0]
    assert 0 <= there <= 1 + 1e-9
    assert there == pytest.approx(back)


@given(values)
def test_a_month_lies_nowhere_from_itself(month):
    assert months(month, month).moved(FIRST, SECOND)[0] == 0


def test_many_values_are_compared_at_few_points_and_lose_less_than_a_hundredth():
    rng = np.random.default_rng(1)
    before, after = rng.normal(size=4000), rng.normal(0.5, 1, 4000)
    from scipy.stats import ks_2samp

    exact = ks_2samp(before, after).statistic
    assert months(before, after).moved(FIRST, SECOND)[0] == pytest.approx(exact, abs=0.01)


def test_categories_are_compared_by_their_shares_and_new_ones_count():
    assert months([0, 0, 1, 1], [0, 2, 2, 2], is_ordered=False).moved(FIRST, SECOND)[0] == 0.75


def test_u4_blank_cells_are_a_distance_of_their_own_and_hide_nothing():
    told = months([1, 2, 3, 4], [1, 2, np.nan, np.nan])
    assert told.blanker(FIRST, SECOND)[0] == 0.5
    assert told.moved(FIRST, SECOND)[0] == 0.5


def test_a_month_in_which_a_column_is_empty_has_no_distance():
    told = months([1.0, 2.0], [np.nan, np.nan])
    assert np.isnan(told.moved(FIRST, SECOND)[0])
    assert told.blanker(FIRST, SECOND)[0] == 1
