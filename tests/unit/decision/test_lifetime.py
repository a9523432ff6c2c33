"""R6: what an account of any group is worth over its lifetime."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.lifetime import add_lifetime_value
from standfast.decision.matrix import SEGMENTS
from standfast.decision.reward import Economics
from standfast.decision.segments import summarise_segments

BOTH = [np.array([True, True]), np.array([False, True]), np.array([False, False])]


def book(**columns):
    return pd.DataFrame(
        {"annual_revenue": [1000.0, 3000.0], "churn_probability": [0.2, 0.4], **columns},
    )


def told(scores, members=BOTH, **economics):
    table = pd.DataFrame({"group": range(len(members))})
    return add_lifetime_value(table, scores, members, economics=Economics(**economics), horizon_days=365)


def test_groups_overlap_and_an_empty_one_has_no_lifetime_value():
    worth = told(book())["lifetime_value"]
    assert worth.tolist()[:2] == pytest.approx([2000 * 0.8 / 0.3, 3000 * 0.8 / 0.4])
    assert np.isnan(worth[2])


def test_an_accounts_own_margin_and_cost_to_win_go_before_the_settings():
    row = told(book(gross_margin=[0.5, 0.7], acquisition_cost=[500.0, None]), acquisition_cost=1500.0).loc[0]
    assert row["lifetime_value"] == pytest.approx(2000 * 0.6 / 0.3)
    assert row["ltv_to_cac"] == pytest.approx(4000 / 1000)


def test_a_group_below_two_to_one_is_deprioritised():
    assert told(book(), acquisition_cost=3000.0)["is_deprioritised"].tolist()[:2] == [True, False]


@given(st.integers(0, 2**32 - 1))
def test_the_segments_of_the_matrix_are_groups_like_others(seed):
    """R6: a cell's lifetime value is that of the group of its accounts."""
    rng = np.random.default_rng(seed)
    scores = pd.DataFrame(
        {
            "segment": rng.choice(SEGMENTS, 40),
            "annual_revenue": rng.lognormal(8, 1, 40),
            "churn_probability": rng.uniform(0, 1, 40),
        }
    )
    cells = summarise_segments(scores, economics=Economics(acquisition_cost=900), horizon_days=90)
    members = [(scores["segment"] == name).to_numpy() for name in SEGMENTS]
    groups = add_lifetime_value(
        cells[["segment"]], scores, members, economics=Economics(acquisition_cost=900), horizon_days=90
    )
    names = ["lifetime_value", "allowed_acquisition_cost", "ltv_to_cac"]
    np.testing.assert_allclose(groups[names], cells[names])
