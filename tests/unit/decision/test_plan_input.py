"""A stranger's scores: each fault has one message that names it."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.plan_input import check_plan_input
from standfast.errors import InputError


def scores(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": ["a", "b", "c"],
            "churn_probability": [0.0, 0.5, 1.0],
            "upsell_probability": [0.1, 0.2, np.nan],
            "annual_revenue": [0.0, 10.0, np.nan],
            "upsell_value": [np.nan, 0.0, 5.0],
            **columns,
        }
    )


def test_edges_and_empty_cells_pass():
    check_plan_input(scores())


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"churn_probability": [0.1, 1.2, -0.1]},
            r"'churn_probability' must lie between 0 and 1; 2 .*b \(1.2\), c",
        ),
        ({"upsell_probability": [2.0, 0.1, 0.1]}, r"'upsell_probability' .*a \(2.0\)"),
        (
            {"annual_revenue": [-1.0, 1.0, 1.0]},
            r"'annual_revenue' must be 0 or more and finite; 1 .*a \(-1.0\)",
        ),
        ({"annual_revenue": [np.inf, 1.0, 1.0]}, r"'annual_revenue' .*a \(inf\)"),
        ({"upsell_value": [1.0, -5.0, 1.0]}, r"'upsell_value' .*b \(-5.0\)"),
        ({"gross_margin": [1.5, 0.5, 0.5]}, r"'gross_margin' .*a \(1.5\)"),
        ({"annual_revenue": [np.nan] * 3}, "plan needs annual_revenue"),
        ({"account_id": ["a", "b", "a"]}, r"more than once for 1 accounts, such as \['a'\]"),
        ({"account_id": ["a", None, " "]}, r"empty in 2 rows, first in rows \[2, 3\]"),
        ({"churn_probability": ["low", "0.1", "0.2"]}, r"holds \['low'\]"),
    ],
)
def test_impossible_values_are_named_with_their_accounts(columns, message):
    with pytest.raises(InputError, match=message):
        check_plan_input(scores(**columns))


def test_missing_columns_are_named():
    with pytest.raises(InputError, match=r"lack columns \['churn_probability', 'upsell_value'\]"):
        check_plan_input(scores().drop(columns=["churn_probability", "upsell_value"]))


def test_an_empty_table_is_an_error():
    with pytest.raises(InputError, match="no accounts"):
        check_plan_input(scores().head(0))


def test_at_most_three_accounts_are_shown():
    wrong = pd.concat(
        [scores(account_id=[f"{k}1", f"{k}2", f"{k}3"], churn_probability=[2.0] * 3) for k in "xy"]
    )
    with pytest.raises(InputError, match=r"6 accounts do not: x1 \(2.0\), x2 \(2.0\), x3 \(2.0\)$"):
        check_plan_input(wrong)
