"""How much one caller may do: requests over time, and failed sign-ins; kept in this process."""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

_MOST = 20_000
"""Callers remembered; beyond it those who have been quiet longest are forgotten."""


@dataclass(eq=False)
class Allowance:
    """A bucket of requests per caller that fills again at ``per_second``, up to ``most``."""

    per_second: float
    most: float
    clock: Callable[[], float] = time.monotonic
    _left: dict[Hashable, tuple[float, float]] = field(default_factory=dict)

    def wait_of(self, caller: Hashable) -> float:
        """Take one request; give 0, or the seconds to wait where there is none left."""
        now = self.clock()
        left, then = self._left.pop(caller, (self.most, now))
        left = min(self.most, left + (now - then) * self.per_second)
        allowed = left >= 1
        self._left[caller] = (left - 1 if allowed else left, now)
        _forget(self._left)
        return 0.0 if allowed else (1 - left) / self.per_second


@dataclass(eq=False)
class Failures:
    """Failed attempts per name or address; each is forgotten after ``seconds``."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _at: dict[Hashable, list[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, *whos: tuple[Hashable, int]) -> float:
        """Note an attempt of each and give 0; where one has to wait, note none and give the seconds.

        It counts before it is known how it ends, so that many at once are no more than one after the other.

        Parameters
        ----------
        whos
            Names or addresses, each with how many failures it may have.
        """
        with self._lock:
            wait = max(self.wait_of(who, most=most) for who, most in whos)
            if not wait:
                self.add(*(who for who, _ in whos))
            return wait

    def take_back(self, *whos: Hashable) -> None:
        """Forget the newest attempt of each, which was no failure."""
        with self._lock:
            for who in whos:
                self._at[who] = self._recent(who)[:-1]

    def wait_of(self, who: Hashable, *, most: int) -> float:
        """Give the seconds until another attempt is allowed; 0 where it is allowed now."""
        recent = self._recent(who)
        return 0.0 if len(recent) < most else max(0.0, recent[-most] + self.seconds - self.clock())

    def add(self, *whos: Hashable) -> None:
        """Note a failed attempt."""
        for who in whos:
            self._at[who] = [*self._recent(who), self.clock()]
        _forget(self._at)

    def forgive(self, who: Hashable) -> None:
        """Forget the attempts of somebody who succeeded."""
        self._at.pop(who, None)

    def _recent(self, who: Hashable) -> list[float]:
        oldest = self.clock() - self.seconds
        return [moment for moment in self._at.get(who, []) if moment > oldest]


def _forget(remembered: dict[Hashable, Any]) -> None:
    while len(remembered) > _MOST:
        remembered.pop(next(iter(remembered)))
