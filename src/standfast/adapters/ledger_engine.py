"""How a ledger's database is spoken to: one writer at a time, and errors in one sentence."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from standfast.adapters.database import what_it_says
from standfast.errors import AwayError, StateError

WRITES = {"standfast_writes": True}
"""Execution options of a connection that writes."""
_BUSY_SECONDS = 30
_AGAIN_SECONDS = 0.01
_CONNECT_SECONDS = 15
_RECYCLE_SECONDS = 1800
_PEN = 5_151_151  # the number under which writers queue in a PostgreSQL database


def parsed(address: str) -> sa.URL:
    """Give the parts of a ledger's address.

    Raises
    ------
    StateError
        It is none.
    """
    try:
        return sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        raise StateError(
            "the address of the ledger cannot be understood; write [paths] ledger as a file, such as "
            "ledger.sqlite, or like postgresql+psycopg://USER:PASSWORD@HOST:5432/DATABASE"
        ) from None


def shown(url: sa.URL) -> str:
    """Give what messages call a ledger: its file, or its address without password and options."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.set(query={}).render_as_string(hide_password=True)


def make_engine(url: sa.URL) -> sa.Engine:
    """Give an engine for the ledger's database; nothing is connected yet.

    Raises
    ------
    StateError
        The driver is not there.
    """
    try:
        engine = sa.create_engine(url, **_options(url))
    except (sa.exc.NoSuchModuleError, ImportError) as problem:
        raise StateError(
            f"the ledger {shown(url)} cannot be opened: {problem}; for "
            "PostgreSQL write postgresql+psycopg://... and pip install 'standfast[postgres]'"
        ) from None
    if url.get_backend_name() == "sqlite":
        sa.event.listen(engine, "connect", _keep_promises)
        sa.event.listen(engine, "begin", _take_the_pen)
    elif url.get_backend_name() == "postgresql":
        sa.event.listen(engine, "begin", _queue_for_the_pen)
    return engine


@contextmanager
def told(engine: sa.Engine) -> Iterator[None]:
    """Turn what a database says into one sentence that names it."""
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as problem:
        raise AwayError(
            f"the ledger {shown(engine.url)} cannot be used: {_said(problem, engine.url)}; "
            "check [paths] ledger, your rights there, and that no other program holds it"
        ) from None


def _options(url: sa.URL) -> dict[str, Any]:
    """Give how to connect: a server's connections are tried before use, since servers go away and return."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": _BUSY_SECONDS}}
    waits = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    return {"connect_args": waits, "pool_pre_ping": True, "pool_recycle": _RECYCLE_SECONDS}


def _said(problem: Exception, url: sa.URL) -> str:
    if isinstance(problem, sa.exc.DBAPIError):
        return what_it_says(problem, url)
    return "all its connections are in use"


def _keep_promises(connection: Any, _: object) -> None:
    """Let readers go on while one writes, and let deleted plans take their lines along."""
    connection.isolation_level = None  # we begin transactions ourselves, see below
    _write_ahead(connection)
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: Any) -> None:
    """Let readers go on; where another makes the same file ready just now, SQLite itself would not wait."""
    until = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN_SECONDS)
        else:
            return


def _take_the_pen(connection: sa.Connection) -> None:
    """Begin a writer's work at once as the writer: what it reads is then still so when it writes."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _queue_for_the_pen(connection: sa.Connection) -> None:
    """Let one write at a time here, too; PostgreSQL gives the lock back when the work ends."""
    if _writes(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_PEN})")


def _writes(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().keys() & WRITES.keys())
