"""Sessions in the ledger: who is signed in, until when; of a token only its hash is kept."""

from datetime import timedelta

import sqlalchemy as sa

from standfast.adapters.ledger import Ledger, now
from standfast.adapters.ledger_audit import note
from standfast.adapters.ledger_names import new_token, token_hash
from standfast.adapters.ledger_people_tables import SESSIONS, USERS
from standfast.adapters.ledger_users import USER_COLUMNS, User

_OF = SESSIONS.c


def start_session(ledger: Ledger, user: User, *, hours: float) -> str:
    """Sign a user in for so many hours, and give the token that proves it; it is shown this once."""
    token, moment = new_token(), now()
    row = {
        "token": token_hash(token), "user_id": user.user_id, "started_at": moment,
        "ends_at": moment + timedelta(hours=hours),
    }  # fmt: skip
    with ledger.together() as work, work.writing() as connection:
        connection.execute(sa.delete(SESSIONS).where(_OF.ends_at <= moment))
        connection.execute(sa.insert(SESSIONS), row)
        note(work, who=user.name, action="signed in")
    return token


def session_user(ledger: Ledger, token: str) -> User | None:
    """Give who is signed in by a token; None where nobody is, no more, or is active no more."""
    wanted = (
        sa.select(*USER_COLUMNS)
        .join_from(SESSIONS, USERS, USERS.c.user_id == _OF.user_id)
        .where(_OF.token == token_hash(token), _OF.ends_at > now())
        .where(USERS.c.book == ledger.book, USERS.c.is_active)
    )
    with ledger.reading() as connection:
        found = connection.execute(wanted).first()
    return None if found is None else User(*found)


def end_session(ledger: Ledger, token: str) -> None:
    """Sign out; a token that is not known is no matter."""
    user = session_user(ledger, token)
    with ledger.together() as work, work.writing() as connection:
        connection.execute(sa.delete(SESSIONS).where(_OF.token == token_hash(token)))
        if user is not None:
            note(work, who=user.name, action="signed out")
