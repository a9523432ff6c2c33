"""The ledger: one database of plans, touches, outcomes, alerts and campaigns; a SQLite file by default."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from standfast.adapters.database import what_it_says
from standfast.adapters.ledger_tables import LEDGER
from standfast.errors import StateError

_BUSY_SECONDS = 30
_PEN = 5_151_151  # the number under which writers queue in a PostgreSQL database
_WRITES = {"standfast_writes": True}


@dataclass(frozen=True, eq=False)
class Ledger:
    """An open ledger, looked at through one book."""

    engine: sa.Engine
    book: str

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose work is kept whole or not at all."""
        with _told(self.engine), self.engine.execution_options(**_WRITES).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection to read by."""
        with _told(self.engine), self.engine.connect() as connection:
            yield connection


@contextmanager
def open_ledger(address: str, *, book: str) -> Iterator[Ledger]:
    """Give the ledger at an address, its tables made where they are missing.

    Parameters
    ----------
    address
        A SQLAlchemy address, such as ``sqlite:///ledger.sqlite``.

    Raises
    ------
    StateError
        The database cannot be opened, or is none; the message names it without its password.
    """
    engine = _engine(_parsed(address))
    try:
        with _told(engine):
            if set(LEDGER.tables) - set(sa.inspect(engine).get_table_names()):
                LEDGER.create_all(engine.execution_options(**_WRITES))
        yield Ledger(engine, book)
    finally:
        engine.dispose()


def describe_ledger(address: str) -> str:
    """Give what messages call the ledger: its address without a password."""
    url = _parsed(address)
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


def has_ledger(address: str) -> bool:
    """Say whether there may be a ledger to read: a SQLite file that is not there holds nothing."""
    url = _parsed(address)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).exists())


def refuse_unwritable_ledger(address: str) -> None:
    """Refuse a ledger that could not be written later on; one that is not there yet is not made.

    Raises
    ------
    StateError
        Its folder is missing or closed to us, or it cannot be opened.
    """
    url = _parsed(address)
    if has_ledger(address):
        with open_ledger(address, book=""):
            pass
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    file = Path(url.database)
    place = file if file.exists() else file.parent
    if not os.access(place, os.W_OK):
        raise StateError(
            f"the ledger {file} cannot be written: {place} is "
            f"{'not yours to write' if place.exists() else 'no folder'}; set [paths] ledger"
        )


def now() -> datetime:
    """Give the moment a record is made, in UTC; the only use of the clock here."""
    return datetime.now(UTC).replace(tzinfo=None)


def _parsed(address: str) -> sa.URL:
    try:
        return sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):
        raise StateError(
            "the address of the ledger cannot be understood; write [paths] ledger as a file, such as "
            "ledger.sqlite, or like postgresql+psycopg://USER:PASSWORD@HOST:5432/DATABASE"
        ) from None


def _engine(url: sa.URL) -> sa.Engine:
    is_file = url.get_backend_name() == "sqlite"
    try:
        engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS} if is_file else {})
    except (sa.exc.NoSuchModuleError, ImportError) as problem:
        raise StateError(
            f"the ledger {url.render_as_string(hide_password=True)} cannot be opened: {problem}; for "
            "PostgreSQL write postgresql+psycopg://... and pip install 'standfast[postgres]'"
        ) from None
    if is_file:
        sa.event.listen(engine, "connect", _keep_promises)
        sa.event.listen(engine, "begin", _take_the_pen)
    elif url.get_backend_name() == "postgresql":
        sa.event.listen(engine, "begin", _queue_for_the_pen)
    return engine


def _keep_promises(connection: Any, _: object) -> None:
    """Let readers go on while one writes, and let deleted plans take their lines along."""
    connection.isolation_level = None  # we begin transactions ourselves, see below
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _take_the_pen(connection: sa.Connection) -> None:
    """Begin a writer's work at once as the writer: what it reads is then still so when it writes."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _queue_for_the_pen(connection: sa.Connection) -> None:
    """Let one write at a time here, too; PostgreSQL gives the lock back when the work ends."""
    if _writes(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_PEN})")


def _writes(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().keys() & _WRITES.keys())


@contextmanager
def _told(engine: sa.Engine) -> Iterator[None]:
    """Turn what a database says into one sentence that names it."""
    try:
        yield
    except sa.exc.DBAPIError as problem:
        raise StateError(
            f"the ledger {engine.url.render_as_string(hide_password=True)} cannot be used: "
            f"{what_it_says(problem, engine.url)}; "
            "check [paths] ledger, your rights there, and that no other program holds it"
        ) from None
