"""What came of a campaign's contacts, in the ledger; each contact is a touch there, too (O2)."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import NOBODY, Entry, note_all
from standfast.adapters.ledger_campaigns import Campaign, plain_rows, read_rows
from standfast.adapters.ledger_tables import CAMPAIGN_RESULTS, TOUCHES

KEY = ("account_id", "day", "result")
TOLD = ("channel", "minutes", "direct_cost", "revenue", "note")


@dataclass(frozen=True)
class Recorded:
    """What became of the rows that were to be recorded: new, known already, or told anew."""

    n_new: int
    n_known: int
    n_corrected: int


def campaign_results(ledger: Ledger, campaign: Campaign) -> pd.DataFrame:
    """Give every result of a campaign, the oldest first."""
    asked = sa.select(CAMPAIGN_RESULTS).where(CAMPAIGN_RESULTS.c.campaign_id == campaign.campaign_id)
    with ledger.reading() as connection:
        found = read_rows(connection, asked.order_by(CAMPAIGN_RESULTS.c.day, CAMPAIGN_RESULTS.c.result_id))
    return found.drop(columns=["campaign_id", "result_id", "recorded_at"])


def keep_results(ledger: Ledger, campaign: Campaign, rows: pd.DataFrame, *, who: str = NOBODY) -> Recorded:
    """Keep results and the touches that they are, all of them or none.

    A result is known by account, day and result: told again it is the same one, corrected where it differs.

    Parameters
    ----------
    rows
        ``account_id, day, result, channel, minutes, direct_cost, revenue, note``, each key once.
    """
    with ledger.writing() as connection:
        known = _known(connection, campaign)
        told = plain_rows(rows)
        new = [row for row in told if _key(row) not in known]
        changed = [row for row in told if _key(row) in known and known[_key(row)] != _values(row)]
        _insert(connection, campaign, new)
        _correct(connection, campaign, changed)
        _keep_touches(connection, campaign, ledger.book, {(r["account_id"], r["day"]) for r in new + changed})
        note_all(
            connection, ledger.book, [*_added(new, campaign, who), *_corrected(changed, known, campaign, who)]
        )
    return Recorded(len(new), len(told) - len(new) - len(changed), len(changed))


def _added(new: list[dict[str, Any]], campaign: Campaign, who: str) -> list[Entry]:
    account = new[0]["account_id"] if len(new) == 1 else None
    told = {"name": campaign.name, "n_new": len(new)}
    return [Entry(now(), who, "campaign results recorded", account, told)] if new else []


def _corrected(
    changed: list[dict[str, Any]], known: dict[tuple[Any, ...], tuple[Any, ...]], campaign: Campaign, who: str
) -> list[Entry]:
    """Tell what each result that is told otherwise was before."""
    entries = []
    for row in changed:
        was = dict(zip(TOLD, known[_key(row)], strict=True))
        told = {"name": campaign.name, "was": was, "is": {name: row[name] for name in TOLD}}
        entries.append(Entry(now(), who, "campaign result corrected", row["account_id"], told))
    return entries


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in TOLD)


def _known(connection: sa.Connection, campaign: Campaign) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    asked = sa.select(CAMPAIGN_RESULTS).where(CAMPAIGN_RESULTS.c.campaign_id == campaign.campaign_id)
    return {_key(dict(row)): _values(dict(row)) for row in connection.execute(asked).mappings()}


def _insert(connection: sa.Connection, campaign: Campaign, rows: list[dict[str, Any]]) -> None:
    if rows:
        stamp = {"campaign_id": campaign.campaign_id, "recorded_at": now()}
        connection.execute(sa.insert(CAMPAIGN_RESULTS), [{**row, **stamp} for row in rows])


def _correct(connection: sa.Connection, campaign: Campaign, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    table = CAMPAIGN_RESULTS
    one = sa.update(table).where(
        table.c.campaign_id == campaign.campaign_id,
        *(table.c[name] == sa.bindparam(f"of_{name}") for name in KEY),
    )
    stamp = now()
    changes = [
        {**{f"of_{name}": row[name] for name in KEY}, **{name: row[name] for name in TOLD}, "at": stamp}
        for row in rows
    ]
    told: dict[str, Any] = {name: sa.bindparam(name) for name in TOLD}
    connection.execute(one.values({**told, "recorded_at": sa.bindparam("at")}), changes)


def _keep_touches(
    connection: sa.Connection, campaign: Campaign, book: str, contacts: set[tuple[Any, Any]]
) -> None:
    """Write one touch per account and day of contact, however much came of it, in place of the one before."""
    if not contacts:
        return
    asked = sa.select(CAMPAIGN_RESULTS).where(CAMPAIGN_RESULTS.c.campaign_id == campaign.campaign_id)
    results = read_rows(connection, asked.order_by(CAMPAIGN_RESULTS.c.result_id))
    results = results[pd.MultiIndex.from_frame(results[["account_id", "day"]]).isin(list(contacts))]
    touches = plain_rows(
        _as_touches(results).assign(book=book, play=campaign.name, recorded_at=now(), key=lambda rows: (
            f"campaign {campaign.campaign_id}, " + rows["account_id"] + ", " + rows["day"].astype("str")
        ))
    )  # fmt: skip
    same = sa.delete(TOUCHES).where(TOUCHES.c.book == book, TOUCHES.c.key == sa.bindparam("of_key"))
    connection.execute(same, [{"of_key": touch["key"]} for touch in touches])
    connection.execute(sa.insert(TOUCHES), touches)


def _as_touches(results: pd.DataFrame) -> pd.DataFrame:
    by_contact = results.assign(answered=results["result"] != "none").groupby(
        ["account_id", "day"], sort=True
    )
    touches = by_contact.agg(
        channel=("channel", "last"), minutes=("minutes", "sum"), answered=("answered", "any")
    )
    outcome = touches["answered"].map({True: "reached", False: "none"})
    return touches.drop(columns="answered").assign(outcome=outcome).reset_index()
