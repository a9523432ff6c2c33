"""The hidden truth: health, chances and events per account and month, for tests and benchmarks only."""

import numpy as np
import pandas as pd

from standfast.sample.accounts import Roster
from standfast.sample.contracts import Contracts
from standfast.sample.health import Health
from standfast.sample.period import Period


def truth_table(roster: Roster, contracts: Contracts, health: Health, *, period: Period) -> pd.DataFrame:
    """Give one row per account and month.

    ``active``: a contract was in force on the month's first day. ``churn_hazard``, ``expansion_propensity``:
    the chances the month drew from, and ``churned``, ``expanded`` what it drew. ``churned_on``: the account's
    first true churn date; ``returned_on``: the day it came back; ``churned_again_on``: the end of that.
    """
    n_months = period.n_months
    account, month = (axis.ravel() for axis in np.indices(health.level.shape))
    first_end, second_begin = contracts.ends[:, 0][account], contracts.begins[:, 1][account]
    return pd.DataFrame(
        {
            "account_id": roster.account_id[account],
            "month": period.dates(period.month_starts()[month]),
            "active": contracts.alive(account, np.tile(period.month_starts(), roster.n_accounts)),
            "health": health.level.ravel().round(4),
            "churn_hazard": contracts.churn_hazard.ravel().round(6),
            "expansion_propensity": contracts.expansion_propensity.ravel().round(6),
            "churned": contracts.churned.ravel(),
            "expanded": contracts.expanded.ravel(),
            "sponsor_gap": health.sponsor_gap.ravel(),
            "incident": health.incident.ravel().round(3),
            "price_rise": health.price_rise.ravel(),
            "human_touches": health.care.ravel(),
            "seats": contracts.seats.ravel().astype(np.int64),
            "seat_utilisation": contracts.utilisation.ravel().round(4),
            "churned_on": period.dates(first_end),
            "returned_on": period.dates(second_begin),
            "churned_again_on": period.dates(contracts.ends[:, 1][account]),
            "fit": np.repeat(roster.fit, n_months).round(4),
        }
    )
