"""What a scores frame must hold before hours are planned on it; a stranger's file is met here."""

import numpy as np
import pandas as pd

from standfast.decision.columns import Bools, numbers
from standfast.errors import InputError
from standfast.schema import PLAN_NEEDS

PROBABILITIES = ("churn_probability", "upsell_probability")
MONEY = ("annual_revenue", "upsell_value")
_SHOWN = 3


def check_plan_input(scores: pd.DataFrame) -> None:
    """Raise unless a plan can be made of the scores.

    Empty probabilities pass (the plan takes them as zero and says so), and so does an empty ``upsell_value``.

    Raises
    ------
    InputError
        No rows; a needed column is missing; an account_id is empty or comes twice; a probability is outside
        0..1; money is negative or infinite; no account has ``annual_revenue``.
    """
    missing = [name for name in PLAN_NEEDS if name not in scores]
    if missing:
        raise InputError(f"the scores lack columns {missing}; a plan needs {list(PLAN_NEEDS)}")
    if scores.empty:
        raise InputError("the scores hold no accounts; there is nothing to plan")
    _check_ids(scores["account_id"])
    for name in PROBABILITIES:
        p = numbers(scores, name)
        _refuse(scores, name, (p < 0) | (p > 1), must="lie between 0 and 1")
    for name in MONEY:
        money = numbers(scores, name)
        _refuse(scores, name, (money < 0) | np.isinf(money), must="be 0 or more and finite")
    margin = numbers(scores, "gross_margin")
    _refuse(scores, "gross_margin", (margin < 0) | (margin > 1), must="lie between 0 and 1")
    if np.isnan(numbers(scores, "annual_revenue")).all():
        raise InputError(
            "plan needs annual_revenue, and it is empty for every account; give the revenue per account and "
            "year in column 'annual_revenue', or map it under [columns] in standfast.toml"
        )


def _check_ids(ids: pd.Series) -> None:
    """Refuse ids that are empty or come twice."""
    empty = ids.isna() | (ids.astype(str).str.strip() == "")
    if empty.any():
        rows = (np.flatnonzero(empty.to_numpy())[:_SHOWN] + 1).tolist()
        raise InputError(f"account_id is empty in {int(empty.sum())} rows, first in rows {rows}; fill it in")
    twice = ids[ids.duplicated()]
    if len(twice):
        named = twice.astype(str).unique()[:_SHOWN].tolist()
        raise InputError(
            f"account_id comes more than once for {twice.nunique()} accounts, such as {named}; "
            "keep one row per account"
        )


def _refuse(scores: pd.DataFrame, name: str, wrong: Bools, *, must: str) -> None:
    """Raise with the first accounts and values that are wrong."""
    if wrong.any():
        shown = scores.loc[wrong, ["account_id", name]].head(_SHOWN)
        named = ", ".join(f"{account} ({value})" for account, value in shown.itertuples(index=False))
        raise InputError(f"column {name!r} must {must}; {int(wrong.sum())} accounts do not: {named}")
