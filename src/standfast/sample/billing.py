"""Invoices: one per subscription row; those who feel bad pay late."""

import numpy as np
import pandas as pd

from standfast.sample.accounts import Roster
from standfast.sample.health import Health
from standfast.sample.period import NEVER, Period
from standfast.sample.streams import happens, stream
from standfast.sample.subscriptions import term_end

PAYMENT_TERM_DAYS = 30


def invoices_table(
    rows: pd.DataFrame, *, roster: Roster, health: Health, period: Period, seed: int
) -> pd.DataFrame:
    """Give the invoices: a row's amount (an upgrade's rise) up to its term's end, due after thirty days.

    Rows imported on day 0 were billed by the system before.
    """
    rng = stream(seed, "invoices")
    account, issued = rows["account"].to_numpy(), rows["day"].to_numpy()
    felt = health.level[account, period.month_of(issued)]
    punctual = stream(seed, "punctuality").normal(0.0, 6.0, roster.n_accounts)
    delay = punctual[account] - 8.0 * felt + rng.normal(0.0, 8.0, len(rows))
    paid = np.maximum(issued + 1, np.round(issued + PAYMENT_TERM_DAYS - 4.0 + delay)).astype(np.int64)
    unpaid = happens(0.004, issued.shape, rng)
    days = term_end(rows, roster=roster, period=period) - issued
    charged = rows["amount"].where(rows["kind"].ne("upgrade"), rows["amount"].diff())
    invoices = pd.DataFrame(
        {
            "account_id": roster.account_id[account],
            "issued_on": period.dates(issued),
            "due_on": period.dates(issued + PAYMENT_TERM_DAYS, until_end=False),
            "paid_on": period.dates(np.where(unpaid, NEVER, paid)),
            "amount": (charged * days / 365.25).round(2),
        }
    )
    billed = invoices[rows["kind"].ne("import")].reset_index(drop=True)
    billed.insert(0, "invoice_id", [f"INV{number:07d}" for number in range(1, len(billed) + 1)])
    return billed
