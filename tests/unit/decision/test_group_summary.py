"""What groups of accounts hold."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.group_summary import summarise_groups


def test_figures_match_the_numbers_worked_out_by_hand():
    book = pd.DataFrame(
        {"annual_revenue": [100.0, 300.0, np.nan], "churn_probability": [0.1, 0.3, 0.5],
         "upsell_probability": [0.2, np.nan, 0.4], "revenue_at_risk": [10.0, 90.0, np.nan],
         "expected_upsell": [1.0, 2.0, np.nan]}
    )  # fmt: skip
    members = [np.array([True] * 3), np.array([False, True, False]), np.array([False] * 3)]
    table = summarise_groups(book, members, ["all", "big", "none"], title="segment").set_index("segment")
    assert table.loc["all", ["n_accounts", "annual_revenue", "revenue_at_risk"]].tolist() == [3, 400.0, 100.0]
    assert table.loc["all", "churn_probability"] == pytest.approx(0.3)
    assert table.loc["all", "upsell_probability"] == pytest.approx(0.3)
    assert table.loc["big", "revenue_share"] == pytest.approx(0.75)
    assert np.isnan(table.loc["none", "annual_revenue"]), "nothing known is no zero"
