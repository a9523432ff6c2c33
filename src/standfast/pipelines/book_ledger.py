"""The ledger that the settings name, looked at through their book."""

import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from standfast.adapters.ledger import Ledger, has_ledger, open_ledger
from standfast.errors import StandfastWarning
from standfast.settings import Settings
from standfast.settings.values import LEDGER_FILE


def book_ledger(settings: Settings) -> AbstractContextManager[Ledger]:
    """Give the ledger of a book to write and read; it is made where there is none."""
    _warn_of_ledger_set_aside(settings)
    return open_ledger(settings.ledger_address, book=settings.book_name)


@contextmanager
def reading_ledger(settings: Settings) -> Iterator[Ledger | None]:
    """Give the ledger of a book to read; None where there is none yet, and none is made."""
    if not has_ledger(settings.ledger_address):
        yield None
        return
    with book_ledger(settings) as ledger:
        yield ledger


def refuse_unreadable_ledger(settings: Settings) -> None:
    """Refuse a ledger that is there and cannot be read, before any work is done (a StateError names it)."""
    with reading_ledger(settings):
        pass


def _warn_of_ledger_set_aside(settings: Settings) -> None:
    """Say that records lie in a file which is not read, as happens when a team moves to PostgreSQL."""
    by_environment = not settings.paths.ledger and not settings.ledger_address.startswith("sqlite")
    if not by_environment or not Path(LEDGER_FILE).exists():
        return
    warnings.warn(
        f"{LEDGER_FILE} lies here but is not read: the ledger is in the database that the environment "
        "names; bring its records over with standfast ledger backup and restore, then move it",
        StandfastWarning,
        stacklevel=1,  # one line of a command, wherever the ledger is opened
    )
