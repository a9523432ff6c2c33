"""How often each type of alert was right: what followed it in the past, against the base rate (A1)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.alert_policy import AlertPolicy
from standfast.decision.differences import normal_z, wilson_interval
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE


@dataclass(frozen=True)
class PastPrecision:
    """What followed the alerts of one type within the horizon.

    Parameters
    ----------
    outcome
        What the alert warns of: ``churned``, or ``expanded`` for alerts of expansion.
    n_accounts
        Accounts that had such an alert whose outcome is known; each counts once, by its first.
    rate, low, high
        Share of them that the outcome followed, with Wilson's interval; NaN where there is no account.
    base_rate
        The same share among all accounts and dates whose outcome is known.
    """

    type: str
    outcome: str
    n_accounts: int
    n_right: int
    rate: float
    low: float
    high: float
    base_rate: float

    @property
    def is_telling(self) -> bool:
        """Whether the outcome surely followed more often than it does anyway."""
        return self.low > self.base_rate


def past_precision(
    alerts: pd.DataFrame, history: pd.DataFrame, *, policy: AlertPolicy, confidence: float
) -> tuple[PastPrecision, ...]:
    """Return for each type what its past alerts were followed by.

    ``history`` holds ``churned`` and ``expanded`` where they are known; an alert without a known outcome
    says nothing yet.
    """
    keys = [ACCOUNT_ID, OBSERVATION_DATE]
    labels = history.reindex(columns=[*keys, "churned", "expanded"]).astype({ACCOUNT_ID: "str"})
    dated = alerts.rename(columns={"opened_on": OBSERVATION_DATE})
    followed = dated.merge(labels, on=keys, how="left").sort_values(keys, kind="stable")
    return tuple(
        _of_type(followed[followed["type"] == name], labels, name, setting.severity, confidence=confidence)
        for name, setting in policy.enabled.items()
    )


def _of_type(
    alerts: pd.DataFrame, labels: pd.DataFrame, name: str, severity: str, *, confidence: float
) -> PastPrecision:
    outcome = "expanded" if severity == "expansion" else "churned"
    first = alerts[alerts[outcome].notna()].drop_duplicates(ACCOUNT_ID)
    n, right = len(first), int(first[outcome].sum())
    rate, low, high = _share(right, n, confidence=confidence)
    known = labels[outcome].dropna()
    base_rate = float(known.astype(bool).mean()) if len(known) else float("nan")
    return PastPrecision(name, outcome, n, right, rate, low, high, base_rate)


def _share(right: int, n: int, *, confidence: float) -> tuple[float, float, float]:
    if not n:
        return (float("nan"),) * 3
    low, high = wilson_interval(np.array([right / n]), np.array([float(n)]), z=normal_z(confidence))
    return right / n, float(low[0]), float(high[0])
