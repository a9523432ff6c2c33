"""R6, S9: what each segment holds and what it is worth."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.matrix import SEGMENTS
from standfast.decision.reward import Economics
from standfast.decision.segments import summarise_segments


def two_saves(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segment": ["Save", "Save"], "annual_revenue": [1000.0, 3000.0], "churn_probability": [0.2, 0.4],
            "upsell_probability": [0.1, np.nan], **columns,
        }
    )  # fmt: skip


def save_row(scores: pd.DataFrame, **economics: float) -> pd.Series:
    table = summarise_segments(scores, economics=Economics(**economics), horizon_days=365)
    return table.set_index("segment").loc["Save"]


def test_all_segments_are_there_and_no_account_is_lost(make_book):
    table = summarise_segments(make_book(100), economics=Economics(), horizon_days=90)
    assert table["segment"].tolist() == list(SEGMENTS)
    assert table["n_accounts"].sum() == 100
    assert table["revenue_share"].sum() == pytest.approx(1.0)
    assert table["meaning"].str.len().min() > 10


def test_figures_match_the_numbers_worked_out_by_hand():
    """R6: mean revenue 2000 x .8 / mean yearly churn .3; the allowed cost to win is a third."""
    row = save_row(two_saves())
    assert row["churn_probability"] == pytest.approx(0.3)
    assert row["upsell_probability"] == pytest.approx(0.1)
    assert row["lifetime_value"] == pytest.approx(2000 * 0.8 / 0.3)
    assert row["allowed_acquisition_cost"] == pytest.approx(2000 * 0.8 / 0.9)


def test_ltv_to_cac_is_left_out_where_winning_an_account_costs_nothing():
    assert "ltv_to_cac" not in save_row(two_saves())
    assert save_row(two_saves(), acquisition_cost=1000.0)["ltv_to_cac"] == pytest.approx(2 * 0.8 / 0.3)


def test_a_column_of_acquisition_costs_goes_before_the_setting():
    row = save_row(two_saves(acquisition_cost=[500.0, 1500.0]), acquisition_cost=7.0)
    assert row["ltv_to_cac"] == pytest.approx(2 * 0.8 / 0.3)


def test_a_segment_without_known_churn_has_no_lifetime_value():
    """U4."""
    assert np.isnan(save_row(two_saves(churn_probability=np.nan))["lifetime_value"])


def test_a_segment_below_two_to_one_is_deprioritised_and_one_at_it_is_not():
    """R6: a lifetime value of 2000 x .8 / .25 = 6400, at the bound and beyond it."""
    quarter = two_saves(churn_probability=0.25)
    assert not save_row(quarter, acquisition_cost=3200.0)["is_deprioritised"]
    assert save_row(quarter, acquisition_cost=3201.0)["is_deprioritised"]
    assert not save_row(quarter, acquisition_cost=3201.0, least_ltv_to_cac=1.9)["is_deprioritised"]
