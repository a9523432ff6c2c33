"""O1: who is offered nothing now, and that unknown holds nobody back."""

import pandas as pd

from standfast.decision.guards import Guards
from standfast.decision.lifecycle import Lifecycle
from standfast.decision.suppression import REASONS, suppressed_because


def told(frame, **options):
    found = suppressed_because(pd.DataFrame(frame), guards=Guards(), lifecycle=Lifecycle(), **options)
    return [None if pd.isna(why) else why for why in found]


def test_critical_tickets_escalations_onboarding_and_sleeping_dogs_hold_back():
    """O1: one account each, and a last one that is free."""
    ids = ["critical", "escalated", "new", "asleep", "free"]
    found = told(
        {
            "account_id": ids, "open_critical": [1, 0, 0, 0, 0], "escalations_90d": [0, 2, 0, 0, 0],
            "tickets_open": [1, 1, 0, 0, 0], "tenure_days": [900, 900, 89, 900, 900],
            "auto_renew": [1, 1, 1, 1, 1], "seat_utilisation": [0.9, 0.9, 0.9, 0.1, 0.9],
            "sponsor_engagement": [0.9, 0.9, 0.9, 0.1, 0.9],
        }
    )  # fmt: skip
    assert found == [*REASONS[:4], None]


def test_an_escalation_whose_tickets_are_closed_holds_nobody_back_and_unknown_ones_do():
    frame = {"account_id": ["closed", "unknown"], "escalations_90d": [1, 1], "tickets_open": [0, None]}
    assert told(frame) == [None, REASONS[1]]


def test_held_out_by_the_column_or_by_the_last_plan():
    frame = {"account_id": ["x", "y", "z"], "held_out": [True, False, None]}
    assert told(frame, held_out=frozenset({"y"})) == [REASONS[4], REASONS[4], None]


def test_another_live_campaign_is_named():
    found = told({"account_id": [7, 8]}, claimed={"7": "=cmd()"})
    assert found == ["in another live campaign: =cmd()", None]


def test_the_gravest_reason_is_told_and_no_account_is_no_error():
    frame = {"account_id": ["x"], "open_critical": [1], "tenure_days": [5]}
    assert told(frame, claimed={"x": "other"}) == [REASONS[0]]
    assert told({"account_id": []}) == []
