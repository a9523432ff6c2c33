"""What the solver sees of a book."""

import numpy as np
import pytest

from standfast.decision.bundles import Channels, bundle_table
from standfast.decision.guards import OPEN
from standfast.decision.offers import (
    CLOSED,
    all_values,
    build_offers,
    bundle_cost,
    bundle_gains,
    bundle_minutes,
)
from standfast.decision.response import Response
from standfast.decision.reward import Economics

TABLE = bundle_table(channels=Channels(), response=Response(), hourly_cost=125.0)


@pytest.fixture
def offers(make_book):
    scores = make_book(30)
    closed = np.where(np.arange(30) < 3, 0, OPEN)
    return build_offers(scores, closed, TABLE, economics=Economics(), horizon_days=90)


def test_closed_accounts_have_no_cell_and_their_bundles_cost_nothing(offers):
    choice = np.full(30, 2)
    assert (offers.cell[:3] == CLOSED).all()
    assert (bundle_minutes(offers, choice)[:3] == 0).all()
    assert (bundle_cost(offers, choice)[:3] == 0).all()
    assert (bundle_minutes(offers, choice)[3:] > 0).all()


def test_empty_probabilities_and_money_count_as_zero(make_book):
    scores = make_book(5).assign(churn_probability=np.nan, upsell_probability=np.nan)
    blank = build_offers(scores, np.full(5, OPEN), TABLE, economics=Economics(), horizon_days=90)
    assert not blank.p.any()
    assert not blank.q.any()


def test_all_values_agree_with_one_bundle_at_a_time(offers):
    values, minutes = all_values(offers, np.arange(30))
    choice = np.full(30, 1)
    earned = bundle_gains(offers, choice)
    one_by_one = earned.save + earned.expand - bundle_cost(offers, choice)
    np.testing.assert_allclose(values[3:, 1], one_by_one[3:])
    assert (minutes[:, 1] == 0).all()


def test_what_a_cell_does_not_allow_is_worth_minus_infinity(offers):
    values, _ = all_values(offers, np.arange(30))
    assert (np.isfinite(values[3:]) == TABLE.allowed[offers.cell[3:]]).all()
    assert np.isfinite(values[:3]).sum() == 3
    assert (values[:, 0] == 0).all()
