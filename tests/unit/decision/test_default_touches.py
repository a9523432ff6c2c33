import numpy as np
import pytest

from standfast.decision.bundles import Channels
from standfast.decision.default_touches import (
    CELL_TOUCHES,
    LIST_TOUCHES,
    TIER_TOUCHES,
    YearlyTouches,
    cell_touches,
    touches_in_horizon,
)
from standfast.decision.matrix import CELL_NAMES
from standfast.schema import VALUE_TIERS


def given(yearly, horizon_days=90):
    return touches_in_horizon(yearly, channels=Channels(), hourly_cost=125.0, horizon_days=horizon_days)


def test_every_cell_every_tier_and_every_list_has_its_touches():
    assert set(CELL_TOUCHES) == set(CELL_NAMES)
    assert tuple(TIER_TOUCHES) == VALUE_TIERS
    assert tuple(LIST_TOUCHES) == ("A", "B", "C", "D")


def test_attention_never_falls_as_risk_or_value_rises():
    hours = dict(zip(CELL_NAMES, given(cell_touches()).hours, strict=True))
    for lower, higher in (("low", "medium"), ("medium", "high")):
        for other in ("low", "medium", "high"):
            assert hours[f"{lower} risk, {other} value"] <= hours[f"{higher} risk, {other} value"]
            assert hours[f"{other} risk, {lower} value"] <= hours[f"{other} risk, {higher} value"]


def test_lists_b_and_c_take_as_much_together_as_the_middle_tier_twice():
    """T3: the middle tier split in two halves."""
    b, c, middle = given([LIST_TOUCHES["B"], LIST_TOUCHES["C"], TIER_TOUCHES["medium"]]).counts
    assert (b + c).tolist() == pytest.approx((2 * middle).tolist())


def test_a_quarter_of_a_year_gives_a_quarter_of_the_touches_at_a_quarter_of_the_cost():
    yearly = [YearlyTouches(visits=4, calls=8, emails=12, digital=4)]
    year, quarter = given(yearly, 365), given(yearly, 73)
    assert (quarter.counts * 5).tolist() == [pytest.approx(year.counts[0].tolist())]
    assert quarter.hours[0] * 5 == pytest.approx(4 * 4 + 8 + 2)
    assert quarter.cost[0] * 5 == pytest.approx((4 * 4 + 8 + 2) * 125 + 4 * 150)


def test_a_low_value_call_is_a_short_one():
    long, short = given([YearlyTouches(calls=1), YearlyTouches(calls=1, is_low_value=True)], 365).hours
    assert (long, short) == (1.0, 0.5)


def test_a_call_a_year_reaches_a_quarter_of_the_accounts_and_mail_reaches_nobody():
    touches = given([YearlyTouches(calls=1), YearlyTouches(calls=24), YearlyTouches(emails=12, digital=12)])
    assert touches.contact.tolist() == pytest.approx([90 / 365, 1.0, 0.0])


def test_thinned_touches_take_exactly_the_hours_and_never_more_than_there_are():
    touches = given(cell_touches())
    total = touches.hours.sum()
    assert touches.scaled_to(total / 3).hours.sum() == pytest.approx(total / 3)
    assert touches.scaled_to(total / 3).cost.tolist() == pytest.approx((touches.cost / 3).tolist())
    assert np.array_equal(touches.scaled_to(10 * total).counts, touches.counts)
    assert not touches.scaled_to(0.0).counts.any()
