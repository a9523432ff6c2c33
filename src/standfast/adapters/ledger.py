"""The ledger: one database of what was scored, planned and done, by whom; a SQLite file by default."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from standfast.adapters.ledger_engine import WRITES, make_engine, parsed, shown, told
from standfast.adapters.ledger_revision import bring_up_to_date
from standfast.errors import StateError


@dataclass(frozen=True, eq=False)
class Ledger:
    """An open ledger, looked at through one book."""

    engine: sa.Engine
    book: str
    work: sa.Connection | None = None
    """The connection of a work that is under way, see ``together``."""

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose work is kept whole or not at all."""
        if self.work is not None:
            yield self.work
            return
        with told(self.engine), self.engine.execution_options(**WRITES).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection to read by."""
        if self.work is not None:
            yield self.work
            return
        with told(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def reading_one_moment(self) -> Iterator[sa.Connection]:
        """Give a connection that reads all as it is at one moment, whoever writes meanwhile."""
        engine = self.engine
        if engine.dialect.name == "postgresql":  # in SQLite every transaction is so
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with told(self.engine), engine.connect() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator["Ledger"]:
        """Give this ledger so that all that is written through it is kept whole or not at all."""
        with self.writing() as connection:
            yield replace(self, work=connection)


@contextmanager
def open_ledger(address: str, *, book: str) -> Iterator[Ledger]:
    """Give the ledger at an address, its tables made or brought to the newest revision.

    Parameters
    ----------
    address
        A SQLAlchemy address, such as ``sqlite:///ledger.sqlite``.

    Raises
    ------
    StateError
        The database cannot be opened, is none, or a newer standfast wrote it; the message names it without
        its password.
    """
    engine = make_engine(parsed(address))
    try:
        with told(engine):
            bring_up_to_date(engine)
        yield Ledger(engine, book)
    finally:
        engine.dispose()


def describe_ledger(address: str) -> str:
    """Give what messages call the ledger: its address without a password."""
    return shown(parsed(address))


def has_ledger(address: str) -> bool:
    """Say whether there may be a ledger to read: a SQLite file that is not there holds nothing."""
    url = parsed(address)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).exists())


def refuse_unwritable_ledger(address: str) -> None:
    """Refuse a ledger that could not be written later on; one that is not there yet is not made.

    Raises
    ------
    StateError
        Its folder is missing or closed to us, or it cannot be opened.
    """
    url = parsed(address)
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
