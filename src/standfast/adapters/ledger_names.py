"""Names people give in the ledger: what may be one, which two are the same, and tokens nobody can guess."""

import hashlib
import secrets
import unicodedata

from standfast.errors import InputError

MOST_SIGNS = 200


def clean_name(name: str, *, of: str) -> str:
    """Give a name as it is kept.

    Raises
    ------
    InputError
        It is empty, too long, or holds signs that cannot be read.

    Examples
    --------
    >>> clean_name(" ann ", of="user")
    'ann'
    """
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean or len(clean) > MOST_SIGNS or not clean.isprintable():
        raise InputError(f"{name[:40]!r} can be no name of a {of}; give 1 to {MOST_SIGNS} readable signs")
    return clean


def name_key(name: str) -> str:
    """Give what two names share that are the same.

    >>> name_key("Ann ") == name_key("ANN")
    True
    """
    return unicodedata.normalize("NFKC", name).strip().casefold()


def new_token() -> str:
    """Give 256 random bits as text."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Give what is kept of a token; a token holds enough chance to need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
