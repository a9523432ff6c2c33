"""A distance is judged against those that past months had, not against a number from a book."""

import numpy as np
import pytest

from standfast.learning.yardstick import measure_normal


def half_normal(n_months, n_inputs, *, seed=1, size=0.03):
    return np.abs(np.random.default_rng(seed).normal(scale=size, size=(n_months, n_inputs)))


@pytest.mark.parametrize("chance", [0.05, 0.01])
@pytest.mark.parametrize("degrees", [1, 8])
def test_a_normal_month_goes_beyond_the_bound_as_rarely_as_is_said(chance, degrees):
    rng = np.random.default_rng(3)
    beyond = []
    for _ in range(60):
        far = 0.03 * np.sqrt(rng.chisquare(degrees, (18, 40)) / degrees)
        beyond.append(far[-1] > measure_normal(far[:-1], n_accounts=1000).bound(chance))
    assert np.mean(beyond) < 1.6 * chance + 0.003


def test_a_wilder_book_has_wider_normal_months():
    calm, wild = (
        measure_normal(half_normal(18, 10, size=size), n_accounts=1000).bound(0.01) for size in (0.02, 0.08)
    )
    assert (wild > 3 * calm).all()


def test_one_broken_month_of_the_past_does_not_become_the_measure():
    far = half_normal(18, 10)
    broken = far.copy()
    broken[5, 0] = 0.9
    plain, clipped = (measure_normal(one, n_accounts=1000).bound(0.001)[0] for one in (far, broken))
    assert clipped < 5 * plain < 0.9


def test_a_column_that_never_changes_is_measured_by_half_an_account():
    bound = measure_normal(np.zeros((18, 3)), n_accounts=500).bound(0.001)
    assert (bound > 0).all()
    assert (bound < 0.02).all()


def test_pairs_that_overlap_tell_less_than_their_number():
    far = half_normal(18, 10)
    alone, overlapping = (
        measure_normal(far, n_accounts=500, overlap=overlap).bound(0.001)[0] for overlap in (1, 6)
    )
    assert overlapping > alone


def test_an_input_without_any_distance_has_no_bound():
    far = half_normal(18, 2)
    far[:, 1] = np.nan
    assert np.isnan(measure_normal(far, n_accounts=500).bound(0.01)).tolist() == [False, True]
