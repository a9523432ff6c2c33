"""What the book tells of accounts for a conversation: people, open tickets, the last contact, the past."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from standfast.decision.channel_words import PERSONAL_WORDS, name_channels
from standfast.decision.contact_person import choose_contacts
from standfast.pipelines.look_back import NO_PAST, Past
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.sources import read_frame
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE
from standfast.settings import Settings

if TYPE_CHECKING:
    from standfast.adapters.engine import DuckDbEngine

DAYS_PER_WEEK = 7


def _empty(*columns: str) -> pd.DataFrame:
    return pd.DataFrame(columns=[ACCOUNT_ID, *columns])


@dataclass(frozen=True, eq=False)
class AccountFacts:
    """Facts by account; each frame is empty where the book does not tell.

    Parameters
    ----------
    now
        The features of each account today.
    then
        The same at its last contact, else some weeks back; ``observation_date`` says when.
    contacts
        One person per account to speak with.
    tickets
        One row per open ticket: opened_at, priority, escalated.
    last_contact
        One row per account: the day of the last contact by a person.
    alerts
        One row per open alert: reason, action, opened_on.
    team
        Owners with their skills.
    """

    now: pd.DataFrame = field(default_factory=_empty)
    then: pd.DataFrame = field(default_factory=lambda: _empty(OBSERVATION_DATE))
    contacts: pd.DataFrame = field(
        default_factory=lambda: choose_contacts(_empty(), as_of=None, sponsor_roles=())
    )
    tickets: pd.DataFrame = field(default_factory=lambda: _empty("opened_at", "priority", "escalated"))
    last_contact: pd.DataFrame = field(default_factory=lambda: _empty("day"))
    alerts: pd.DataFrame = field(default_factory=lambda: _empty("reason", "action", "opened_on"))
    team: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["owner", "skills"]))


def gather_facts(
    observed: ObservedBook | None,
    accounts: Sequence[str],
    *,
    settings: Settings,
    past: Past = NO_PAST,
) -> AccountFacts:
    """Give what is known of the accounts named; a flat table tells of today only.

    Parameters
    ----------
    observed
        The book as it is now; None where there is only a scores file.
    past
        Open alerts and touches made are taken from it.
    """
    told = AccountFacts() if past.alerts is None else AccountFacts(alerts=past.alerts)
    if observed is None:
        return told
    now = observed.current.assign(**{ACCOUNT_ID: observed.current[ACCOUNT_ID].astype(str)})
    now = now[now[ACCOUNT_ID].isin(list(accounts))]
    if observed.is_flat or observed.as_of is None:
        return AccountFacts(now=now, alerts=told.alerts, team=_team(settings))
    return _from_tables(now, observed.as_of, accounts, settings=settings, past=past, alerts=told.alerts)


def _from_tables(
    now: pd.DataFrame,
    as_of: date,
    accounts: Sequence[str],
    *,
    settings: Settings,
    past: Past,
    alerts: pd.DataFrame,
) -> AccountFacts:
    from standfast.pipelines.engines import open_duckdb  # noqa: PLC0415  (DuckDB only where it is needed)

    with open_duckdb(settings) as engine:
        people = _rows(engine, settings, "contacts", accounts)
        tickets = _rows(engine, settings, "tickets", accounts)
    made = _empty("day", "channel") if past.made is None else past.made
    last = _last_contact(made[made[ACCOUNT_ID].isin(list(accounts))], as_of)
    return AccountFacts(
        now=now,
        then=_then(accounts, last, as_of, settings),
        contacts=choose_contacts(people, as_of=as_of, sponsor_roles=settings.snapshots.sponsor_roles),
        tickets=_open_tickets(tickets, as_of),
        last_contact=last,
        alerts=alerts,
        team=_team(settings),
    )


def _rows(engine: "DuckDbEngine", settings: Settings, name: str, accounts: Sequence[str]) -> pd.DataFrame:
    """Give the rows of a table that are about these accounts; none where the book has no such table."""
    from standfast.pipelines.load import rows_if_any  # noqa: PLC0415  (DuckDB only where it is needed)

    table = rows_if_any(engine, settings, name)
    if table is None:
        return _empty()
    rows: pd.DataFrame = engine.fetched(table.filter(table[ACCOUNT_ID].isin(list(accounts)))).to_pandas()
    return rows.assign(**{ACCOUNT_ID: rows[ACCOUNT_ID].astype(str)})


def _team(settings: Settings) -> pd.DataFrame:
    if "team" not in settings.book.tables:
        return AccountFacts().team
    own = {column: name for name, column in settings.columns.of("team").items()}
    return read_frame(settings, "team").rename(columns=own).reindex(columns=["owner", "skills"])


def _open_tickets(tickets: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Give the tickets opened before the day and not closed by then, the oldest first."""
    told = tickets.reindex(columns=[ACCOUNT_ID, "opened_at", "closed_at", "priority", "escalated"])
    opened, closed, day = (
        pd.to_datetime(told["opened_at"]),
        pd.to_datetime(told["closed_at"]),
        pd.Timestamp(as_of),
    )
    is_open = (opened < day) & (closed.isna() | (closed >= day))
    kept = told[is_open].sort_values([ACCOUNT_ID, "opened_at"], kind="stable", ignore_index=True)
    return kept[[ACCOUNT_ID, "opened_at", "priority", "escalated"]]


def _last_contact(touches: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Give the last day before the date on which a person was in touch."""
    told = touches.reindex(columns=[ACCOUNT_ID, "day", "channel"])
    by_person = told["channel"].isna() | name_channels(told["channel"]).isin(set(PERSONAL_WORDS.values()))
    past = told[by_person & (pd.to_datetime(told["day"]) < pd.Timestamp(as_of))]
    return past.groupby(ACCOUNT_ID)["day"].max().reset_index()


def _then(accounts: Sequence[str], last: pd.DataFrame, as_of: date, settings: Settings) -> pd.DataFrame:
    """Give each account as it was at the newest weekly look before its last contact, or some weeks back."""
    from standfast.pipelines.events import observe_accounts  # noqa: PLC0415  (DuckDB only where it is needed)

    policy = settings.agenda
    days_ago = (pd.Timestamp(as_of) - pd.to_datetime(last.set_index(ACCOUNT_ID)["day"])).dt.days
    weeks = -(-days_ago.reindex(list(accounts)) // DAYS_PER_WEEK)
    usual = -(-policy.compare_days // DAYS_PER_WEEK)
    weeks = weeks.where(weeks <= policy.look_back_weeks, usual).clip(lower=1).astype(int)
    if weeks.empty:
        return _empty(OBSERVATION_DATE)
    looks = {int(week): as_of - timedelta(days=int(week) * DAYS_PER_WEEK) for week in weeks.unique()}
    past = observe_accounts(settings, accounts, dates=sorted(looks.values()))
    wanted = pd.DataFrame(
        {ACCOUNT_ID: weeks.index, OBSERVATION_DATE: pd.to_datetime(weeks.map(looks)).to_numpy()}
    )
    past = past.assign(**{OBSERVATION_DATE: pd.to_datetime(past[OBSERVATION_DATE])})
    return past.merge(
        wanted.astype({OBSERVATION_DATE: past[OBSERVATION_DATE].dtype}), on=[ACCOUNT_ID, OBSERVATION_DATE]
    )
