"""Accounts that outreach leaves alone."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.guards import OPEN, REASONS, Guards, closed_to_outreach

ASLEEP = {"auto_renew": True, "seat_utilisation": 0.2, "sponsor_engagement": 0.0, "open_critical": 0}


def reason_of(guards: Guards | None = None, **columns: object) -> str:
    scores = pd.DataFrame({"annual_revenue": [1000.0], **{name: [value] for name, value in columns.items()}})
    code = closed_to_outreach(scores, guards=guards or Guards()).item()
    return "open" if code == OPEN else REASONS[code]


def test_an_ordinary_account_is_open():
    assert reason_of() == "open"


def test_an_account_that_has_churned_gets_nothing():
    assert reason_of(churned=True) == "already churned"
    assert reason_of(churned=False) == reason_of(churned=None) == "open"


def test_unknown_revenue_closes_an_account():
    assert reason_of(annual_revenue=np.nan) == "annual_revenue is unknown"


def test_a_held_out_account_is_left_alone():
    """U5."""
    assert reason_of(held_out=True).startswith("held out")
    assert reason_of(held_out=False) == "open"


def test_a_sleeping_dog_is_left_alone():
    assert reason_of(**ASLEEP).startswith("do not disturb")


@pytest.mark.parametrize(
    "awake",
    [
        {"auto_renew": False}, {"seat_utilisation": 0.5}, {"sponsor_engagement": 0.3}, {"open_critical": 1},
        {"auto_renew": None}, {"seat_utilisation": np.nan}, {"sponsor_engagement": np.nan},
        {"open_critical": None},
    ],
)  # fmt: skip
def test_all_four_signs_must_be_known_and_true(awake):
    """U4: a missing sign is not read as a sign."""
    assert reason_of(**{**ASLEEP, **awake}) == "open"


@pytest.mark.parametrize("missing", list(ASLEEP))
def test_without_a_column_nobody_sleeps(missing):
    assert reason_of(**{name: value for name, value in ASLEEP.items() if name != missing}) == "open"


def test_critical_tickets_may_be_a_flag():
    assert reason_of(**{**ASLEEP, "open_critical": "no"}).startswith("do not disturb")
    assert reason_of(**{**ASLEEP, "open_critical": "yes"}) == "open"


def test_do_not_disturb_can_be_turned_off_or_moved():
    assert reason_of(Guards(do_not_disturb=False), **ASLEEP) == "open"
    assert reason_of(Guards(low_seat_utilisation=0.1), **ASLEEP) == "open"


@pytest.mark.parametrize("key", ["risk", "value"])
def test_at_high_risk_or_of_high_value_nobody_sleeps(key):
    """C1."""
    high = {**ASLEEP, f"{key}_tier": "high"}
    assert reason_of(**high) == "open"
    assert reason_of(Guards(**{f"disturb_high_{key}": False}), **high).startswith("do not disturb")


@pytest.mark.parametrize("tier", ["medium", "low", None])
def test_a_tier_that_is_not_known_to_be_high_wakes_nobody(tier):
    """U4."""
    assert reason_of(**ASLEEP, risk_tier=tier, value_tier=tier).startswith("do not disturb")


def test_an_account_without_cell_is_closed():
    assert reason_of(cell=None).startswith("not placed")


def test_churned_is_the_reason_shown_first():
    assert reason_of(churned=True, held_out=True, annual_revenue=np.nan) == "already churned"
