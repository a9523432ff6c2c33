"""Categories become shrunken rates, and no row helps to make its own."""

import numpy as np
import pytest

from standfast.features.encode import UNSEEN, Encoding, Feature
from standfast.propensity.target_encoding import (
    TargetEncoding,
    category_columns,
    cross_fit,
    fit_target_encoding,
)

X = np.array([[0.0, 5.0], [0.0, 6.0], [1.0, 7.0], [np.nan, 8.0]])
Y = np.array([1.0, 1.0, 0.0, 0.0])
CODES = np.array([[np.nan, 1.0], [UNSEEN, 2.0], [1.0, 3.0]])


def test_a_rate_is_pulled_to_the_base_rate_by_its_rows():
    rates = fit_target_encoding(X, Y, n_codes={0: 2}, prior_rows=2.0).rates[0]
    missing, unseen, first, second = rates
    assert first == pytest.approx((2 + 2 * 0.5) / 4)
    assert second == missing == pytest.approx((0 + 1) / 3)
    assert unseen == 0.5


def test_numbers_stay_and_codes_become_rates():
    encoding = TargetEncoding((0,), ((0.1, 0.2, 0.3, 0.4),))
    found = encoding.apply(CODES)
    assert found.tolist() == [[0.1, 1.0], [0.2, 2.0], [0.4, 3.0]]
    alone = [encoding.apply(row[None])[0].tolist() for row in CODES]
    assert alone == found.tolist()


def test_a_rows_own_label_never_shows_in_its_rate():
    folds = np.array([0, 1, 0, 1])
    before = cross_fit(X, Y, folds, n_codes={0: 2}, prior_rows=2.0)
    for row in range(len(Y)):
        flipped = Y.copy()
        flipped[row] = 1 - flipped[row]
        after = cross_fit(X, flipped, folds, n_codes={0: 2}, prior_rows=2.0)
        assert after[row, 0] == before[row, 0]


def test_rates_written_in_place_are_the_same_ones():
    folds = np.array([0, 1, 0, 1])
    given = X.copy()
    asked = cross_fit(given, Y, folds, n_codes={0: 2}, prior_rows=2.0)
    assert given.tobytes() == X.tobytes()
    assert cross_fit(given, Y, folds, n_codes={0: 2}, prior_rows=2.0, in_place=True) is given
    assert given.tobytes() == asked.tobytes()


def test_only_categories_are_encoded():
    encoding = Encoding((Feature("a", "number"), Feature("b", "category", ("x", "y")), Feature("c", "date")))
    assert category_columns(encoding) == {1: 2}
    assert fit_target_encoding(X, Y, n_codes={}, prior_rows=1.0).apply(X) is X


def test_dictionary_gives_back_the_same_rates():
    encoding = fit_target_encoding(X, Y, n_codes={0: 2}, prior_rows=2.0)
    assert TargetEncoding.from_dict(encoding.to_dict()) == encoding
