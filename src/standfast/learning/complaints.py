"""Who complained after being drawn: a guardrail of tests, where it is recorded."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from standfast.schema import ACCOUNT_ID


def with_complaints(
    rows: pd.DataFrame, touches: pd.DataFrame, *, complaints: Sequence[str], horizon_days: int
) -> pd.DataFrame:
    """Return the rows with ``complained``, if any touch ever had such an outcome; else as they are.

    Examples
    --------
    >>> day = pd.Timestamp("2026-01-01")
    >>> rows = pd.DataFrame({"account_id": ["a", "b"], "cycle": day})
    >>> touches = pd.DataFrame({"account_id": ["b"], "day": day, "outcome": ["Unsubscribed"]})
    >>> with_complaints(rows, touches, complaints=["unsubscribed"], horizon_days=90)["complained"].tolist()
    [0.0, 1.0]
    """
    told = {word.casefold() for word in complaints}
    cried = touches[touches["outcome"].astype("str").str.strip().str.casefold().isin(told)]
    if cried.empty:
        return rows
    drawn = pd.DataFrame(
        {
            "row": np.arange(len(rows)),
            ACCOUNT_ID: rows[ACCOUNT_ID].astype("str").to_numpy(),
            "cycle": pd.to_datetime(rows["cycle"]).to_numpy(),
        }
    )
    met = drawn.merge(cried.assign(**{ACCOUNT_ID: cried[ACCOUNT_ID].astype("str")}), on=ACCOUNT_ID)
    since = (pd.to_datetime(met["day"]) - met["cycle"]).dt.days
    mine = met.loc[(since >= 0) & (since < horizon_days), "row"].unique()
    return rows.assign(complained=np.isin(drawn["row"], mine).astype(float))
