"""Answers kept in the ledger, so that a request sent twice is done once and answered alike.

Best within ``ledger.together()``: ask ``kept_answer``, write, ``keep_answer``. The writers' lock lets a
second request of the key wait until the first is whole, and a process that is killed has done nothing. Where
the work is too long to hold the lock, ``begin_answer`` claims the key first.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_people_tables import ANSWERS
from standfast.errors import StateError, TakenError

KEEP_HOURS = 24
"""How long a key stands for its first request."""
STALE_SECONDS = 60
"""After so long without an answer, whoever began is taken to have died."""
_LOOK_AGAIN_SECONDS = 0.05
_OF = ANSWERS.c


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    media_type: str
    body: bytes


def kept_answer(ledger: Ledger, *, who: str, key: str, fingerprint: str) -> Answer | None:
    """Give what was answered to a request before; None where it is the first, or not answered yet.

    Raises
    ------
    TakenError
        The key was another request's.
    """
    wanted = sa.select(ANSWERS).where(_this(ledger, who, key), _OF.begun_at > _oldest())
    with ledger.reading() as connection:
        found = connection.execute(wanted).first()
    if found is None:
        return None
    if found.fingerprint != fingerprint:
        raise TakenError(f"the idempotency key {key!r} was sent with another request; choose another key")
    return None if found.status is None else Answer(found.status, found.media_type, found.body)


def begin_answer(
    ledger: Ledger, *, who: str, key: str, fingerprint: str, wait_seconds: float = 30.0
) -> Answer | None:
    """Claim a key, and give None: the work is the caller's; or the answer, once whoever claimed it has it.

    Raises
    ------
    TakenError
        The key was another request's.
    StateError
        Whoever claimed it has not answered in time.
    """
    until = time.monotonic() + wait_seconds
    while not _claim(ledger, who=who, key=key, fingerprint=fingerprint):
        if (answer := kept_answer(ledger, who=who, key=key, fingerprint=fingerprint)) is not None:
            return answer
        if ledger.work is not None or time.monotonic() >= until:
            raise StateError(f"the request with the idempotency key {key!r} is being worked on; ask again")
        time.sleep(_LOOK_AGAIN_SECONDS)
    return None


def keep_answer(ledger: Ledger, answer: Answer, *, who: str, key: str, fingerprint: str) -> None:
    """Keep what is answered; keys that are a day old are forgotten."""
    row = {
        "book": ledger.book, "who": who, "key": key, "fingerprint": fingerprint,
        "begun_at": now(), **vars(answer),
    }  # fmt: skip
    with ledger.writing() as connection:
        connection.execute(
            sa.delete(ANSWERS).where(sa.or_(_this(ledger, who, key), _OF.begun_at <= _oldest()))
        )
        connection.execute(sa.insert(ANSWERS), row)


def drop_answer(ledger: Ledger, *, who: str, key: str) -> None:
    """Give a claimed key back, where the work failed: the request may come again."""
    with ledger.writing() as connection:
        connection.execute(sa.delete(ANSWERS).where(_this(ledger, who, key), _OF.status.is_(None)))


def _claim(ledger: Ledger, *, who: str, key: str, fingerprint: str) -> bool:
    """Take the key where nobody has it, or whoever had it died."""
    row = {"book": ledger.book, "who": who, "key": key, "fingerprint": fingerprint, "begun_at": now()}
    died = sa.and_(_OF.status.is_(None), _OF.begun_at <= now() - timedelta(seconds=STALE_SECONDS))
    this = _this(ledger, who, key)
    with ledger.writing() as connection:
        connection.execute(sa.delete(ANSWERS).where(this, sa.or_(_OF.begun_at <= _oldest(), died)))
        if connection.execute(sa.select(_OF.key).where(this)).first() is not None:
            return False
        connection.execute(sa.insert(ANSWERS), row)
        return True


def _this(ledger: Ledger, who: str, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(_OF.book == ledger.book, _OF.who == who, _OF.key == key)


def _oldest() -> object:
    return now() - timedelta(hours=KEEP_HOURS)
