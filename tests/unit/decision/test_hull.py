"""The concave hull: falling steps that end at the account's best bundle."""

import numpy as np
import pytest

from standfast.decision.bundles import Channels, bundle_table
from standfast.decision.guards import OPEN
from standfast.decision.hull import build_hull
from standfast.decision.offers import all_values, build_offers
from standfast.decision.response import Response
from standfast.decision.reward import Economics


@pytest.fixture(scope="module")
def offers(make_book):
    table = bundle_table(channels=Channels(), response=Response(), hourly_cost=125.0)
    return build_offers(make_book(400), np.full(400, OPEN), table, economics=Economics(), horizon_days=90)


def test_steps_of_an_account_fall_from_steep_to_flat(offers):
    steps = build_hull(offers).steps
    same = steps.account[1:] == steps.account[:-1]
    assert (steps.slope[1:][same] <= steps.slope[:-1][same]).all()
    assert (steps.rank[1:][same] == steps.rank[:-1][same] + 1).all()
    assert (steps.rank[1:][~same] == 0).all()
    assert (steps.slope > 0).all()


def test_all_steps_together_reach_the_best_bundle(offers):
    """Without a price on hours each account climbs to its largest v(n)."""
    hull = build_hull(offers)
    values, _ = all_values(offers, np.arange(400))
    reached = hull.free_value + np.bincount(hull.steps.account, hull.steps.value, minlength=400)
    np.testing.assert_allclose(reached, values.max(axis=1), rtol=1e-9, atol=1e-9)


def test_no_bundle_lies_above_the_hull(offers):
    """At any price per minute the hull's best equals the best of all bundles."""
    hull = build_hull(offers)
    values, minutes = all_values(offers, np.arange(400))
    for price in (0.5, 2.0, 8.0, 30.0):
        pays = hull.steps.slope > price
        profit = (hull.steps.value - price * hull.steps.minutes)[pays]
        on_hull = hull.free_value + np.bincount(hull.steps.account[pays], profit, minlength=400)
        np.testing.assert_allclose(on_hull, (values - price * minutes).max(axis=1), rtol=1e-9, atol=1e-6)


def test_the_number_of_threads_changes_nothing(offers):
    one, two = build_hull(offers, threads=1), build_hull(offers, threads=2)
    for name in ("account", "bundle", "value", "slope"):
        assert getattr(one.steps, name).tobytes() == getattr(two.steps, name).tobytes()


def test_closed_accounts_have_no_steps(make_book):
    table = bundle_table(channels=Channels(), response=Response(), hourly_cost=125.0)
    offers = build_offers(make_book(10), np.zeros(10), table, economics=Economics(), horizon_days=90)
    hull = build_hull(offers)
    assert len(hull.steps) == 0
    assert not hull.free_bundle.any()
