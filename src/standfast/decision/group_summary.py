"""What groups of accounts hold: accounts, revenue, likely churn and expansion, revenue at risk."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from standfast.decision.columns import Bools, Floats, numbers


def summarise_groups(
    scores: pd.DataFrame, members: Sequence[Bools], names: Sequence[str], *, title: str
) -> pd.DataFrame:
    """Return one row per group, which may overlap: sums of money, means of probabilities.

    A mean is empty where nothing is known of the group, and so is a sum.

    Examples
    --------
    >>> book = pd.DataFrame({"annual_revenue": [100.0, 300.0], "churn_probability": [0.1, None]})
    >>> table = summarise_groups(book, [np.array([True, True])], ["all"], title="group")
    >>> table[["group", "n_accounts", "annual_revenue", "churn_probability"]].values.tolist()
    [['all', 2, 400.0, 0.1]]
    """
    columns = {
        name: numbers(scores, name)
        for name in ("annual_revenue", "churn_probability", "upsell_probability", "revenue_at_risk",
                     "expected_upsell")
    }  # fmt: skip
    total = float(np.nansum(columns["annual_revenue"])) or np.nan
    rows = [
        {
            title: name,
            "n_accounts": int(is_in.sum()),
            "annual_revenue": _sum(columns["annual_revenue"][is_in]),
            "revenue_share": _sum(columns["annual_revenue"][is_in]) / total,
            "churn_probability": _mean(columns["churn_probability"][is_in]),
            "upsell_probability": _mean(columns["upsell_probability"][is_in]),
            "revenue_at_risk": _sum(columns["revenue_at_risk"][is_in]),
            "expected_upsell": _sum(columns["expected_upsell"][is_in]),
        }
        for name, is_in in zip(names, members, strict=True)
    ]
    return pd.DataFrame(rows)


def _sum(values: Floats) -> float:
    known = np.sort(values[~np.isnan(values)])  # sorted: the sum must not depend on the order of the rows
    return float(known.sum()) if len(known) else float("nan")


def _mean(values: Floats) -> float:
    known = np.sort(values[~np.isnan(values)])
    return float(known.mean()) if len(known) else float("nan")
