"""What is read of an account after its horizon, and what was known of it before."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from standfast.learning.arrays import Floats

OutcomeName = Literal["churned", "expanded", "revenue", "complained"]


@dataclass(frozen=True)
class Outcome:
    """One thing that is read: whether it is a share of accounts or money, and which direction is good."""

    name: OutcomeName
    is_share: bool
    good_sign: int


OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        Outcome("churned", is_share=True, good_sign=-1),
        Outcome("expanded", is_share=True, good_sign=1),
        Outcome("revenue", is_share=False, good_sign=1),
        Outcome("complained", is_share=True, good_sign=-1),
    )
}


def outcome_values(rows: pd.DataFrame, name: OutcomeName) -> Floats:
    """Return the outcome of each row, NaN where it is not known.

    Whoever churned has not expanded: leaving them out would compare those whom each arm happened to keep.
    Revenue is what a year brings at the end less what it brought when the account was drawn.

    Examples
    --------
    >>> rows = pd.DataFrame({"churned": [True, False], "expanded": [None, True],
    ...     "annual_revenue": [100.0, 100.0], "revenue_after": [0.0, 130.0]})
    >>> [outcome_values(rows, name).tolist() for name in ("churned", "expanded", "revenue")]
    [[1.0, 0.0], [0.0, 1.0], [-100.0, 30.0]]
    """
    churned = column(rows, "churned")
    if name == "churned":
        return churned
    if name == "complained":
        return column(rows, "complained")
    if name == "expanded":
        return np.where(churned == 1, 0.0, column(rows, "expanded"))
    after = np.where(churned == 1, 0.0, column(rows, "revenue_after"))
    return after - column(rows, "annual_revenue")


def expected_before(rows: pd.DataFrame, name: OutcomeName) -> Floats:
    """Return what was expected of each row when it was drawn, 0 where that is not known."""
    churn, upsell = column(rows, "churn_probability"), column(rows, "upsell_probability")
    if name == "complained":
        return np.zeros(len(rows))
    if name == "churned":
        return np.nan_to_num(churn)
    growth = np.nan_to_num((1 - np.nan_to_num(churn)) * upsell)
    if name == "expanded":
        return growth
    loss = np.nan_to_num(churn * column(rows, "annual_revenue"))
    return np.asarray(growth * np.nan_to_num(column(rows, "upsell_value")) - loss)


def expected_variance(rows: pd.DataFrame) -> Floats:
    """Return the variance of each row's money as it was expected, with churn at the level its arm came to.

    A book's money hangs on few large accounts, and most tests see hardly one of them leave; what it would
    have cost is known before. 0 where it is not.
    """
    revenue, gain = column(rows, "annual_revenue"), np.nan_to_num(column(rows, "upsell_value"))
    churn, upsell = (
        np.nan_to_num(column(rows, name)) for name in ("churn_probability", "upsell_probability")
    )
    churn = np.minimum(churn * _levels(column(rows, "churned"), churn, rows["arm"]), 0.9)
    growth = (1 - churn) * upsell * (1 - upsell) * gain**2
    return np.asarray(np.nan_to_num(churn * (1 - churn) * (revenue + upsell * gain) ** 2 + growth))


def _levels(churned: Floats, churn: Floats, arm: pd.Series) -> Floats:
    """Return for each row how many times the churn that was expected its arm has had."""
    code, _ = pd.factorize(arm)
    came, expected = (np.bincount(code, weights=np.nan_to_num(told)) for told in (churned, churn))
    return np.asarray(((came + 1) / (expected + 1))[code])


def planned_effect(
    rows: pd.DataFrame, name: OutcomeName, *, relative_reduction: float, complaint_share: float = 0.05
) -> float:
    """Return the effect worth knowing, from what was expected of the first cycle: settled before any outcome.

    NaN where nothing was expected, because no model knows.
    """
    if name == "complained":
        return complaint_share
    cycle = rows["cycle"].to_numpy()
    first = rows if len(rows) == 0 or (cycle == cycle[0]).all() else rows[cycle == cycle.min()]
    if name == "revenue":
        told = column(first, "churn_probability") * column(first, "annual_revenue")
    else:
        told = expected_before(first, name)
    level = float(np.nanmean(told)) if np.isfinite(told).any() else 0.0
    return relative_reduction * level if level > 0 else float("nan")


def column(rows: pd.DataFrame, name: str) -> Floats:
    """Return a column as floats, NaN where a cell is empty or the column is missing."""
    if name not in rows:
        return np.full(len(rows), np.nan)
    told = rows[name]
    if isinstance(told.dtype, np.dtype) and told.dtype.kind in "fbiu":
        return told.to_numpy(dtype=np.float64)
    if told.dtype == object and not _is_number(told):
        told = told.map({True: 1.0, False: 0.0})
    return np.asarray(
        pd.to_numeric(told, errors="coerce").astype("Float64").to_numpy(na_value=np.nan), np.float64
    )


def _is_number(told: pd.Series) -> bool:
    return pd.api.types.infer_dtype(told, skipna=True) in {
        "floating",
        "integer",
        "mixed-integer-float",
        "decimal",
    }
