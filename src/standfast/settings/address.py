"""A database's address without its secrets: what may be stored, recorded and printed of it."""

import re
from pathlib import Path

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
