"""What the ledger holds of a book: scores, plans, touches, outcomes, alerts, campaigns, experiments."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from standfast.adapters.ledger import describe_ledger
from standfast.adapters.ledger_alerts import last_look
from standfast.adapters.ledger_holdings import (
    TouchCount,
    count_open_alerts,
    count_outcomes,
    count_touches,
    list_campaigns,
    list_experiments,
)
from standfast.adapters.ledger_overrides import all_overrides
from standfast.adapters.ledger_plans import kept_plans
from standfast.adapters.ledger_scores import score_runs
from standfast.pipelines.book_ledger import reading_ledger
from standfast.settings import Settings


@dataclass(frozen=True, eq=False, kw_only=True)
class LedgerView:
    """What the ledger holds of a book.

    Parameters
    ----------
    place
        Its address, without a password.
    plans
        One row per day that a plan was made for: the newest plan of that day.
    looked_on
        Date of the newest look for alerts; None where nobody has looked.
    """

    place: str
    book: str
    is_there: bool
    currency: str
    plans: pd.DataFrame = field(default_factory=pd.DataFrame)
    score_runs: pd.DataFrame = field(default_factory=pd.DataFrame)
    n_overrides: int = 0
    touches: TouchCount = field(default_factory=TouchCount)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    open_alerts: Mapping[str, int] = field(default_factory=dict)
    looked_on: date | None = None
    campaigns: pd.DataFrame = field(default_factory=pd.DataFrame)
    experiments: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {**vars(self), "touches": asdict(self.touches)}


def look_into_ledger(settings: Settings) -> LedgerView:
    """Give what the ledger holds of the book; nothing where there is no ledger yet, and none is made.

    Raises
    ------
    StateError
        The ledger cannot be used.
    """
    place, book = describe_ledger(settings.ledger_address), settings.book_name
    currency = settings.units.currency
    with reading_ledger(settings) as ledger:
        if ledger is None:
            return LedgerView(place=place, book=book, is_there=False, currency=currency)
        return LedgerView(
            place=place,
            book=book,
            is_there=True,
            currency=currency,
            plans=kept_plans(ledger),
            score_runs=score_runs(ledger),
            n_overrides=int(all_overrides(ledger)["ended_at"].isna().sum()),
            touches=count_touches(ledger),
            outcomes=count_outcomes(ledger),
            open_alerts=count_open_alerts(ledger),
            looked_on=last_look(ledger),
            campaigns=list_campaigns(ledger),
            experiments=list_experiments(ledger),
        )
