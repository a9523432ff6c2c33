"""Room for tables: some at work, some waiting, and no more than that."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from standfast.service.problems import away

_COME_AGAIN_SECONDS = 20


class UploadQueue:
    """Counts tables from their first byte to the last of their answer."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self.n_there = 0
        self._most = at_once + waiting
        self._turns = asyncio.Semaphore(at_once)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take a place for a table.

        Raises
        ------
        Problem
            None is left.
        """
        if self.n_there >= self._most:
            raise away(
                f"{self.n_there} tables are being scored or wait; come again later",
                seconds=_COME_AGAIN_SECONDS,
            )
        self.n_there += 1
        try:
            yield
        finally:
            self.n_there -= 1

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until it is this table's turn to be scored."""
        async with self._turns:
            yield
