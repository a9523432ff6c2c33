"""What has happened to accounts lately, as columns that fixed work is planned from."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from standfast.decision.columns import Ints
from standfast.decision.response import Response
from standfast.decision.touch_rows import CHANNELS
from standfast.schema import ACCOUNT_ID


def with_last_touch(
    scores: pd.DataFrame, touches: pd.DataFrame, *, human_channels: Collection[str]
) -> pd.DataFrame:
    """Return the scores with ``last_human_touch_on``: the newest call or visit there or in ``touches``.

    Without any touch and without the column nothing is known of the past, and the scores stay as they are.

    Examples
    --------
    >>> made = pd.DataFrame({"account_id": ["a"], "day": ["2026-01-05"], "channel": ["call"]})
    >>> book = pd.DataFrame({"account_id": ["a", "b"]})
    >>> with_last_touch(book, made, human_channels=["call"])["last_human_touch_on"].dt.date.tolist()
    [datetime.date(2026, 1, 5), NaT]
    """
    if touches.empty:
        return scores
    human = touches[touches["channel"].astype("str").str.strip().str.lower().isin(list(human_channels))]
    newest = pd.to_datetime(human["day"], errors="coerce").groupby(human[ACCOUNT_ID].astype(str)).max()
    found = pd.to_datetime(scores[ACCOUNT_ID].astype(str).map(newest)).astype("datetime64[us]")
    if "last_human_touch_on" in scores:
        known = pd.to_datetime(scores["last_human_touch_on"], errors="coerce").astype("datetime64[us]")
        found = found.where(known.isna() | (found > known), known)
    return scores.assign(last_human_touch_on=found)


def with_risk_alerts(scores: pd.DataFrame, alerts: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with ``alert_opened_on`` and ``alert_reason`` of each account's newest risk alert.

    ``alerts`` are the open ones: account_id, severity, opened_on, reason.
    """
    risks = alerts[alerts["severity"].astype("str") == "risk"]
    risks = risks.assign(opened_on=pd.to_datetime(risks["opened_on"]), account=risks[ACCOUNT_ID].astype(str))
    risks = risks.sort_values(["opened_on", "reason"], kind="stable")
    newest = risks.drop_duplicates("account", keep="last").set_index("account")
    ids = scores[ACCOUNT_ID].astype(str)
    return scores.assign(
        alert_opened_on=pd.to_datetime(ids.map(newest["opened_on"])).astype("datetime64[us]"),
        alert_reason=ids.map(newest["reason"]).astype("str"),
    )


def fixed_contacts(fixed: pd.DataFrame, account_id: pd.Series, *, response: Response) -> Ints:
    """Return how many contacts fixed work makes with each account; a visit or review counts as two.

    They count against the account's contact cap, as those of outreach do.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["a", "a", "b"], "channel": ["call", "review", "digital"]})
    >>> fixed_contacts(rows, pd.Series(["a", "b", "c"]), response=Response()).tolist()
    [3, 0, 0]
    """
    in_person = response.in_person_contacts
    weights = dict(zip(CHANNELS, (in_person, in_person, 1, 1, 0), strict=True))
    made = fixed["channel"].map(weights).astype("float64").groupby(fixed[ACCOUNT_ID].astype(str)).sum()
    per_account = account_id.astype(str).map(made).fillna(0)
    return np.ceil(per_account.to_numpy(dtype=np.float64)).astype(np.int64)
