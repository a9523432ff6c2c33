import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from standfast.sample.hazards import churn_hazard, contraction_propensity, engagement, expansion_propensity

LEVELS = st.floats(-4, 4)
TIMES = {"yearly": np.array([True]), "renews": np.array([True])}


def _churn(health, *, yearly=True, renews=True, auto_renew=False, sponsor_gap=False, price_rise=0.0):
    return churn_hazard(
        np.array([health]),
        yearly=np.array([yearly]),
        renews=np.array([renews]),
        auto_renew=np.array([auto_renew]),
        sponsor_gap=np.array([sponsor_gap]),
        price_rise=np.array([price_rise]),
    )[0]


@given(low=LEVELS, step=st.floats(0.01, 4))
def test_better_health_leaves_less_and_buys_more(low, step):
    assert _churn(low) > _churn(low + step)
    chances = [
        expansion_propensity(np.array([h]), utilisation=np.array([0.8]), renews_yearly=np.array([False]))[0]
        for h in (low, low + step)
    ]
    assert chances[0] < chances[1]
    assert engagement(np.array([low])) < engagement(np.array([low + step]))


def test_a_yearly_contract_ends_at_its_renewal_rather_than_within_the_term():
    assert _churn(0.0, renews=True) > 10 * _churn(0.0, renews=False) > 0


def test_a_missing_sponsor_and_a_price_rise_drive_away_and_auto_renewal_keeps():
    assert _churn(0.0, auto_renew=True) < _churn(0.0)
    assert _churn(0.0, sponsor_gap=True) > _churn(0.0)
    assert _churn(0.0, price_rise=0.09) > _churn(0.0)


def test_full_seats_expand_and_empty_ones_are_given_back_at_renewals_only():
    health, full, empty = np.zeros(1), np.array([0.95]), np.array([0.3])
    none = np.array([False])
    assert expansion_propensity(health, utilisation=full, renews_yearly=none) > 5 * expansion_propensity(
        health, utilisation=empty, renews_yearly=none
    )
    assert contraction_propensity(health, utilisation=empty, **TIMES) > contraction_propensity(
        health, utilisation=full, **TIMES
    )
    assert contraction_propensity(health, utilisation=empty, yearly=none, renews=none) == 0.0
