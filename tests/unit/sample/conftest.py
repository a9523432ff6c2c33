from dataclasses import dataclass

import pandas as pd
import pytest

from standfast.sample.accounts import Roster, found_accounts
from standfast.sample.book import SampleBook, make_sample_book
from standfast.sample.contracts import Contracts, live_contracts
from standfast.sample.health import Health, live_health
from standfast.sample.period import Period
from standfast.sample.subscriptions import contract_rows

SEED = 1


@dataclass(frozen=True)
class Life:
    """What is lived before it is exported."""

    period: Period
    roster: Roster
    health: Health
    contracts: Contracts

    @property
    def rows(self) -> pd.DataFrame:
        return contract_rows(self.contracts)


@pytest.fixture(scope="session")
def book() -> SampleBook:
    return make_sample_book(n_accounts=2000, n_months=24, seed=SEED)


@pytest.fixture(scope="session")
def life() -> Life:
    period = Period(24)
    roster = found_accounts(1500, period=period, seed=SEED)
    health = live_health(roster, period=period, seed=SEED)
    return Life(period, roster, health, live_contracts(roster, health, period=period, seed=SEED))
