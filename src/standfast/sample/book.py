"""The sample book: ten tables of a made-up B2B software company, and the truth behind them."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.errors import InputError
from standfast.sample.accounts import Roster, accounts_table, found_accounts
from standfast.sample.billing import invoices_table
from standfast.sample.care import touches_table
from standfast.sample.contracts import Contracts, live_contracts
from standfast.sample.dirt import soil
from standfast.sample.health import Health, live_health
from standfast.sample.people import contact_book, contacts_table, team_table
from standfast.sample.period import Period
from standfast.sample.selling import opportunities_table
from standfast.sample.subscriptions import contract_rows, subscriptions_table
from standfast.sample.support import surveys_table, tickets_table
from standfast.sample.truth import truth_table
from standfast.sample.usage import usage_table

EVENT_COLUMNS = {
    "subscriptions": ("started_on", "ended_on"),
    "invoices": ("issued_on", "paid_on"),
    "usage": ("day",),
    "tickets": ("opened_at", "closed_at"),
    "surveys": ("answered_at",),
    "contacts": ("joined_on", "left_on"),
    "touches": ("day",),
    "opportunities": ("opened_on", "closed_on"),
}
"""Columns that say when something happened (``due_on`` and ``renews_on`` look ahead)."""


@dataclass(frozen=True)
class SampleBook:
    """The tables by name, the truth no export holds, and the day after the last event."""

    tables: dict[str, pd.DataFrame]
    truth: pd.DataFrame
    as_of: dt.date


def make_sample_book(*, n_accounts: int = 2000, n_months: int = 24, seed: int = 1) -> SampleBook:
    """Give a book of ``n_accounts`` lived for ``n_months`` up to the end of 2025; the same for the same seed.

    Raises
    ------
    InputError
        When there would be no account or no month, or the seed is negative.
    """
    if n_accounts < 1 or n_months < 1:
        raise InputError(
            f"a sample book needs at least 1 account and 1 month, not {n_accounts} and {n_months}; "
            "give --accounts and --months 1 or more"
        )
    if seed < 0:
        raise InputError(
            f"the seed of a sample book is a whole number from 0 up, not {seed}; give another --seed"
        )
    period = Period(n_months)
    roster = found_accounts(n_accounts, period=period, seed=seed)
    health = live_health(roster, period=period, seed=seed)
    contracts = live_contracts(roster, health, period=period, seed=seed)
    tables = soil(_tables(roster, health, contracts, period=period, seed=seed), seed=seed)
    truth = truth_table(roster, contracts, health, period=period)
    return SampleBook(tables, truth, _day_after_last_event(tables))


def _tables(
    roster: Roster, health: Health, contracts: Contracts, *, period: Period, seed: int
) -> dict[str, pd.DataFrame]:
    """Export each table from what was lived, still clean."""
    rows = contract_rows(contracts)
    people = contact_book(roster, health, period=period, seed=seed)
    lived = (roster, contracts, health)
    everyone = np.arange(roster.n_accounts)
    active = contracts.alive(everyone, np.full(roster.n_accounts, period.n_days - 1))
    return {
        "accounts": accounts_table(roster, plan=contracts.plan, active=active, period=period, seed=seed),
        "subscriptions": subscriptions_table(rows, roster=roster, period=period),
        "invoices": invoices_table(rows, roster=roster, health=health, period=period, seed=seed),
        "usage": usage_table(*lived, period=period, seed=seed),
        "tickets": tickets_table(*lived, period=period, seed=seed),
        "surveys": surveys_table(*lived, people, period=period, seed=seed),
        "contacts": contacts_table(people, roster=roster, period=period),
        "touches": touches_table(*lived, people, period=period, seed=seed),
        "opportunities": opportunities_table(
            rows, roster=roster, contracts=contracts, period=period, seed=seed
        ),
        "team": team_table(roster, seed=seed),
    }


def _day_after_last_event(tables: dict[str, pd.DataFrame]) -> dt.date:
    """Find the newest event of all tables."""
    newest = [tables[table][list(columns)].max().max() for table, columns in EVENT_COLUMNS.items()]
    last = pd.Timestamp(max(moment for moment in newest if pd.notna(moment)))
    return last.date() + dt.timedelta(days=1)
