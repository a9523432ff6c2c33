"""A1: each type of alert reports its own past precision, by account."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.alert_policy import AlertPolicy
from standfast.decision.alert_record import past_precision
from standfast.decision.alerts import raise_alerts

POLICY = AlertPolicy()


def record(history, name):
    raised = raise_alerts(history, policy=POLICY).frame
    told = past_precision(raised, history, policy=POLICY, confidence=0.95)
    return next(past for past in told if past.type == name)


def labelled(weekly, n_right, n_wrong, *, column="churned", **values):
    """Accounts with the same readings; the first ``n_right`` of them had the outcome, at every date."""
    rows = [
        weekly(f"A{n}", **values).assign(**{column: pd.array([n < n_right] * 3, dtype="boolean")})
        for n in range(n_right + n_wrong)
    ]
    return pd.concat(rows, ignore_index=True)


def test_the_share_that_churned_has_wilson_s_interval_and_the_base_rate(weekly):
    """Wilson 1927 by hand: 3 of 10 lies between 10.8 % and 60.3 %."""
    alerted = labelled(weekly, 3, 7, tickets_30d=[0, 3, 3])
    calm = labelled(weekly, 0, 20, tickets_30d=[0, 0, 0]).assign(account_id=lambda f: "B" + f["account_id"])
    past = record(pd.concat([alerted, calm], ignore_index=True), "tickets_many")
    assert (past.outcome, past.n_accounts, past.n_right) == ("churned", 10, 3)
    assert (past.rate, past.low, past.high) == pytest.approx((0.3, 0.1078, 0.6032), abs=1e-4)
    assert past.base_rate == pytest.approx(0.1)
    assert past.is_telling


def test_alerts_of_expansion_are_held_against_expansion(weekly):
    history = labelled(weekly, 2, 2, column="expanded", usage_limit_share=[0.1, 1.0, 1.0])
    past = record(history, "limit_reached")
    assert (past.outcome, past.n_accounts, past.n_right) == ("expanded", 4, 2)
    assert not past.is_telling, "so did everybody"


def test_an_account_counts_once_by_its_first_alert(weekly):
    """Two alerts of one account are one case: it stayed after the first, and left after the second."""
    churned = pd.array([False, False, False, False, False, True], dtype="boolean")
    history = weekly(tickets_30d=[0, 3, 0, 0, 0, 3]).assign(churned=churned)
    past = record(history, "tickets_many")
    assert (past.n_accounts, past.n_right) == (1, 0)


def test_an_alert_whose_outcome_is_not_known_yet_says_nothing(weekly):
    history = weekly(tickets_30d=[0, 3]).assign(churned=pd.array([False, None], dtype="boolean"))
    past = record(history, "tickets_many")
    assert past.n_accounts == 0
    assert np.isnan([past.rate, past.low, past.high]).all()
    assert not past.is_telling
    assert np.isnan(record(weekly(tickets_30d=[0, 3]), "tickets_many").base_rate), "a book without labels"
