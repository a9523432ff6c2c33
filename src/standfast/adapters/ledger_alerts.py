"""Alerts in the ledger: what each look found open, and so what is new and what has ended since.

Looks lie any number of days apart, and each reads weeks that end at its own date; so the same alert may be
dated some days differently by the next look. It is the same one where the account has not been seen without
it in between, and it keeps the day and the words it had first.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_rows import insert_frame, read_rows
from standfast.adapters.ledger_tables import ALERT_LOOKS, ALERTS

_WHICH = ["account_id", "type"]
_WEEK = pd.Timedelta(days=7)
OPEN_ALERT_COLUMNS = (
    "account_id", "type", "severity", "owner_function", "reason", "action", "opened_on", "first_seen_on",
    "seen_on",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Look:
    """What a look found against the look before it.

    Parameters
    ----------
    since
        Date of the newest look strictly before this one; None at the first, where every alert is new.
    new, closed
        ``account_id`` and ``type`` of what was not open then and is now, and of what was open and is not.
    is_kept
        Whether the ledger was written; not where a look at a later date is there.
    """

    since: date | None
    new: pd.DataFrame
    closed: pd.DataFrame
    is_kept: bool


def sync_alerts(ledger: Ledger, alerts: pd.DataFrame, *, as_of: date) -> Look:
    """Bring what is open to where a look at ``as_of`` finds it, and tell what has changed since the last.

    Doing it again tells the same: it is the look before that date that counts. A look at an earlier date than
    the newest changes nothing.

    Parameters
    ----------
    alerts
        Every alert of the history, as ``raise_alerts`` gives them; ``closed_on`` is empty while one is open.
    """
    is_open = alerts["closed_on"].isna()
    with ledger.writing() as connection:
        newest, since = _looks(connection, ledger.book, before=as_of)
        if newest is not None and newest > as_of:
            return _without_writing(connection, ledger.book, alerts[is_open], since=since)
        _close_and_see(connection, ledger.book, alerts, as_of=as_of)
        _add(connection, ledger.book, alerts[is_open], as_of=as_of)
        _note_look(connection, ledger.book, n_open=int(is_open.sum()), as_of=as_of)
        there = _read(connection, ledger.book)
    still = there["closed_on"].isna()
    is_new = still if since is None else still & (there["first_seen_on"] > pd.Timestamp(since))
    has_ended = ~still & (there["seen_on"] == pd.Timestamp(since or as_of)) & (since is not None)
    return Look(since, _named(there[is_new]), _named(there[has_ended]), is_kept=True)


def open_alerts(ledger: Ledger, *, account_id: str | None = None) -> pd.DataFrame:
    """Give the alerts that the newest look found open, of one account or of all, by account."""
    wanted = _of_book(ledger.book).where(ALERTS.c.closed_on.is_(None))
    if account_id is not None:
        wanted = wanted.where(ALERTS.c.account_id == account_id)
    with ledger.reading() as connection:
        found = read_rows(connection, wanted.order_by(ALERTS.c.account_id, ALERTS.c.opened_on, ALERTS.c.type))
    return found[list(OPEN_ALERT_COLUMNS)]


def told_alerts(ledger: Ledger) -> pd.DataFrame:
    """Give all alerts that looks ever found: account, type, and the day each was opened on."""
    wanted = sa.select(ALERTS.c.account_id, ALERTS.c.type, ALERTS.c.opened_on)
    with ledger.reading() as connection:
        return read_rows(connection, wanted.where(ALERTS.c.book == ledger.book).order_by(ALERTS.c.alert_id))


def last_look(ledger: Ledger) -> date | None:
    """Give the date of the newest look for alerts; None where nobody has looked."""
    with ledger.reading() as connection:
        newest: date | None = connection.execute(
            sa.select(sa.func.max(ALERT_LOOKS.c.as_of)).where(ALERT_LOOKS.c.book == ledger.book)
        ).scalar_one()
    return newest


def _looks(connection: sa.Connection, book: str, *, before: date) -> tuple[date | None, date | None]:
    """Give the dates of the newest look of all, and of the newest before ``before``."""
    newest = sa.select(sa.func.max(ALERT_LOOKS.c.as_of)).where(ALERT_LOOKS.c.book == book)
    return (
        connection.execute(newest).scalar_one(),
        connection.execute(newest.where(ALERT_LOOKS.c.as_of < before)).scalar_one(),
    )


def _without_writing(
    connection: sa.Connection, book: str, found: pd.DataFrame, *, since: date | None
) -> Look:
    """Tell what is new at a date that later looks have passed, from the dates alone."""
    there = _read(connection, book)
    if since is None:
        return Look(None, _named(found), _named(there[:0]), is_kept=False)
    then, day = there[there["first_seen_on"] <= pd.Timestamp(since)], pd.Timestamp(since)
    open_then = then[then["seen_on"] >= day]
    new, ended = _missing(found, open_then), _missing(open_then, found)
    return Look(since, _named(new), _named(ended), is_kept=False)


def _close_and_see(connection: sa.Connection, book: str, alerts: pd.DataFrame, *, as_of: date) -> None:
    """Close what is open in the ledger and has ended; note of the rest that it was seen."""
    there = _read(connection, book)
    there = there[there["closed_on"].isna()]
    found = alerts[alerts["closed_on"].isna()].set_index(_WHICH)["opened_on"]
    opened = found.reindex(pd.MultiIndex.from_frame(there[_WHICH])).to_numpy()
    is_same = pd.Series(opened, index=there.index) <= there["seen_on"] + _WEEK
    _update(connection, there.loc[is_same, "alert_id"], seen_on=as_of)
    ended = there[~is_same].assign(again_on=pd.to_datetime(opened[~is_same.to_numpy()]))
    if not ended.empty:
        rows = ended.assign(closed_on=_ends(ended, alerts, as_of=as_of))
        for day, same_day in rows.groupby("closed_on"):
            _update(connection, same_day["alert_id"], closed_on=pd.Timestamp(str(day)).date())


def _ends(ended: pd.DataFrame, alerts: pd.DataFrame, *, as_of: date) -> pd.Series:
    """Give the day each alert ended: the one the history tells, else the latest it can have been."""
    closed = alerts[[*_WHICH, "closed_on"]].dropna()
    closings = ended.drop(columns="closed_on").reset_index().merge(closed, on=_WHICH)
    told = closings[closings["closed_on"] > closings["seen_on"] - _WEEK].groupby("index")["closed_on"].min()
    latest = ended["again_on"].fillna(pd.Timestamp(as_of)).astype("datetime64[s]")
    return told.reindex(ended.index).fillna(latest).clip(upper=latest)


def _add(connection: sa.Connection, book: str, found: pd.DataFrame, *, as_of: date) -> None:
    """Add what was found open and is not there; what was closed under the same day is open again."""
    there = _read(connection, book)
    missing = _missing(found, there[there["closed_on"].isna()])
    days = there.assign(opened_on=there["opened_on"].astype("datetime64[s]"))
    keyed = missing.assign(opened_on=missing["opened_on"].astype("datetime64[s]"))
    known = keyed.merge(days[[*_WHICH, "opened_on", "alert_id"]], on=[*_WHICH, "opened_on"], how="left")
    again = known["alert_id"].notna()
    _update(connection, known.loc[again, "alert_id"].astype(int), closed_on=None, seen_on=as_of)
    new = known[~again].drop(columns=["alert_id", "closed_on"])
    insert_frame(connection, ALERTS, new, book=book, first_seen_on=as_of, seen_on=as_of)


def _missing(these: pd.DataFrame, those: pd.DataFrame) -> pd.DataFrame:
    """Give the alerts whose account and type are not among the others."""
    others = pd.MultiIndex.from_frame(those[_WHICH].astype("str"))
    return these[~pd.MultiIndex.from_frame(these[_WHICH].astype("str")).isin(others)]


def _note_look(connection: sa.Connection, book: str, *, n_open: int, as_of: date) -> None:
    look = ALERT_LOOKS.c
    connection.execute(sa.delete(ALERT_LOOKS).where(look.book == book, look.as_of == as_of))
    row = {"book": book, "as_of": as_of, "n_open": n_open, "looked_at": now()}
    connection.execute(sa.insert(ALERT_LOOKS), row)


def _update(connection: sa.Connection, ids: pd.Series, **values: date | None) -> None:
    rows = [{"this_one": int(number)} for number in ids]
    if rows:
        change = sa.update(ALERTS).where(ALERTS.c.alert_id == sa.bindparam("this_one")).values(values)
        connection.execute(change, rows)


def _of_book(book: str) -> sa.Select[tuple[object, ...]]:
    names = ("alert_id", *OPEN_ALERT_COLUMNS, "closed_on")
    return sa.select(*(ALERTS.c[name] for name in names)).where(ALERTS.c.book == book)


def _read(connection: sa.Connection, book: str) -> pd.DataFrame:
    return read_rows(connection, _of_book(book).order_by(ALERTS.c.alert_id))


def _named(alerts: pd.DataFrame) -> pd.DataFrame:
    return alerts[_WHICH].astype("str").reset_index(drop=True)
