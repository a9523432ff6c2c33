"""API keys in the ledger: what a program may do, until when; of a key only its hash is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import NOBODY, note
from standfast.adapters.ledger_names import clean_name, name_key, new_token, token_hash
from standfast.adapters.ledger_people_tables import API_KEYS
from standfast.adapters.ledger_rows import read_rows
from standfast.errors import InputError, TakenError, UnknownNameError

SCOPES = ("read", "score", "write", "admin")
_OF = API_KEYS.c
_PREFIX = "sf_"


@dataclass(frozen=True)
class Key:
    """A key that is good; ``owner`` names whose accounts it is confined to."""

    key_id: int
    name: str
    scopes: tuple[str, ...]
    owner: str | None


def add_key(
    ledger: Ledger,
    name: str,
    *,
    scopes: Sequence[str],
    owner: str | None = None,
    until: date | None = None,
    who: str = NOBODY,
) -> str:
    """Add a key and give its token, which is shown this once.

    Parameters
    ----------
    until
        The last day on which it is good (UTC); None for ever.

    Raises
    ------
    InputError
        A scope is unknown, none is given, or the name cannot be one.
    TakenError
        There is, or was, a key of that name.
    """
    clean, words, token = clean_name(name, of="key"), _known(scopes), _PREFIX + new_token()
    row = {
        "book": ledger.book, "name": clean, "key": name_key(clean), "token": token_hash(token),
        "scopes": " ".join(words), "owner": owner or None, "added_at": now(), "until": until,
    }  # fmt: skip
    with ledger.together() as work, work.writing() as connection:
        same = sa.select(_OF.key_id).where(_OF.book == ledger.book, _OF.key == row["key"])
        if connection.execute(same).first() is not None:
            raise TakenError(
                f"there is, or was, a key {clean!r}; the audit knows it by that name: choose another"
            )
        connection.execute(sa.insert(API_KEYS), row)
        note(work, who=who, action="key added", details={"name": clean, "scopes": words, "until": until})
    return token


def key_holder(ledger: Ledger, token: str) -> Key | None:
    """Give the key that a token is; None where it is none, was revoked or is past its day."""
    moment = now()
    wanted = sa.select(_OF.key_id, _OF.name, _OF.scopes, _OF.owner).where(
        _OF.token == token_hash(token),
        _OF.book == ledger.book,
        _OF.revoked_at.is_(None),
        sa.or_(_OF.until.is_(None), _OF.until >= moment.date()),
    )
    with ledger.reading() as connection:
        found = connection.execute(wanted).first()
    return None if found is None else Key(found.key_id, found.name, tuple(found.scopes.split()), found.owner)


def revoke_key(ledger: Ledger, name: str, *, who: str = NOBODY) -> None:
    """Let a key open nothing any more, from now on.

    Raises
    ------
    InputError
        There is no such key.
    """
    mine = sa.and_(_OF.book == ledger.book, _OF.key == name_key(name))
    with ledger.together() as work, work.writing() as connection:
        found = connection.execute(sa.select(_OF.key_id, _OF.name, _OF.revoked_at).where(mine)).first()
        if found is None:
            raise UnknownNameError(f"there is no key {name!r}; see: standfast key list")
        if found.revoked_at is None:
            connection.execute(sa.update(API_KEYS).where(mine).values(revoked_at=now()))
            note(work, who=who, action="key revoked", details={"name": found.name})


def list_keys(ledger: Ledger) -> pd.DataFrame:
    """Give one row per key, by name, the revoked ones too; no tokens, for nobody has them."""
    wanted = (
        sa.select(_OF.key_id, _OF.name, _OF.scopes, _OF.owner, _OF.added_at, _OF.until, _OF.revoked_at)
        .where(_OF.book == ledger.book)
        .order_by(_OF.key)
    )
    with ledger.reading() as connection:
        return read_rows(connection, wanted)


def _known(scopes: Sequence[str]) -> list[str]:
    strange = [scope for scope in scopes if scope not in SCOPES]
    if strange or not scopes:
        raise InputError(f"scopes {list(scopes)} cannot be; choose some of {', '.join(SCOPES)}")
    return [scope for scope in SCOPES if scope in scopes]
