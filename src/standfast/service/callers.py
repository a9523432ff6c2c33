"""Who asks: a person by a session cookie, a program by an API key; remembered for seconds."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_keys import key_holder
from standfast.adapters.ledger_names import token_hash
from standfast.adapters.ledger_sessions import session_user
from standfast.service.ledger_door import LedgerDoor

Scope = Literal["read", "score", "write", "admin"]
SCOPES_OF: Mapping[str, frozenset[str]] = {
    "viewer": frozenset({"read"}),
    "csm": frozenset({"read", "score", "write"}),
    "lead": frozenset({"read", "score", "write"}),
    "admin": frozenset({"read", "score", "write", "admin"}),
}
"""What each role may do; of writes a csm may only those to accounts of their own."""
_REMEMBERED_SECONDS = 5.0
_MOST = 10_000


@dataclass(frozen=True)
class Caller:
    """Somebody who may ask.

    Parameters
    ----------
    name
        By which the audit knows them.
    owner
        Whose accounts are theirs; None: nobody's.
    is_confined
        Whether only these accounts may be written to.
    csrf
        What a form must bring along, for a person with a session.
    """

    kind: Literal["user", "key"]
    number: int
    name: str
    role: str
    scopes: frozenset[str]
    owner: str | None
    is_confined: bool
    csrf: str = ""

    @property
    def id(self) -> str:
        """A name for logs and limits that tells no person."""
        return f"{self.kind}:{self.number}"

    @property
    def who(self) -> str:
        """Who the audit says it was."""
        return self.name if self.kind == "user" else f"key {self.name}"


class Callers:
    """Finds callers by their tokens; one that was revoked elsewhere is known for seconds yet.

    Who was revoked here is forgotten at once, also where somebody asks the ledger just then.
    """

    def __init__(self, door: LedgerDoor, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._door = door
        self._clock = clock
        self._known: dict[str, tuple[Caller, float]] = {}
        self._turn = 0

    def remembered(self, token: str) -> Caller | None:
        """Give a caller seen just now, without asking the ledger."""
        caller, until = self._known.get(token_hash(token), (None, 0.0))
        return caller if self._clock() < until else None

    def find(self, token: str, *, is_key: bool) -> Caller | None:
        """Give the caller of a token; None where it is good no more.

        Raises
        ------
        StateError
            The ledger is away.
        """
        ledger, asked_in = self._door.ledger(), self._turn
        caller = self._of_key(ledger, token) if is_key else self._of_session(ledger, token)
        if caller is None:
            self.forget(token)
            return None
        while len(self._known) >= _MOST:
            self._known.pop(next(iter(self._known)))
        if asked_in == self._turn:  # else the answer may be of before somebody was revoked
            self._known[token_hash(token)] = (caller, self._clock() + _REMEMBERED_SECONDS)
        return caller

    def forget(self, token: str) -> None:
        """Ask the ledger again next time."""
        self._known.pop(token_hash(token), None)

    def forget_all(self) -> None:
        """Ask the ledger for everyone again, after a user or a key was changed."""
        self._turn += 1
        self._known.clear()

    @staticmethod
    def _of_session(ledger: Ledger, token: str) -> Caller | None:
        user = session_user(ledger, token)
        if user is None:
            return None
        return Caller(
            "user", user.user_id, user.name, user.role, SCOPES_OF[user.role], user.owner,
            is_confined=user.role == "csm", csrf=csrf_of(token),
        )  # fmt: skip

    @staticmethod
    def _of_key(ledger: Ledger, token: str) -> Caller | None:
        key = key_holder(ledger, token)
        if key is None:
            return None
        scopes = frozenset(key.scopes) | ({"read", "score", "write"} if "admin" in key.scopes else set())
        return Caller(
            "key", key.key_id, key.name, "key", scopes, key.owner, is_confined=key.owner is not None
        )


def csrf_of(token: str) -> str:
    """Give what forms of a session bring along; only who holds the session's token can work it out."""
    return hashlib.sha256(b"form of " + token.encode()).hexdigest()
