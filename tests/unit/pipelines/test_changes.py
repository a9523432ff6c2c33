"""R5: what would change an account's outlook."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.response import Response
from standfast.pipelines.changes import what_would_change

SCORES = pd.DataFrame(
    {"churn_probability": [0.5], "contraction_probability": [0.0], "upsell_probability": [0.2]}
)
REASONS = [
    {"feature": "open tickets", "value": 9, "effect": np.log(4)},
    {"feature": "seats", "value": 40, "effect": -2.0},
]


def line(n_call: int) -> pd.Series:
    return pd.Series({"n_in_person": 0, "n_call": n_call, "n_email": 0, "n_digital": 0})


def test_touches_planned_come_first_and_then_the_reasons_that_raise_the_risk():
    planned, tickets = what_would_change(SCORES, REASONS, line(3), response=Response())
    assert planned.words == "the touches planned, at the response assumed"
    assert planned.leave == planned.reduce < 0.5
    assert planned.increase > 0.1
    assert tickets.words == "open tickets as in the average account"
    assert tickets.reduce == pytest.approx(0.2)  # odds of 1 without a factor of 4
    assert tickets.increase == pytest.approx(0.8 * 0.2)


@pytest.mark.parametrize("untouched", [None, line(0)])
def test_no_touches_change_nothing(untouched):
    assert [change.words for change in what_would_change(SCORES, [], untouched, response=Response())] == []


def test_without_a_churn_model_nothing_is_said():
    unknown = SCORES.assign(churn_probability=np.nan)
    assert what_would_change(unknown, REASONS, line(3), response=Response()) == []
