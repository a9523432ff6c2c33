"""Answers kept in the ledger, so that a request sent twice is done once and answered alike.

Within ``ledger.together()``: ask ``kept_answer``, write, ``keep_answer``. The writers' lock lets a second
request of the key wait until the first is whole, and a process that is killed has done nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_people_tables import ANSWERS
from standfast.errors import TakenError

KEEP_HOURS = 24
"""How long a key stands for its first request."""
_OF = ANSWERS.c


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    media_type: str
    body: bytes


def kept_answer(ledger: Ledger, *, who: str, key: str, fingerprint: str) -> Answer | None:
    """Give what was answered to a request before; None where it is the first.

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
    return Answer(found.status, found.media_type, found.body)


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


def _this(ledger: Ledger, who: str, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(_OF.book == ledger.book, _OF.who == who, _OF.key == key)


def _oldest() -> object:
    return now() - timedelta(hours=KEEP_HOURS)
