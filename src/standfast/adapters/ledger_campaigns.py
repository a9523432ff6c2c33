"""Campaigns in the ledger: who is on which list, which list is open, whom another campaign holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import NOBODY, Entry, note_all
from standfast.adapters.ledger_rows import insert_one
from standfast.adapters.ledger_tables import (
    CAMPAIGN_ACCOUNTS,
    CAMPAIGN_GATES,
    CAMPAIGN_RESULTS,
    CAMPAIGNS,
    PLAN_LINES,
    PLANS,
)
from standfast.errors import StateError


@dataclass(frozen=True)
class Campaign:
    """A campaign as it stands; ``terms`` are what was settled at its start."""

    campaign_id: int
    name: str
    offer: str
    started_on: date
    looked_on: date
    stopped_on: date | None
    stop_reason: str | None
    open_list: str
    terms: Mapping[str, Any]

    @property
    def is_live(self) -> bool:
        """Whether nobody has stopped it."""
        return self.stopped_on is None

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists it goes through, the first one first."""
        return tuple(self.terms["lists"])

    @property
    def opened(self) -> tuple[str, ...]:
        """The lists that are open or have been worked."""
        return self.lists[: self.lists.index(self.open_list) + 1]


def add_campaign(
    ledger: Ledger,
    *,
    name: str,
    offer: str,
    as_of: date,
    terms: Mapping[str, Any],
    accounts: pd.DataFrame,
    who: str = NOBODY,
) -> Campaign:
    """Keep a new campaign with its lists, the first of them open.

    Raises
    ------
    StateError
        There is one of that name.
    """
    with ledger.writing() as connection:
        _refuse_taken(_campaigns(connection, ledger.book), name)
        started = {
            "book": ledger.book, "name": name, "offer": offer, "started_on": as_of, "looked_on": as_of,
            "open_list": terms["lists"][0], "terms": dict(terms),
        }  # fmt: skip
        campaign_id = insert_one(connection, CAMPAIGNS, started)
        rows = accounts.reindex(columns=[c.name for c in CAMPAIGN_ACCOUNTS.c]).assign(campaign_id=campaign_id)
        if len(rows):
            connection.execute(sa.insert(CAMPAIGN_ACCOUNTS), plain_rows(rows))
        told = {"name": name, "offer": offer, "n_accounts": len(rows)}
        note_all(connection, ledger.book, [Entry(now(), who, "campaign started", None, told)])
        return next(one for one in _campaigns(connection, ledger.book) if one.campaign_id == campaign_id)


def refuse_taken_name(ledger: Ledger, name: str) -> None:
    """Refuse the name of a campaign that is there, in whatever case, before a book is read for nothing.

    Raises
    ------
    StateError
        There is one of that name.
    """
    _refuse_taken(all_campaigns(ledger), name)


def all_campaigns(ledger: Ledger) -> tuple[Campaign, ...]:
    """Give the campaigns of the book, the oldest first."""
    with ledger.reading() as connection:
        return _campaigns(connection, ledger.book)


def find_campaign(ledger: Ledger, name: str | None, *, live_only: bool = False) -> Campaign:
    """Give the campaign of that name; without one, the only live campaign there is.

    Raises
    ------
    StateError
        There is none, several could be meant, or it was stopped and a live one is asked for.
    """
    campaigns = all_campaigns(ledger)
    if name is None:
        return _the_only_one(campaigns)
    for one in campaigns:
        if one.name.casefold() == name.strip().casefold():
            if live_only and not one.is_live:
                raise StateError(
                    f"campaign {one.name!r} was stopped on {one.stopped_on} ({one.stop_reason}); start "
                    "another with: standfast campaign start NAME --offer TEXT"
                )
            return one
    raise StateError(f"there is no campaign {name!r} in this book; {_known(campaigns)}")


def campaign_accounts(ledger: Ledger, campaign: Campaign) -> pd.DataFrame:
    """Give the campaign's accounts in order, with ``n_contacts``, on how many days each was contacted."""
    table, results = CAMPAIGN_ACCOUNTS, CAMPAIGN_RESULTS
    contacts = (
        sa.select(results.c.account_id, sa.func.count(results.c.day.distinct()).label("n_contacts"))
        .where(results.c.campaign_id == campaign.campaign_id)
        .group_by(results.c.account_id)
        .subquery()
    )
    asked = (
        sa.select(table, sa.func.coalesce(contacts.c.n_contacts, 0).label("n_contacts"))
        .outerjoin(contacts, contacts.c.account_id == table.c.account_id)
        .where(table.c.campaign_id == campaign.campaign_id)
        .order_by(table.c.list, table.c.place)
    )
    with ledger.reading() as connection:
        return read_rows(connection, asked).drop(columns="campaign_id")


def claimed_accounts(ledger: Ledger, *, besides: Campaign | None) -> dict[str, str]:
    """Give the accounts that another live campaign is in touch with, and its name.

    That is who was contacted by it and has neither bought nor refused; and, where it was there first, whom
    it is about to contact.
    """
    mine = besides.campaign_id if besides else None
    with ledger.reading() as connection:
        others = [c for c in _campaigns(connection, ledger.book) if c.is_live and c.campaign_id != mine]
        claims: dict[str, str] = {}
        for other in reversed(others):  # the oldest has the last word
            is_older = mine is None or other.campaign_id < mine
            found = connection.execute(_claims(other, is_older=is_older)).scalars()
            claims |= dict.fromkeys(found, other.name)
    return claims


def held_out_accounts(ledger: Ledger) -> frozenset[str]:
    """Give the accounts that the newest plan of the book held out."""
    newest = sa.select(sa.func.max(PLANS.c.plan_id)).where(PLANS.c.book == ledger.book).scalar_subquery()
    asked = sa.select(PLAN_LINES.c.account_id).where(PLAN_LINES.c.plan_id == newest, PLAN_LINES.c.held_out)
    with ledger.reading() as connection:
        return frozenset(connection.execute(asked).scalars())


def keep_look(ledger: Ledger, campaign: Campaign, *, looked_on: date, reasons: Mapping[str, str]) -> None:
    """Keep why accounts are held back as of a date; whoever is not named is free again."""
    table = CAMPAIGN_ACCOUNTS
    mine = table.c.campaign_id == campaign.campaign_id
    with ledger.writing() as connection:
        connection.execute(sa.update(table).where(mine).values(suppressed_because=None))
        if reasons:
            one = sa.update(table).where(mine, table.c.account_id == sa.bindparam("account"))
            named = [{"account": account, "why": why} for account, why in reasons.items()]
            connection.execute(one.values(suppressed_because=sa.bindparam("why")), named)
        connection.execute(
            sa.update(CAMPAIGNS)
            .where(CAMPAIGNS.c.campaign_id == campaign.campaign_id)
            .values(looked_on=looked_on)
        )


def pass_gate(
    ledger: Ledger,
    campaign: Campaign,
    *,
    opens: str | None,
    verdict: str,
    sentence: str,
    overruled_because: str | None = None,
    who: str = NOBODY,
) -> None:
    """Keep that the gate behind the open list is passed, and open the next one where there is one."""
    gate = {
        "campaign_id": campaign.campaign_id, "list": campaign.open_list, "passed_on": campaign.looked_on,
        "verdict": verdict, "sentence": sentence, "overruled_because": overruled_because,
    }  # fmt: skip
    own = (CAMPAIGN_GATES.c.campaign_id == campaign.campaign_id, CAMPAIGN_GATES.c.list == campaign.open_list)
    with ledger.writing() as connection:
        if connection.execute(sa.select(CAMPAIGN_GATES).where(*own)).first():
            return  # somebody else was quicker
        connection.execute(sa.insert(CAMPAIGN_GATES).values(gate))
        if opens:
            connection.execute(
                sa.update(CAMPAIGNS)
                .where(CAMPAIGNS.c.campaign_id == campaign.campaign_id)
                .values(open_list=opens)
            )
        told = {"name": campaign.name, **{key: gate[key] for key in ("list", "verdict", "overruled_because")}}
        note_all(connection, ledger.book, [Entry(now(), who, "campaign gate passed", None, told)])


def passed_gates(ledger: Ledger, campaign: Campaign) -> pd.DataFrame:
    """Give the gates that were passed: list, date, verdict and what was said."""
    asked = sa.select(CAMPAIGN_GATES).where(CAMPAIGN_GATES.c.campaign_id == campaign.campaign_id)
    with ledger.reading() as connection:
        return read_rows(connection, asked.order_by(CAMPAIGN_GATES.c.list)).drop(columns="campaign_id")


def end_campaign(
    ledger: Ledger, campaign: Campaign, *, reason: str, stopped_on: date, who: str = NOBODY
) -> None:
    """Keep that a campaign is stopped, and why."""
    with ledger.writing() as connection:
        connection.execute(
            sa.update(CAMPAIGNS)
            .where(CAMPAIGNS.c.campaign_id == campaign.campaign_id)
            .values(stopped_on=stopped_on, stop_reason=reason)
        )
        told = {"name": campaign.name, "reason": reason}
        note_all(connection, ledger.book, [Entry(now(), who, "campaign stopped", None, told)])


def read_rows(connection: sa.Connection, asked: sa.Select[Any]) -> pd.DataFrame:
    """Give what was asked for as a frame that has its columns without a row, too."""
    found = connection.execute(asked)
    return pd.DataFrame(found.fetchall(), columns=list(found.keys()))


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give rows as a database takes them: None for what is not known."""
    objects = frame.astype(object)
    return [
        {str(key): value for key, value in row.items()}
        for row in objects.where(frame.notna(), None).to_dict("records")
    ]


def _campaigns(connection: sa.Connection, book: str) -> tuple[Campaign, ...]:
    found = connection.execute(
        sa.select(CAMPAIGNS).where(CAMPAIGNS.c.book == book).order_by(CAMPAIGNS.c.campaign_id)
    )
    return tuple(
        Campaign(**{key: value for key, value in row.items() if key != "book"}) for row in found.mappings()
    )


def _claims(other: Campaign, *, is_older: bool) -> sa.Select[Any]:
    table, results = CAMPAIGN_ACCOUNTS, CAMPAIGN_RESULTS
    theirs = sa.select(results.c.account_id).where(results.c.campaign_id == other.campaign_id)
    answered = theirs.where(results.c.result.in_(("sale", "refused")))
    is_next = table.c.list.in_(other.opened) & table.c.suppressed_because.is_(None)
    is_held = sa.or_(table.c.account_id.in_(theirs), is_next if is_older else sa.false())
    return sa.select(table.c.account_id).where(
        table.c.campaign_id == other.campaign_id, is_held, table.c.account_id.not_in(answered)
    )


def _refuse_taken(campaigns: tuple[Campaign, ...], name: str) -> None:
    for other in campaigns:
        if other.name.casefold() == name.casefold():
            raise StateError(
                f"there is a campaign {other.name!r} already, started on {other.started_on}; "
                "choose another name, or go on with: standfast campaign next NAME"
            )


def _the_only_one(campaigns: tuple[Campaign, ...]) -> Campaign:
    live = [one for one in campaigns if one.is_live]
    if len(live) == 1:
        return live[0]
    if not live:
        raise StateError(f"no campaign is live; {_known(campaigns)}")
    raise StateError(f"{len(live)} campaigns are live; name one of {[one.name for one in live]}")


def _known(campaigns: tuple[Campaign, ...]) -> str:
    if not campaigns:
        return "start one with: standfast campaign start NAME --offer TEXT"
    return f"known: {[one.name for one in campaigns][-5:]}"
