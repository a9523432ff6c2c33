"""What an account of a group is worth over its lifetime, and what may be spent to win one (R6)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from standfast.decision.columns import Bools, Floats, numbers
from standfast.decision.reward import Economics, annual_churn, gross_margins, lifetime_value

CAC_SHARE_OF_LIFETIME = 3
"""LTV:CAC aims at 3:1, so a third of the lifetime value may be spent to win an account (R6)."""


def add_lifetime_value(
    table: pd.DataFrame,
    scores: pd.DataFrame,
    members: Sequence[Bools],
    *,
    economics: Economics,
    horizon_days: int,
) -> pd.DataFrame:
    """Return the table of groups with ``lifetime_value`` and ``allowed_acquisition_cost`` per account.

    They come from a group's mean revenue, margin and churn, and are empty where one of them is unknown.
    ``ltv_to_cac`` is there where accounts cost something to win, and ``is_deprioritised`` where it is below
    ``least_ltv_to_cac``.

    Parameters
    ----------
    table
        One row per group, in the order of ``members``, which say who of ``scores`` is in it.

    Examples
    --------
    >>> book = pd.DataFrame({"annual_revenue": [1000.0, 3000.0], "churn_probability": [0.2, 0.4]})
    >>> told = add_lifetime_value(pd.DataFrame({"group": ["all"]}), book, [np.array([True, True])],
    ...                           economics=Economics(acquisition_cost=1000.0), horizon_days=365)
    >>> told.round(2).to_dict("records")
    [{'group': 'all', 'lifetime_value': 5333.33, 'allowed_acquisition_cost': 1777.78, 'ltv_to_cac': 5.33,
    'is_deprioritised': False}]
    """
    worth = lifetime_value(
        _means(numbers(scores, "annual_revenue"), members),
        annual_churn(_means(numbers(scores, "churn_probability"), members), horizon_days),
        _means(gross_margins(scores, economics=economics), members),
    )
    told = table.assign(lifetime_value=worth, allowed_acquisition_cost=worth / CAC_SHARE_OF_LIFETIME)
    cost = _acquisition_costs(scores, economics=economics)
    if not (cost > 0).any():
        return told
    ratio = worth / _means(cost, members)
    return told.assign(ltv_to_cac=ratio, is_deprioritised=ratio < economics.least_ltv_to_cac)


def _acquisition_costs(scores: pd.DataFrame, *, economics: Economics) -> Floats:
    """Return each account's own cost to win, else the setting; NaN where it is zero, which is unknown."""
    own = numbers(scores, "acquisition_cost")
    cost = np.where(np.isnan(own), economics.acquisition_cost, own)
    return np.where(cost > 0, cost, np.nan)


def _means(values: Floats, members: Sequence[Bools]) -> Floats:
    """Return the mean of what is known in each group; NaN where nothing is."""
    known = [np.sort(values[is_in & ~np.isnan(values)]) for is_in in members]  # sorted: no order in the sum
    return np.array([part.mean() if len(part) else np.nan for part in known], dtype=np.float64)
