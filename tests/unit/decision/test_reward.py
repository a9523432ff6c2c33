"""R1, R6: money of an account."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.reward import Economics, add_reward, annual_churn, lifetime_value

ECONOMICS = Economics(gross_margin=0.5, upsell_share=0.2)
MONEY = ["upsell_value", "revenue_at_risk", "expected_upsell", "reward"]


def book(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"churn_probability": [0.2], "upsell_probability": [0.1], "annual_revenue": [1000.0], **columns}
    )


def test_reward_matches_the_numbers_worked_out_by_hand():
    """R1: upsell .2 x 1000; risk .2 x 1000; upsell .8 x .1 x 200; reward .5 x (1000 + .1 x 200)."""
    row = add_reward(book(), economics=ECONOMICS)[MONEY].iloc[0]
    assert row.tolist() == pytest.approx([200.0, 200.0, 16.0, 510.0])


def test_churn_probability_is_not_in_the_reward():
    calm, risky = (
        add_reward(book(churn_probability=[p]), economics=ECONOMICS)["reward"].item() for p in (0.0, 0.9)
    )
    assert calm == risky


def test_a_known_upsell_value_is_kept_and_an_empty_one_is_filled():
    scores = pd.concat([book(upsell_value=[50.0]), book(upsell_value=[np.nan])])
    assert add_reward(scores, economics=ECONOMICS)["upsell_value"].tolist() == [50.0, 200.0]


def test_an_empty_probability_counts_as_zero_but_the_risk_in_money_stays_unknown():
    """U4: missing is never read as healthy."""
    row = add_reward(book(churn_probability=[None], upsell_probability=[None]), economics=ECONOMICS).iloc[0]
    assert np.isnan(row["revenue_at_risk"])
    assert pd.isna(row["churn_probability"])
    assert row["expected_upsell"] == 0
    assert row["reward"] == 500


def test_empty_revenue_leaves_the_money_empty():
    row = add_reward(book(annual_revenue=[np.nan]), economics=ECONOMICS)[MONEY].iloc[0]
    assert row.isna().all()


def test_an_accounts_own_margin_goes_before_the_setting():
    scores = pd.concat([book(gross_margin=[0.25]), book(gross_margin=[np.nan])])
    assert add_reward(scores, economics=ECONOMICS)["reward"].tolist() == pytest.approx([255.0, 510.0])


def test_the_input_is_unchanged():
    scores = book()
    add_reward(scores, economics=ECONOMICS)
    assert "reward" not in scores


@pytest.mark.parametrize(("p", "days", "expected"), [(0.1, 365, 0.1), (0.0, 90, 0.0), (1.0, 30, 1.0)])
def test_annual_churn_at_its_ends(p, days, expected):
    assert float(annual_churn(p, days)) == pytest.approx(expected)


def test_annual_churn_compounds_the_horizon():
    assert float(annual_churn(0.1, 73)) == pytest.approx(1 - 0.9**5)


@pytest.mark.parametrize(("churn", "expected"), [(0.5, 1600.0), (0.2, 4000.0), (0.1, 4000.0), (0.0, 4000.0)])
def test_lifetime_is_capped_at_five_years(churn, expected):
    """R6."""
    assert float(lifetime_value(1000.0, churn, 0.8)) == pytest.approx(expected)
