"""A database's address without its secrets: what may be stored, recorded and printed of it."""

import re
from pathlib import Path

_OWN_SCHEMA = "options=-csearch_path%3Dstandfast"
_SQLITE = re.compile(r"(sqlite(?:\+\w+)?:///)(?![/:])(?!file:)")


def without_password(address: str) -> str:
    """Give a database's address without the password and the options, which may hold one too.

    >>> without_password("postgresql+psycopg://ann:s3cr@t@db.local:5432/shop?sslpassword=x")
    'postgresql+psycopg://ann@db.local:5432/shop'
    """
    if "://" not in address:
        return ""
    return re.sub(r"://([^:/@]*):.*@", r"://\1@", address, flags=re.DOTALL).partition("?")[0]


def beside(address: str, folder: Path) -> str:
    """Give the address with the file of an SQLite database looked for in ``folder``.

    >>> beside("sqlite:///shop.db", Path("/srv/book"))
    'sqlite:////srv/book/shop.db'
    """
    return _SQLITE.sub(lambda start: f"{start[1]}{folder.as_posix()}/", address, count=1)


def in_own_schema(address: str) -> str:
    """Give the address of a PostgreSQL database with the ledger's own schema in it; "" for any other.

    A book's tables may lie in the same database, and some are called as the ledger's.

    >>> in_own_schema("postgresql+psycopg://ann@db.local/shop")
    'postgresql+psycopg://ann@db.local/shop?options=-csearch_path%3Dstandfast'
    >>> in_own_schema("sqlite:///shop.db")
    ''
    """
    if not address.startswith("postgresql"):
        return ""
    return address if "options=" in address else f"{address}{'&' if '?' in address else '?'}{_OWN_SCHEMA}"
