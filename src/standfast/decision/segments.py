"""What each segment of the matrix holds, and what its accounts are worth over their lifetime."""

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, codes_of, numbers
from standfast.decision.glossary import segment_meanings
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.reward import Economics, annual_churn, gross_margins, lifetime_value

CAC_SHARE_OF_LIFETIME = 3
"""LTV:CAC aims at 3:1, so a third of the lifetime value may be spent to win an account (R6)."""


def summarise_segments(
    scores: pd.DataFrame, *, economics: Economics, horizon_days: int, matrix: Matrix = MATRIX
) -> pd.DataFrame:
    """Return one row per segment in order of priority: accounts, revenue, mean probabilities, lifetime value.

    ``lifetime_value`` is per account, from the segment's mean revenue, margin and churn; empty where one of
    them is unknown. ``ltv_to_cac`` is there where accounts cost something to win, and ``is_deprioritised``
    where it is below ``least_ltv_to_cac`` (R6).
    """
    place, n = codes_of(scores, "segment", matrix.segments), len(matrix.segments)
    revenue = numbers(scores, "annual_revenue")
    churn = _mean(place, numbers(scores, "churn_probability"), n)
    total = _sum(place, revenue, n)
    table = pd.DataFrame(
        {
            "segment": matrix.segments,
            "n_accounts": np.bincount(place[place >= 0], minlength=n),
            "annual_revenue": total,
            "revenue_share": total / (total.sum() or np.nan),
            "churn_probability": churn,
            "upsell_probability": _mean(place, numbers(scores, "upsell_probability"), n),
            "annual_churn": annual_churn(churn, horizon_days),
            "meaning": list(segment_meanings(matrix).values()),
        }
    )
    margin = _mean(place, gross_margins(scores, economics=economics), n)
    worth = lifetime_value(_mean(place, revenue, n), table["annual_churn"].to_numpy(), margin)
    table = table.assign(lifetime_value=worth, allowed_acquisition_cost=worth / CAC_SHARE_OF_LIFETIME)
    cost = _acquisition_costs(scores, economics=economics)
    if not (cost > 0).any():
        return table
    ratio = worth / _mean(place, cost, n)
    return table.assign(ltv_to_cac=ratio, is_deprioritised=ratio < economics.least_ltv_to_cac)


def _acquisition_costs(scores: pd.DataFrame, *, economics: Economics) -> Floats:
    """Return each account's own cost to win, else the setting; NaN where it is zero, which is unknown."""
    own = numbers(scores, "acquisition_cost")
    cost = np.where(np.isnan(own), economics.acquisition_cost, own)
    return np.where(cost > 0, cost, np.nan)


def _sum(place: np.ndarray, money: Floats, n: int) -> Floats:
    known = (place >= 0) & ~np.isnan(money)
    return np.bincount(place[known], weights=money[known], minlength=n).astype(np.float64)


def _mean(place: np.ndarray, values: Floats, n: int) -> Floats:
    """Return the mean of what is known per segment; NaN where nothing is."""
    n_known = np.bincount(place[(place >= 0) & ~np.isnan(values)], minlength=n)
    return _sum(place, values, n) / np.where(n_known > 0, n_known, np.nan)
