"""R5: reduce, maintain, increase."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.outlook import outlook, outlook_of

CHANCES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30)


@given(CHANCES)
def test_reduce_maintain_and_increase_add_up_to_one(chances):
    """R5, also where contraction and expansion, models of their own, promise more than one between them."""
    ahead = outlook(*np.array(chances).T)
    parts = np.array([ahead.reduce, ahead.maintain, ahead.increase])
    assert parts.min() >= 0
    assert parts.sum(axis=0) == pytest.approx(1.0)


@given(CHANCES, st.floats(0, 1))
def test_a_higher_risk_of_leaving_never_lowers_reduce_nor_raises_increase(chances, riskier):
    p, contracts, expands = np.array(chances).T
    low = outlook(p * riskier, contracts, expands)
    high = outlook(p, contracts, expands)
    assert (high.reduce >= low.reduce - 1e-12).all()
    assert (high.increase <= low.increase).all()


def test_contraction_is_that_of_accounts_that_stay():
    ahead = outlook(np.array([0.5]), np.array([0.2]), np.array([0.1]))
    assert (ahead.leave.item(), ahead.contract.item(), ahead.increase.item()) == pytest.approx(
        (0.5, 0.1, 0.05)
    )


def test_a_missing_model_leaves_empty_what_it_is_needed_for():
    """U4: the rest is told, and nothing is made up."""
    book = pd.DataFrame({"churn_probability": [0.2], "upsell_probability": [0.5]})
    ahead = outlook_of(book)
    assert ahead.increase.item() == pytest.approx(0.4)
    assert np.isnan([ahead.reduce.item(), ahead.maintain.item()]).all()
    no_upsell = outlook(np.array([0.2]), np.array([0.5]), np.array([np.nan]))
    assert no_upsell.reduce.item() == pytest.approx(0.6)
    assert np.isnan([no_upsell.maintain.item(), no_upsell.increase.item()]).all()
