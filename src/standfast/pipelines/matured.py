"""What came of accounts after given days: by the same labels as training, or as people recorded it."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from standfast.pipelines.observe import refuse_no_book
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE
from standfast.settings import Settings

OUTCOME_COLUMNS = ("account_id", "cycle", "is_matured", "churned", "expanded", "revenue_after")
_DAYS_A_YEAR = 365


def outcomes_of_book(
    settings: Settings, cycles: Sequence[date], *, as_of: date | None
) -> tuple[pd.DataFrame, date]:
    """Give a row per account that was active on each day, and the day up to which the book is known.

    ``churned`` and ``expanded`` are the labels that models learn from. ``revenue_after`` is per year at the
    end of the label window, 0 for churners; without contracts what was spent in it, for a year. All are empty
    until they have matured.

    Raises
    ------
    InputError
        A table cannot be read.
    """
    from standfast.features.dates import newest_event  # noqa: PLC0415  (DuckDB only where it is needed)
    from standfast.features.labels import build_outcomes  # noqa: PLC0415  (same)
    from standfast.features.snapshot import collect_snapshots  # noqa: PLC0415  (same)
    from standfast.features.windows import UNITS  # noqa: PLC0415  (same)
    from standfast.pipelines.engines import open_engine  # noqa: PLC0415  (same)
    from standfast.pipelines.load import load_book  # noqa: PLC0415  (same)

    refuse_no_book(settings)
    with open_engine(settings) as engine:
        book = {name: loaded.table for name, loaded in load_book(engine, settings).tables.items()}
        known_until = as_of or newest_event(book) + timedelta(days=1)
        if not cycles:
            return pd.DataFrame(columns=list(OUTCOME_COLUMNS)), known_until
        rows = build_outcomes(
            book, dates=cycles, as_of=known_until, policy=settings.label_policy, churn=settings.churn_policy
        )
        found = collect_snapshots(engine.fetched(rows))
    a_year = _a_year(settings) / UNITS
    kept = found["units_then"].astype("float64") * a_year
    after = kept.where(~found["churned"].fillna(value=False).astype(bool), 0.0)
    told = found.rename(columns={OBSERVATION_DATE: "cycle"}).assign(
        revenue_after=after.where(found["is_matured"].astype(bool)),
        is_matured=found["is_matured"].astype(bool),
    )
    return told[list(OUTCOME_COLUMNS)], known_until


def _a_year(settings: Settings) -> float:
    """Give what money of the labels is multiplied by to be per year."""
    if settings.churn_policy.by == "subscription":
        return settings.units.periods_per_year
    return _DAYS_A_YEAR / settings.horizon.horizon_days


def outcomes_recorded(
    drawn: pd.DataFrame, outcomes: pd.DataFrame, *, settings: Settings, until: date
) -> pd.DataFrame:
    """Give what came of accounts as people recorded it, for a book whose table tells no dates.

    An account of which nothing is recorded is unknown, not kept: whoever stays is recorded as renewed.

    Parameters
    ----------
    drawn
        ``account_id``, ``cycle`` and ``annual_revenue``.
    outcomes
        ``account_id``, ``day``, ``outcome``, ``amount``.
    until
        The day up to which things are recorded.
    """
    horizon = settings.horizon
    cycle = pd.to_datetime(drawn["cycle"])
    opens = cycle + pd.Timedelta(days=horizon.lead_days)
    closes = opens + pd.Timedelta(days=horizon.horizon_days)
    spans = drawn[[ACCOUNT_ID, "annual_revenue"]].assign(
        cycle=cycle, opens=opens, closes=closes, row=np.arange(len(drawn))
    )
    met = spans.merge(outcomes, on=ACCOUNT_ID)
    met = met[(met["day"] >= met["opens"]) & (met["day"] < met["closes"])]
    known, left, grew = (
        spans["row"].isin(met.loc[is_told, "row"])
        for is_told in (met["outcome"].notna(), met["outcome"] == "churned", met["outcome"] == "expanded")
    )
    matured = known & (left | (closes <= pd.Timestamp(until)).to_numpy())
    amount = met[met["outcome"] != "churned"].groupby("row")["amount"].last()
    after = spans["row"].map(amount).fillna(spans["annual_revenue"]).where(~left, 0.0)
    return pd.DataFrame(
        {
            ACCOUNT_ID: spans[ACCOUNT_ID].to_numpy(),
            "cycle": cycle.to_numpy(),
            "is_matured": matured.to_numpy(),
            "churned": left.astype("boolean").where(matured).to_numpy(),
            "expanded": grew.astype("boolean").where(matured & ~left).to_numpy(),
            "revenue_after": after.where(matured).to_numpy(),
        }
    )
