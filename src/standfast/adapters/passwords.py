"""Passwords as argon2id hashes: made, checked, and made anew where the defaults have become stronger."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from standfast.errors import InputError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST_SIGNS = 12
MOST_SIGNS = 1000


def hash_password(password: str) -> str:
    """Give the hash of a password.

    Raises
    ------
    InputError
        It is too short, or so long that hashing it would take the machine down.
    """
    plain = _plain(password)
    if len(plain) < LEAST_SIGNS:
        raise InputError(f"the password has {len(plain)} signs; give {LEAST_SIGNS} or more")
    if len(plain) > MOST_SIGNS:
        raise InputError(f"the password has {len(plain)} signs; give {MOST_SIGNS} or fewer")
    return _hasher().hash(plain)


def is_password(password: str, kept: str | None) -> bool:
    """Say whether a password has this hash; where there is none, say no after the same time."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415  (only where used)

    plain = _plain(password)[: MOST_SIGNS + 1]
    try:
        _hasher().verify(kept or _hash_of_nobody(), plain)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Say whether a hash was made with weaker settings than today's."""
    return _hasher().check_needs_rehash(kept)


def _plain(password: str) -> str:
    """Give the password as every keyboard writes it."""
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher  # noqa: PLC0415  (only where used)

    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    from secrets import token_urlsafe  # noqa: PLC0415  (only where used)

    return _hasher().hash(token_urlsafe(32))
