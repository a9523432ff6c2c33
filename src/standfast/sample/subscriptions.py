"""The subscriptions table: one row per term or change of a contract, as the billing system holds it."""

import numpy as np
import pandas as pd

from standfast.sample.accounts import PLANS, PRODUCTS, Roster
from standfast.sample.contracts import Contracts
from standfast.sample.period import NEVER, Period
from standfast.sample.streams import Whole


def contract_rows(contracts: Contracts) -> pd.DataFrame:
    """Give the log's openings with the day each ends: that of the account's next entry, else never."""
    log = contracts.events.sort_values(["account", "day"], kind="stable", ignore_index=True)
    later = log["day"].shift(-1)
    followed = log["account"].eq(log["account"].shift(-1))
    rows = log.assign(ends=later.where(followed, NEVER).astype(np.int64), amount=_amount(log))
    return rows[rows["opens"]].reset_index(drop=True)


def subscriptions_table(rows: pd.DataFrame, *, roster: Roster, period: Period) -> pd.DataFrame:
    """Give the export: amounts are per year; an open row has no end; ``renews_on`` is the end of its term."""
    account = rows["account"].to_numpy()
    return pd.DataFrame(
        {
            "account_id": roster.account_id[account],
            "started_on": period.dates(rows["day"]),
            "ended_on": period.dates(rows["ends"]),
            "amount": rows["amount"],
            "plan": np.asarray(PLANS, dtype=object)[rows["plan"]],
            "product": np.asarray(PRODUCTS, dtype=object)[roster.product[account]],
            "seats": rows["seats"].astype(np.int64),
            "renews_on": period.dates(term_end(rows, roster=roster, period=period), until_end=False),
            "auto_renew": roster.auto_renew[account],
            "billing_cycle_day": roster.billing_day[account],
        }
    )


def term_end(rows: pd.DataFrame, *, roster: Roster, period: Period) -> Whole:
    """Day number on which each row's term ends: the first anniversary (or month) after it began."""
    account = rows["account"].to_numpy()
    billing_day, anchor = roster.billing_day[account], rows["anchor"].to_numpy()
    step = np.where(roster.yearly[account], 12, 1)
    dates = period.first_day + rows["day"].to_numpy().astype("timedelta64[D]")
    month = dates.astype("datetime64[M]") - period.first_day.astype("datetime64[M]")
    passed = month.astype(np.int64) - (rows["day"].to_numpy() < period.day_at(month, billing_day))
    due = anchor + step * ((passed - anchor) // step + 1)
    return period.day_at(due, billing_day)


def _amount(log: pd.DataFrame) -> "pd.Series[float]":
    return (log["seats"] * log["seat_price"]).round(2)
