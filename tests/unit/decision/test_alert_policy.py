"""A2: the types of alert as data."""

import dataclasses

import pytest

from standfast.decision.alert_policy import ALERT_TYPES, AlertPolicy, AlertSetting
from standfast.decision.alerts import raise_alerts
from standfast.features.catalogue import CATALOGUE

WORKED_OUT = {"usage_fall", "activity_place"}


def test_every_type_has_a_setting_and_every_setting_a_type():
    settings = {
        field.name
        for field in dataclasses.fields(AlertPolicy)
        if isinstance(getattr(AlertPolicy(), field.name), AlertSetting)
    }
    assert settings == set(ALERT_TYPES)


@pytest.mark.parametrize("kind", ALERT_TYPES.values(), ids=ALERT_TYPES)
def test_every_type_looks_at_something_known_and_says_the_number_once(kind):
    assert kind.measure in {*CATALOGUE, *WORKED_OUT}
    assert kind.reason.count("{value}") == 1
    assert kind.action.endswith((".", "?"))
    for name in kind.stricter:
        assert ALERT_TYPES[name].measure == kind.measure


def test_the_defaults_are_those_of_the_practice_page():
    """A1: 14 days. A2: thresholds, and how long they must have been passed."""
    policy = AlertPolicy()
    told = {name: (setting.threshold, setting.severity) for name, setting in policy.enabled.items()}
    assert policy.cooldown_days == 14
    assert told == {
        "usage_drop": (0.2, "watch"), "usage_collapse": (0.3, "risk"),
        "champion_quiet": (14, "watch"), "champion_silent": (30, "risk"),
        "seats_unused": (0.5, "risk"), "seats_full": (0.8, "expansion"),
        "tickets_many": (3, "risk"), "escalations": (2, "risk"), "invoice_overdue": (1, "risk"),
        "limit_near": (0.8, "expansion"), "limit_close": (0.95, "expansion"),
        "limit_reached": (1, "expansion"), "power_user": (0.1, "expansion"),
    }  # fmt: skip
    running = {name: s.weeks_running for name, s in policy.enabled.items() if s.weeks_running > 1}
    assert running == {
        "usage_drop": 2, "usage_collapse": 2, "invoice_overdue": 3, "seats_full": 3, "power_user": 4,
    }  # fmt: skip


def test_a_type_that_is_switched_off_is_not_looked_for(weekly):
    off = AlertPolicy(tickets_many=AlertSetting(threshold=3, enabled=False))
    assert raise_alerts(weekly(tickets_30d=[0, 5]), policy=off).frame.empty
