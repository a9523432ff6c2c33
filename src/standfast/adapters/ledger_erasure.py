"""The right to be forgotten: what the ledger holds of an account, or of a person, goes.

An account's rows are removed. A person's stay under a name that is nobody's, for they tell of accounts, too.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_all_tables import (
    ALERTS,
    ANSWERS,
    API_KEYS,
    ASSIGNMENTS,
    AUDIT,
    CAMPAIGN_ACCOUNTS,
    CAMPAIGN_RESULTS,
    CAMPAIGNS,
    EXPERIMENTS,
    OUTCOMES,
    OVERRIDES,
    PLAN_LINES,
    PLANS,
    SCORED_ACCOUNTS,
    SCORES,
    SNOOZES,
    TOUCHES,
    USERS,
)
from standfast.adapters.ledger_audit import note
from standfast.adapters.ledger_names import name_key

ERASED = "erased"
_OF_ACCOUNT = (TOUCHES, OUTCOMES, ALERTS, OVERRIDES, SNOOZES)
_WHO = (AUDIT.c.who, OVERRIDES.c.made_by, OVERRIDES.c.ended_by, SNOOZES.c.made_by, TOUCHES.c.recorded_by,
        OUTCOMES.c.recorded_by, API_KEYS.c.owner, TOUCHES.c.contact_id, EXPERIMENTS.c.started_by,
        EXPERIMENTS.c.stopped_by)  # fmt: skip


def erase_account(ledger: Ledger, account_id: str, *, who: str) -> Mapping[str, int]:
    """Remove an account everywhere, and give how many rows of which table that was."""
    with ledger.together() as work, work.writing() as connection:
        _overwrite(connection)
        done = {
            table.name: _delete(connection, condition, table)
            for table, condition in _rows(ledger.book, account_id)
        }
        mine = sa.and_(AUDIT.c.book == ledger.book, AUDIT.c.account_id == account_id)
        done["audit"] = _update(connection, sa.update(AUDIT).where(mine), account_id=ERASED, details=None)
        pattern = re.compile(rf"(?<!\w){re.escape(account_id)}(?!\w)")
        done["plans"] = _change_notes(connection, ledger.book, pattern)
        connection.execute(sa.delete(ANSWERS).where(ANSWERS.c.book == ledger.book))
        note(work, who=who, action="account erased", details=done)
    _forget_the_log(ledger)
    return {name: n for name, n in done.items() if n}


def erase_person(ledger: Ledger, name: str, *, who: str) -> Mapping[str, int]:
    """Put a name that is nobody's where a person's stands, remove the user; give how many rows that was."""
    pseudonym = f"{ERASED}-{secrets.token_hex(4)}"
    with ledger.together() as work, work.writing() as connection:
        _overwrite(connection)
        names = _names(connection, ledger.book, name)
        user = sa.and_(USERS.c.book == ledger.book, USERS.c.key == name_key(name))
        done = {"users": _delete(connection, user, USERS)}
        for column in _WHO:
            change = sa.update(column.table).where(column.table.c.book == ledger.book, column.in_(names))
            n = _update(connection, change, **{column.name: pseudonym})
            done[column.table.name] = done.get(column.table.name, 0) + n
        for table, mine in (
            (PLAN_LINES, _plans(ledger.book)),
            (CAMPAIGN_ACCOUNTS, _campaigns(ledger.book)),
            (ASSIGNMENTS, _experiments(ledger.book)),
        ):
            done[table.name] = _update(
                connection, sa.update(table).where(mine, table.c.owner.in_(names)), owner=pseudonym
            )
        for column in (AUDIT.c.details, PLANS.c.summary):
            n = _change_json(connection, ledger.book, column, names, pseudonym)
            done[column.table.name] = done.get(column.table.name, 0) + n
        connection.execute(sa.delete(ANSWERS).where(ANSWERS.c.book == ledger.book))
        note(work, who=pseudonym if who in names else who, action="person erased", details=done)
    _forget_the_log(ledger)
    return {table: n for table, n in done.items() if n}


def is_account(ledger: Ledger, name: str) -> bool:
    """Say whether the ledger holds anything of an account of that id."""
    with ledger.reading() as connection:
        rows = [
            *_rows(ledger.book, name),
            (AUDIT, sa.and_(AUDIT.c.book == ledger.book, AUDIT.c.account_id == name)),
        ]
        return any(_is_there(connection, table, condition) for table, condition in rows)


def is_person(ledger: Ledger, name: str) -> bool:
    """Say whether the ledger knows anybody of that name: a user, an owner, a contact, who did something."""
    with ledger.reading() as connection:
        names = _names(connection, ledger.book, name)
        user = sa.and_(
            USERS.c.book == ledger.book, sa.or_(USERS.c.key == name_key(name), USERS.c.owner == name)
        )
        did = [(c.table, sa.and_(c.table.c.book == ledger.book, c.in_(names))) for c in _WHO]
        owns = [
            (PLAN_LINES, sa.and_(_plans(ledger.book), PLAN_LINES.c.owner == name)),
            (ASSIGNMENTS, sa.and_(_experiments(ledger.book), ASSIGNMENTS.c.owner == name)),
        ]
        return any(_is_there(connection, table, where) for table, where in [(USERS, user), *did, *owns])


def _rows(book: str, account_id: str) -> list[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """Give which rows of which tables are of the account alone, in an order in which they may go."""
    number = sa.select(SCORED_ACCOUNTS.c.account_no).where(
        SCORED_ACCOUNTS.c.book == book, SCORED_ACCOUNTS.c.account_id == account_id
    )
    return [
        (PLAN_LINES, sa.and_(_plans(book), PLAN_LINES.c.account_id == account_id)),
        (CAMPAIGN_ACCOUNTS, sa.and_(_campaigns(book), CAMPAIGN_ACCOUNTS.c.account_id == account_id)),
        (ASSIGNMENTS, sa.and_(_experiments(book), ASSIGNMENTS.c.account_id == account_id)),
        (
            CAMPAIGN_RESULTS,
            sa.and_(_campaigns(book, CAMPAIGN_RESULTS), CAMPAIGN_RESULTS.c.account_id == account_id),
        ),
        *((table, sa.and_(table.c.book == book, table.c.account_id == account_id)) for table in _OF_ACCOUNT),
        (SCORES, SCORES.c.account_no.in_(number)),
        (
            SCORED_ACCOUNTS,
            sa.and_(SCORED_ACCOUNTS.c.book == book, SCORED_ACCOUNTS.c.account_id == account_id),
        ),
    ]


def _names(connection: sa.Connection, book: str, name: str) -> set[str]:
    """Give what a person is called: as told, as the user is spelled, as owner, and at the command line."""
    user = sa.select(USERS.c.name, USERS.c.owner).where(USERS.c.book == book, USERS.c.key == name_key(name))
    found = connection.execute(user).first()
    names = {name, *(found or ())} - {None}
    return {*names, *(f"cli:{one}" for one in names)}


def _plans(book: str) -> sa.ColumnElement[bool]:
    return PLAN_LINES.c.plan_id.in_(sa.select(PLANS.c.plan_id).where(PLANS.c.book == book))


def _campaigns(book: str, table: sa.Table = CAMPAIGN_ACCOUNTS) -> sa.ColumnElement[bool]:
    return table.c.campaign_id.in_(sa.select(CAMPAIGNS.c.campaign_id).where(CAMPAIGNS.c.book == book))


def _experiments(book: str) -> sa.ColumnElement[bool]:
    of_book = sa.select(EXPERIMENTS.c.experiment_id).where(EXPERIMENTS.c.book == book)
    return ASSIGNMENTS.c.experiment_id.in_(of_book)


def _is_there(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> bool:
    found = sa.select(sa.literal(1)).select_from(table).where(condition).limit(1)
    return connection.execute(found).first() is not None


def _delete(connection: sa.Connection, condition: sa.ColumnElement[bool], table: sa.Table) -> int:
    return connection.execute(sa.delete(table).where(condition)).rowcount


def _update(connection: sa.Connection, change: sa.Update, **values: Any) -> int:
    return connection.execute(change.values(**values)).rowcount


def _change_notes(connection: sa.Connection, book: str, pattern: re.Pattern[str]) -> int:
    """Take an account's id out of the notes of plans."""

    def without(value: Any) -> Any:
        if not isinstance(value, dict) or not isinstance(value.get("notes"), list):
            return value
        return {**value, "notes": [pattern.sub(ERASED, str(said)) for said in value["notes"]]}

    return _rewrite(connection, book, PLANS.c.summary, without)


def _change_json(
    connection: sa.Connection, book: str, column: sa.Column[Any], names: set[str], pseudonym: str
) -> int:
    """Put the pseudonym where a text is one of the names."""

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {pseudonym if key in names else key: renamed(one) for key, one in value.items()}
        if isinstance(value, list):
            return [renamed(one) for one in value]
        return pseudonym if isinstance(value, str) and value in names else value

    return _rewrite(connection, book, column, renamed)


def _rewrite(connection: sa.Connection, book: str, column: sa.Column[Any], change: Any) -> int:
    table = column.table
    (number,) = table.primary_key.columns
    found = connection.execute(sa.select(number, column).where(table.c.book == book)).all()
    changed = [(key, new) for key, value in found if (new := change(value)) != value]
    for key, new in changed:
        connection.execute(sa.update(table).where(number == key).values({column.name: new}))
    return len(changed)


def _overwrite(connection: sa.Connection) -> None:
    """Let SQLite write zeros over what is removed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def _forget_the_log(ledger: Ledger) -> None:
    """Empty SQLite's log of writes, which holds what was there before."""
    if ledger.engine.dialect.name == "sqlite":
        with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
