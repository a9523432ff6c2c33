"""Scores are sums of look-ups, whoever stands beside."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from standfast.propensity.additive import Additive, CategoryTable, NumberTable, mix

MODEL = Additive(
    -1.0, (NumberTable((0.0, 1.0, 10.0), (-0.5, 0.0, 2.0), 0.3), CategoryTable((0.7, 0.0, -0.2, 0.4)))
)
ROW = st.tuples(st.one_of(st.just(np.nan), st.floats(-1e6, 1e6)), st.sampled_from([np.nan, -1.0, 0.0, 1.0]))


def test_a_score_is_the_sum_of_its_tables():
    X = np.array([[0.5, 0.0], [np.nan, np.nan], [99.0, -1.0]])
    np.testing.assert_allclose(MODEL.score(X), [-1 - 0.25 - 0.2, -1 + 0.3 + 0.7, -1 + 2.0])


@given(rows=st.lists(ROW, min_size=1, max_size=40))
def test_contributions_add_up_and_company_changes_no_bit(rows):
    X = np.array(rows)
    score = MODEL.score(X)
    np.testing.assert_allclose(MODEL.intercept + MODEL.contributions(X).sum(axis=1), score, atol=1e-12)
    assert [MODEL.score(X[i : i + 1])[0] for i in range(len(X))] == score.tolist()
    assert (MODEL.score(np.asfortranarray(X)) == score).all()


def test_json_gives_back_the_same_tables():
    assert Additive.from_dict(json.loads(json.dumps(MODEL.to_dict()))) == MODEL


def test_a_mix_scores_as_the_weighted_sum_of_its_parts():
    other = Additive(0.5, (NumberTable((0.0, 1.0, 10.0), (0.2, 0.1, -1.0), 0.0), CategoryTable((0, 1, 2, 3))))
    X = np.array([[0.5, 0.0], [np.nan, np.nan], [99.0, -1.0]])
    expected = 0.3 * MODEL.score(X) + 2.0 * other.score(X)
    np.testing.assert_allclose(mix((MODEL, other), (0.3, 2.0)).score(X), expected, atol=1e-12)
