"""Find what those who expanded paid before and after, in the snapshots of a book with events."""

from datetime import timedelta

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, flags, numbers
from standfast.decision.expansion import UpsellShares, learn_upsell_shares
from standfast.pipelines.flat import known_revenue
from standfast.pipelines.observe import ObservedBook
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, OBSERVATION_DATE
from standfast.settings import Settings

_ROOM = ("seat_utilisation", "usage_limit_share")


def upsell_shares_of(observed: ObservedBook, *, settings: Settings) -> UpsellShares | None:
    """Give what an expansion is worth in this book; None for a flat table, which tells no later revenue."""
    if observed.is_flat or not {"expanded", ANNUAL_REVENUE} <= set(observed.snapshots):
        return None
    expansions = changes_of(observed.snapshots, "expanded", settings=settings)
    return learn_upsell_shares(expansions, upsell_share=settings.economics.upsell_share)


def upsell_values_of(rows: pd.DataFrame, revenue: pd.Series, *, shares: UpsellShares | None) -> Floats:
    """Give what an expansion would add a year: told, else learned from those who expanded, else empty."""
    given = known_revenue(pd.Series(numbers(rows, "upsell_value"))).to_numpy()
    if shares is None:
        return given
    return np.where(np.isnan(given), shares.of(rows) * revenue.to_numpy(dtype=np.float64), given)


def changes_of(snapshots: pd.DataFrame, label: str, *, settings: Settings) -> pd.DataFrame:
    """Give a row per account and date that was followed by a change, with revenue after the horizon.

    That is the revenue of the first snapshot after it, at most ``step_days`` later.
    """
    dated = snapshots.assign(**{OBSERVATION_DATE: pd.to_datetime(snapshots[OBSERVATION_DATE])})
    dated = dated.sort_values([OBSERVATION_DATE, ACCOUNT_ID], kind="stable")
    passed = timedelta(days=settings.horizon.lead_days + settings.horizon.horizon_days)
    later = pd.DataFrame(
        {
            ACCOUNT_ID: dated[ACCOUNT_ID],
            OBSERVATION_DATE: dated[OBSERVATION_DATE] - passed,
            "revenue_after": numbers(dated, ANNUAL_REVENUE),
        }
    )
    changed, _ = flags(dated, label)
    columns = [ACCOUNT_ID, OBSERVATION_DATE, ANNUAL_REVENUE, *(name for name in _ROOM if name in dated)]
    joined = pd.merge_asof(
        dated.loc[changed & (numbers(dated, ANNUAL_REVENUE) > 0), columns],
        later[~np.isnan(later["revenue_after"])],
        on=OBSERVATION_DATE,
        by=ACCOUNT_ID,
        direction="forward",
        tolerance=timedelta(days=settings.snapshots.step_days - 1),
    )
    return joined[joined["revenue_after"].notna()]
