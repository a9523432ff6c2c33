"""The formulas of decision-method.md against numbers worked out by hand."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.response import Response, contacts, dose, fatigue, gains, kept_value, shifted, shifts

RESPONSE = Response()


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


def test_dose_of_two_visits_three_calls_two_emails_and_three_messages():
    """G = 1 - exp(-(1.2 (1 - e^-2) + .8 (1 - e^-2) + .2 (1 - e^-4/3) + .08 (1 - e^-2)))."""
    exponent = 1.2 * (1 - exp(-2)) + 0.8 * (1 - exp(-2)) + 0.2 * (1 - exp(-4 / 3)) + 0.08 * (1 - exp(-2))
    assert float(dose([2, 3, 2, 3], response=RESPONSE)) == pytest.approx(1 - exp(-exponent))


def test_nothing_has_no_dose_and_no_fatigue():
    assert float(dose([0, 0, 0, 0], response=RESPONSE)) == 0
    assert float(fatigue([0, 0, 0, 0], response=RESPONSE)) == 0


def test_an_in_person_touch_counts_as_two_contacts():
    assert contacts([[1, 0, 0, 0], [2, 3, 1, 2]], response=RESPONSE).tolist() == [2, 10]


@pytest.mark.parametrize(
    ("touches", "expected"), [([0, 6, 0, 0], 0.0), ([0, 7, 0, 0], 0.05), ([3, 4, 0, 0], 0.2)]
)
def test_fatigue_begins_with_the_seventh_contact(touches, expected):
    assert float(fatigue(touches, response=RESPONSE)) == pytest.approx(expected)


@pytest.mark.parametrize(("horizon_days", "terms"), [(90, 4), (365, 1), (730, 1), (30, 12), (180, 2)])
def test_kept_value_adds_the_horizons_of_a_year(horizon_days, terms):
    """V = margin x h/365 x sum over k < K of (1-p)^k."""
    by_hand = 8000 * horizon_days / 365 * sum(0.9**k for k in range(terms))
    got = kept_value(np.array([0.1]), np.array([8000.0]), horizon_days=horizon_days)
    assert got.item() == pytest.approx(by_hand)


def test_gains_match_the_formula_with_logits():
    p, q, kept, added, touches = 0.28, 0.1, 49_457.0, 15_360.0, [2, 4, 1, 0]
    g, f = float(dose(touches, response=RESPONSE)), float(fatigue(touches, response=RESPONSE))
    p1 = sigmoid(log(p / (1 - p)) - 0.5 * g + f)
    q1 = sigmoid(log(q / (1 - q)) + 0.5 * g - f)
    churn_shift, expand_shift = shifts(touches, response=RESPONSE)
    got = gains(
        np.array([p]), np.array([q]), np.array([kept]), np.array([added]),
        churn_shift=churn_shift, expand_shift=expand_shift,
    )  # fmt: skip
    assert f > 0
    assert got.save.item() == pytest.approx(kept * (p - p1))
    assert got.expand.item() == pytest.approx(added * ((1 - p1) * q1 - (1 - p) * q))


def test_strength_scales_the_effect_but_not_the_fatigue():
    touches = [2, 4, 1, 0]
    g, f = float(dose(touches, response=RESPONSE)), float(fatigue(touches, response=RESPONSE))
    churn_shift, expand_shift = shifts(touches, response=RESPONSE, strength=2.0)
    assert (float(churn_shift), float(expand_shift)) == pytest.approx((exp(-g + f), exp(g - f)))


def test_certainty_stays_certain():
    assert shifted(np.array([0.0, 1.0]), 0.5).tolist() == [0.0, 1.0]


@given(
    touches=st.lists(st.integers(0, 6), min_size=4, max_size=4),
    channel=st.integers(0, 3),
    p=st.floats(0, 1),
)
def test_one_more_touch_adds_to_the_dose_and_ever_less(touches, channel, p):
    more, most = list(touches), list(touches)
    more[channel] += 1
    most[channel] += 2
    low, middle, high = dose([touches, more, most], response=RESPONSE)
    assert low <= middle <= high <= 1
    assert high - middle <= middle - low + 1e-12
    assert 0 <= shifted(np.array([p]), shifts(touches, response=RESPONSE)[0]).item() <= 1
