"""The ledger: one database of plans, touches, outcomes, alerts and campaigns; a SQLite file by default."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from standfast.adapters.ledger_tables import LEDGER
from standfast.errors import StateError

_BUSY_SECONDS = 30
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
    engine = _engine(address)
    try:
        with _told(engine):
            LEDGER.create_all(engine.execution_options(**_WRITES))
        yield Ledger(engine, book)
    finally:
        engine.dispose()


def has_ledger(address: str) -> bool:
    """Say whether there may be a ledger to read: a SQLite file that is not there holds nothing."""
    url = sa.make_url(address)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).exists())


def now() -> datetime:
    """Give the moment a record is made, in UTC; the only use of the clock here."""
    return datetime.now(UTC).replace(tzinfo=None)


def _engine(address: str) -> sa.Engine:
    url = sa.make_url(address)
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url)
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    sa.event.listen(engine, "connect", _keep_promises)
    sa.event.listen(engine, "begin", _take_the_pen)
    return engine


def _keep_promises(connection: Any, _: object) -> None:
    """Let readers go on while one writes, and let deleted plans take their lines along."""
    connection.isolation_level = None  # we begin transactions ourselves, see below
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _take_the_pen(connection: sa.Connection) -> None:
    """Begin a writer's work at once as the writer: what it reads is then still so when it writes."""
    writes = connection.get_execution_options().keys() & _WRITES.keys()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _told(engine: sa.Engine) -> Iterator[None]:
    """Turn what a database says into one sentence that names it."""
    try:
        yield
    except sa.exc.DBAPIError as problem:
        said = str(problem.orig).strip().splitlines() or [type(problem.orig).__name__]
        raise StateError(
            f"the ledger {engine.url.render_as_string(hide_password=True)} cannot be used: {said[0]}; "
            "check [paths] ledger, your rights there, and that no other program holds it"
        ) from None
