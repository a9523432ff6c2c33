"""What the ledger holds of a book, counted where it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_experiment_tables import ASSIGNMENTS, EXPERIMENTS
from standfast.adapters.ledger_rows import read_rows
from standfast.adapters.ledger_tables import ALERTS, CAMPAIGN_ACCOUNTS, CAMPAIGNS, OUTCOMES, TOUCHES


@dataclass(frozen=True)
class TouchCount:
    """How many touches of how many accounts there are, and of which days."""

    n_touches: int = 0
    n_accounts: int = 0
    first_day: date | None = None
    last_day: date | None = None


def count_touches(ledger: Ledger) -> TouchCount:
    """Count the touches recorded."""
    of = TOUCHES.c
    wanted = sa.select(
        sa.func.count(), sa.func.count(of.account_id.distinct()), sa.func.min(of.day), sa.func.max(of.day)
    ).where(of.book == ledger.book)
    with ledger.reading() as connection:
        return TouchCount(*connection.execute(wanted).one())


def count_outcomes(ledger: Ledger) -> Mapping[str, int]:
    """Count the outcomes recorded, by kind."""
    return _counted(ledger, OUTCOMES.c.outcome, OUTCOMES.c.book == ledger.book)


def count_open_alerts(ledger: Ledger) -> Mapping[str, int]:
    """Count the alerts that the newest look found open, by severity."""
    return _counted(
        ledger, ALERTS.c.severity, sa.and_(ALERTS.c.book == ledger.book, ALERTS.c.closed_on.is_(None))
    )


def list_campaigns(ledger: Ledger) -> pd.DataFrame:
    """Give one row per campaign, in order of their start."""
    of = CAMPAIGNS.c
    wanted = (
        sa.select(
            of.name, of.offer, of.started_on, of.stopped_on, of.open_list,
            sa.func.count(CAMPAIGN_ACCOUNTS.c.account_id).label("n_accounts"),
        )
        .join_from(CAMPAIGNS, CAMPAIGN_ACCOUNTS, isouter=True)
        .where(of.book == ledger.book)
        .group_by(of.campaign_id, of.name, of.offer, of.started_on, of.stopped_on, of.open_list)
        .order_by(of.started_on, of.name)
    )  # fmt: skip
    with ledger.reading() as connection:
        return read_rows(connection, wanted)


def list_experiments(ledger: Ledger) -> pd.DataFrame:
    """Give one row per experiment, in order of their start, with how many accounts it ever drew."""
    of = EXPERIMENTS.c
    wanted = (
        sa.select(
            of.name, of.kind, of.started_on, of.stopped_on,
            sa.func.count(ASSIGNMENTS.c.account_id).label("n_assigned"),
            sa.func.max(ASSIGNMENTS.c.cycle).label("newest_cycle"),
        )
        .join_from(EXPERIMENTS, ASSIGNMENTS, isouter=True)
        .where(of.book == ledger.book)
        .group_by(of.experiment_id, of.name, of.kind, of.started_on, of.stopped_on)
        .order_by(of.started_on, of.name)
    )  # fmt: skip
    with ledger.reading() as connection:
        return read_rows(connection, wanted)


def _counted(ledger: Ledger, column: sa.Column[str], where: sa.ColumnElement[bool]) -> dict[str, int]:
    wanted = sa.select(column, sa.func.count()).where(where).group_by(column).order_by(column)
    with ledger.reading() as connection:
        return {str(name): int(n) for name, n in connection.execute(wanted)}
