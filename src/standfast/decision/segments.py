"""What each segment of the matrix holds, and what its accounts are worth over their lifetime."""

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, codes_of, numbers
from standfast.decision.glossary import segment_meanings
from standfast.decision.lifetime import add_lifetime_value
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.reward import Economics, annual_churn


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
    members = [place == number for number in range(n)]
    return add_lifetime_value(table, scores, members, economics=economics, horizon_days=horizon_days)


def _sum(place: np.ndarray, money: Floats, n: int) -> Floats:
    known = (place >= 0) & ~np.isnan(money)
    return np.bincount(place[known], weights=money[known], minlength=n).astype(np.float64)


def _mean(place: np.ndarray, values: Floats, n: int) -> Floats:
    """Return the mean of what is known per segment; NaN where nothing is."""
    n_known = np.bincount(place[(place >= 0) & ~np.isnan(values)], minlength=n)
    return _sum(place, values, n) / np.where(n_known > 0, n_known, np.nan)
