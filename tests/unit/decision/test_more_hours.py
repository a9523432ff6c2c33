"""What one more CSM would earn, and where."""

from dataclasses import replace

import pytest

from standfast.decision.capacity import Capacity
from standfast.decision.owner_limits import OwnerLimits

OWNERS = {"Ada": 10.0, "Bo": 200.0}


@pytest.fixture
def book(make_book):
    return make_book(200).assign(owner=lambda s: ["Ada", "Bo"] * (len(s) // 2))


def test_one_more_csm_goes_where_hours_are_short_and_earns_what_the_longer_plan_does(book, plan_book):
    capacity = Capacity(hours=210, owners=OWNERS)
    summary = plan_book(book, capacity=capacity).summary
    more = summary.one_more_csm
    assert more.owner == "Ada"
    assert more.hours == pytest.approx(1170 * 90 / 365)
    longer = plan_book(book, capacity=replace(capacity, owners={**OWNERS, "Ada": 10 + more.hours})).summary
    before_cost = longer.expected_value - summary.expected_value + 125 * more.hours_used
    assert more.value == pytest.approx(before_cost)
    assert more.hours_used == pytest.approx(longer.hours_used - summary.hours_used)
    assert more.cost == pytest.approx(125 * more.hours)


def test_where_nothing_more_pays_one_more_csm_earns_nothing_and_still_costs(book, plan_book):
    more = plan_book(book, capacity=Capacity(hours=1e6)).summary.one_more_csm
    assert (more.owner, more.value, more.hours_used) == ("team", 0.0, 0.0)
    assert more.cost > 0


def test_a_pool_without_accounts_is_no_place_for_anybody(book, plan_book):
    owners = {**OWNERS, "Cy": 0.0}
    assert plan_book(book, capacity=Capacity(hours=0, owners=owners)).summary.one_more_csm.owner == "Ada"


def test_one_more_csm_brings_room_for_accounts_too(book, plan_book):
    limits = {"Bo": OwnerLimits(most_accounts=3)}
    capacity = Capacity(hours=400, owners={"Ada": 200.0, "Bo": 200.0}, limits=limits)
    more = plan_book(book, capacity=capacity).summary.one_more_csm
    assert more.owner == "Bo"
    assert more.value > 0


def test_hours_of_none_have_no_figure(book, plan_book):
    assert plan_book(book, capacity=Capacity(hours=10, csm_hours=0)).summary.one_more_csm is None
