"""Keeps the desk: lays it in the background, watches what it was laid from, and swaps it as a whole."""

import logging
import threading
import time
from collections.abc import Callable

from standfast.errors import StandfastError
from standfast.pipelines.desk import Desk, lay_desk
from standfast.pipelines.desk_mark import DeskMark, mark_of
from standfast.settings import Settings

_LOG = logging.getLogger("standfast.service")


class DeskKeeper:
    """The newest whole desk, and why there is no newer one.

    Parameters
    ----------
    desk
        A desk that was laid already; it stays until what it was laid from changes.
    lay
        What lays a desk; by ``before`` it is given the one so far.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        desk: Desk | None = None,
        lay: Callable[..., Desk] = lay_desk,
    ) -> None:
        self.settings = settings
        self.desk = desk
        self.problem: str | None = None
        self.n_laid = 0
        self.n_failed = 0
        self.when_laid: Callable[[Desk], None] = lambda _: None
        self._lay = lay
        self._failed: DeskMark | None = None
        self._retry_at = 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look, in a thread that does not keep the process alive."""
        self._thread = threading.Thread(target=self._watch, name="desk", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a desk that is being laid is given up with the process."""
        self._stopping.set()

    def look(self) -> None:
        """Lay a new desk where the champion, the book or the newest plan changed; keep the old one else."""
        mark = None
        try:
            mark = mark_of(self.settings)
            if self._stands(mark):
                return
            desk = self._lay(self.settings, before=self.desk)
        except Exception as problem:  # noqa: BLE001  (whatever it is, the old desk goes on serving)
            self._note(problem, mark)
        else:
            self.desk, self.problem, self._failed = desk, None, None
            self.n_laid += 1
            _LOG.info("desk laid", extra={"model_version": desk.version, "seconds": round(desk.seconds, 1)})
            self.when_laid(desk)

    def _stands(self, mark: DeskMark) -> bool:
        """Say whether there is nothing to do: the desk is of this mark, or the mark failed just now."""
        if self.desk is not None and self.desk.mark == mark:
            self.problem, self._failed = None, None
            return True
        return mark == self._failed and time.monotonic() < self._retry_at

    def _note(self, problem: Exception, mark: DeskMark | None) -> None:
        is_told = isinstance(problem, StandfastError)
        told = str(problem) if is_told else "the book could not be laid; the log of the service says why"
        self.problem, self._failed = told, mark
        self._retry_at = time.monotonic() + self.settings.service.retry_seconds
        self.n_failed += 1
        _LOG.warning("desk not laid", exc_info=None if is_told else problem, extra={"problem": told})

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(self.settings.service.look_seconds)
