"""The ledger for as long as the service runs: opened when first needed, and again after it was away."""

import contextlib
import threading

from standfast.adapters.ledger import Ledger
from standfast.pipelines.book_ledger import book_ledger
from standfast.settings import Settings


class LedgerDoor:
    """Gives the ledger; a database that is away makes one request fail, not the service."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = contextlib.ExitStack()
        self._ledger: Ledger | None = None
        self._lock = threading.Lock()

    def ledger(self) -> Ledger:
        """Give the open ledger.

        Raises
        ------
        StateError
            It cannot be opened now; the next call tries again.
        """
        if self._ledger is None:
            with self._lock:
                if self._ledger is None:
                    self._ledger = self._open.enter_context(book_ledger(self._settings))
        return self._ledger

    def close(self) -> None:
        """Let all connections go."""
        with self._lock:
            self._ledger = None
            self._open.close()
