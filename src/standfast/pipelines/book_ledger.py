"""The ledger that the settings name, looked at through their book."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from standfast.adapters.ledger import Ledger, has_ledger, open_ledger
from standfast.settings import Settings


def book_ledger(settings: Settings) -> AbstractContextManager[Ledger]:
    """Give the ledger of a book to write and read; it is made where there is none."""
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
