"""Who may use the service: users and keys of a book, as its ledger holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from standfast.adapters.ledger_keys import add_key, list_keys, revoke_key
from standfast.adapters.ledger_users import add_user, change_user, list_users, remove_user, set_password
from standfast.pipelines.book_ledger import book_ledger, reading_ledger
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class People:
    """The users there are, and in a sentence what was done."""

    rows: pd.DataFrame
    done: str = ""

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {"done": self.done, "users": self.rows}


@dataclass(frozen=True, eq=False)
class Keys:
    """The keys there are; the token of one just made."""

    rows: pd.DataFrame
    done: str = ""
    token: str | None = None

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {"done": self.done, "token": self.token, "keys": self.rows}


def people(settings: Settings) -> People:
    """Give the users of a book."""
    with reading_ledger(settings) as ledger:
        return People(pd.DataFrame() if ledger is None else list_users(ledger))


def add_person(
    settings: Settings, name: str, *, password: str, role: str, owner: str | None, who: str
) -> People:
    """Add a user."""
    with book_ledger(settings) as ledger:
        added = add_user(ledger, name, password=password, role=role, owner=owner, who=who)
        return People(list_users(ledger), f"{added.name} may sign in as {added.role}")


def change_person(
    settings: Settings, name: str, *, role: str | None, owner: str | None, is_active: bool | None, who: str
) -> People:
    """Change what is told of a user."""
    with book_ledger(settings) as ledger:
        changed = change_user(ledger, name, role=role, owner=owner, is_active=is_active, who=who)
        may = "may" if changed.is_active else "may not"
        return People(list_users(ledger), f"{changed.name} is {changed.role} and {may} sign in")


def give_password(settings: Settings, name: str, password: str, *, who: str) -> People:
    """Give a user another password."""
    with book_ledger(settings) as ledger:
        set_password(ledger, name, password, who=who)
        return People(list_users(ledger), f"{name} has another password and is signed out everywhere")


def remove_person(settings: Settings, name: str, *, who: str) -> People:
    """Remove a user."""
    with book_ledger(settings) as ledger:
        remove_user(ledger, name, who=who)
        return People(list_users(ledger), f"{name} is no user any more")


def keys(settings: Settings) -> Keys:
    """Give the keys of a book."""
    with reading_ledger(settings) as ledger:
        return Keys(pd.DataFrame() if ledger is None else list_keys(ledger))


def make_key(
    settings: Settings, name: str, *, scopes: Sequence[str], owner: str | None, until: date | None, who: str
) -> Keys:
    """Make a key; its token is shown this once."""
    with book_ledger(settings) as ledger:
        token = add_key(ledger, name, scopes=scopes, owner=owner, until=until, who=who)
        return Keys(list_keys(ledger), f"key {name} opens {', '.join(sorted(set(scopes)))}", token)


def end_key(settings: Settings, name: str, *, who: str) -> Keys:
    """Let a key open nothing any more."""
    with book_ledger(settings) as ledger:
        revoke_key(ledger, name, who=who)
        return Keys(list_keys(ledger), f"key {name} opens nothing any more")
