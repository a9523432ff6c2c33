"""What the ledger knows of an account's alerts, without looking at the book's past again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_alerts import last_look, open_alerts
from standfast.pipelines.book_ledger import reading_ledger
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings


@dataclass(frozen=True)
class KnownAlerts:
    """The alerts of an account that the newest look, at ``looked_on``, found open."""

    looked_on: date
    open: Sequence[Mapping[str, Any]]


def alerts_of(settings: Settings, account_id: str) -> KnownAlerts | None:
    """Give the open alerts of an account; None where nobody has looked for alerts in this book."""
    with reading_ledger(settings) as ledger:
        return None if ledger is None else alerts_in(ledger, account_id)


def alerts_in(ledger: Ledger, account_id: str) -> KnownAlerts | None:
    """Give them from a ledger that is open."""
    looked_on = last_look(ledger)
    if looked_on is None:
        return None
    rows = open_alerts(ledger, account_id=account_id)
    told: list[Mapping[str, Any]] = [
        {str(key): value for key, value in row.items()} for row in rows.to_dict("records")
    ]
    return KnownAlerts(looked_on, told)


def escalated_accounts(alerts: pd.DataFrame | None) -> frozenset[str]:
    """Give the accounts with an open escalation; none where alerts were never looked for."""
    if alerts is None:
        return frozenset()
    return frozenset(alerts.loc[alerts["type"] == "escalations", ACCOUNT_ID].astype("str"))
