"""Users in the ledger: who may see and do what with a book; none is there until somebody adds one."""

import difflib
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import NOBODY, note
from standfast.adapters.ledger_names import clean_name, name_key
from standfast.adapters.ledger_people_tables import SESSIONS, USERS
from standfast.adapters.ledger_rows import read_rows
from standfast.adapters.passwords import hash_password, is_outdated, is_password
from standfast.errors import InputError, TakenError, UnknownNameError

ROLES = ("viewer", "csm", "lead", "admin")
"""What a user may do, from looking on to everything."""
_OF = USERS.c
USER_COLUMNS = (_OF.user_id, _OF.name, _OF.role, _OF.owner, _OF.is_active)


@dataclass(frozen=True)
class User:
    """Somebody who may sign in; ``owner`` names whose accounts are theirs."""

    user_id: int
    name: str
    role: str
    owner: str | None
    is_active: bool


def add_user(
    ledger: Ledger, name: str, *, password: str, role: str, owner: str | None = None, who: str = NOBODY
) -> User:
    """Add a user.

    Raises
    ------
    InputError
        The password is too short, the role is unknown, or the name cannot be one.
    TakenError
        There is a user of that name, in whatever case.
    """
    clean, _ = clean_name(name, of="user"), _refuse_role(role)
    row = {
        "book": ledger.book, "name": clean, "key": name_key(clean), "password": hash_password(password),
        "role": role, "owner": owner or None, "is_active": True, "added_at": now(),
    }  # fmt: skip
    with ledger.together() as work, work.writing() as connection:
        if _find(connection, ledger.book, clean) is not None:
            raise TakenError(f"there is a user {clean!r} already; change it with: standfast user change")
        connection.execute(sa.insert(USERS), row)
        note(work, who=who, action="user added", details={"name": clean, "role": role, "owner": owner})
        return _user(_the_one(connection, ledger.book, clean))


def change_user(
    ledger: Ledger,
    name: str,
    *,
    role: str | None = None,
    owner: str | None = None,
    is_active: bool | None = None,
    who: str = NOBODY,
) -> User:
    """Change what is told of a user; who is active no more is signed out everywhere.

    Parameters
    ----------
    owner
        An empty text takes it away.

    Raises
    ------
    InputError
        There is no such user or role.
    """
    told: dict[str, Any] = {"role": _refuse_role(role), "owner": owner, "is_active": is_active}
    told = {key: value for key, value in told.items() if value is not None}
    with ledger.together() as work, work.writing() as connection:
        found = _the_one(connection, ledger.book, name)
        if told:
            values = told | ({"owner": owner or None} if owner is not None else {})
            connection.execute(sa.update(USERS).where(_OF.user_id == found.user_id).values(values))
            note(work, who=who, action="user changed", details={"name": found.name, **told})
        if is_active is False:
            _sign_out(connection, found.user_id)
        return _user(_the_one(connection, ledger.book, name))


def set_password(ledger: Ledger, name: str, password: str, *, who: str = NOBODY) -> None:
    """Give a user another password, and sign them out everywhere.

    Raises
    ------
    InputError
        There is no such user, or the password is too short.
    """
    hashed = hash_password(password)
    with ledger.together() as work, work.writing() as connection:
        found = _the_one(connection, ledger.book, name)
        connection.execute(sa.update(USERS).where(_OF.user_id == found.user_id).values(password=hashed))
        _sign_out(connection, found.user_id)
        note(work, who=who, action="password set", details={"name": found.name})


def remove_user(ledger: Ledger, name: str, *, who: str = NOBODY) -> None:
    """Remove a user; what they did stays under their name (``erase_person`` takes that away, too).

    Raises
    ------
    InputError
        There is no such user.
    """
    with ledger.together() as work, work.writing() as connection:
        found = _the_one(connection, ledger.book, name)
        connection.execute(sa.delete(USERS).where(_OF.user_id == found.user_id))
        note(work, who=who, action="user removed", details={"name": found.name})


def list_users(ledger: Ledger) -> pd.DataFrame:
    """Give one row per user, by name, without passwords."""
    wanted = sa.select(*USER_COLUMNS, _OF.added_at).where(_OF.book == ledger.book).order_by(_OF.key)
    with ledger.reading() as connection:
        return read_rows(connection, wanted)


def check_password(ledger: Ledger, name: str, password: str) -> User | None:
    """Give the active user of that name and password, else None, after the same time."""
    with ledger.reading() as connection:
        found = _find(connection, ledger.book, name)
    fits = is_password(password, found.password if found else None)
    if found is None or not fits or not found.is_active:
        return None
    if is_outdated(found.password):
        change = sa.update(USERS).where(_OF.user_id == found.user_id)
        with ledger.writing() as connection:
            connection.execute(change.values(password=hash_password(password)))
    return _user(found)


def _refuse_role(role: str | None) -> str | None:
    if role is not None and role not in ROLES:
        raise InputError(f"{role!r} is no role; choose one of {', '.join(ROLES)}")
    return role


def _find(connection: sa.Connection, book: str, name: str) -> Any:
    wanted = sa.select(*USER_COLUMNS, _OF.password).where(_OF.book == book, _OF.key == name_key(name))
    found: Any = connection.execute(wanted).first()
    return found


def _the_one(connection: sa.Connection, book: str, name: str) -> Any:
    found = _find(connection, book, name)
    if found is not None:
        return found
    names = connection.execute(sa.select(_OF.name).where(_OF.book == book)).scalars().all()
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else "see: standfast user list"
    raise UnknownNameError(f"there is no user {name!r}; {hint}")


def _sign_out(connection: sa.Connection, user_id: int) -> None:
    connection.execute(sa.delete(SESSIONS).where(SESSIONS.c.user_id == user_id))


def _user(row: Any) -> User:
    return User(row.user_id, row.name, row.role, row.owner, row.is_active)
