"""Give the accounts of today the dates that fixed work is planned from; models never see them."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from standfast.adapters.engine import DuckDbEngine
from standfast.features.calendar_dates import human_touch_dates, renewal_dates
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE
from standfast.settings import Settings

if TYPE_CHECKING:
    import ibis.expr.types as ir


def with_calendar_dates(
    current: pd.DataFrame,
    book: "Mapping[str, ir.Table]",
    engine: DuckDbEngine,
    *,
    as_of: date,
    settings: Settings,
) -> pd.DataFrame:
    """Give the rows with those of ``started_on``, ``renews_on``, ``last_human_touch_on`` the book tells."""
    renewals = renewal_dates(
        book,
        as_of=as_of,
        policy=settings.snapshot_policy,
        least_term_days=settings.calendar.least_term_days,
    )
    touched = human_touch_dates(book, as_of=as_of, human_channels=settings.calendar.human_channels)
    if "tenure_days" in current:
        age = pd.to_timedelta(current["tenure_days"], unit="D")
        current = current.assign(started_on=_days(current[OBSERVATION_DATE] - age))
    for table in (renewals, touched):
        if table is not None:
            current = _with_day(current, engine.fetched(table).to_pandas())
    return current


def _with_day(current: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Give the rows with the one date that ``days`` holds per account."""
    known = days.set_index(days[ACCOUNT_ID].astype(str)).drop(columns=ACCOUNT_ID)
    name = str(known.columns[0])
    found = known[name].reindex(current[ACCOUNT_ID].astype(str))
    return current.assign(**{name: _days(found).to_numpy()})


def _days(dates: pd.Series) -> pd.Series:
    return pd.to_datetime(dates).astype("datetime64[us]")
