"""Users, sessions, keys, answers and the audit in the ledger: secrets are hashed, and every act is noted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from standfast.adapters import ledger_answers, ledger_keys, ledger_sessions, passwords
from standfast.adapters.ledger import now, open_ledger
from standfast.adapters.ledger_all_tables import ANSWERS, API_KEYS, SESSIONS, USERS
from standfast.adapters.ledger_answers import Answer, keep_answer, kept_answer
from standfast.adapters.ledger_audit import note, read_audit
from standfast.adapters.ledger_keys import Key, add_key, key_holder, list_keys, revoke_key
from standfast.adapters.ledger_sessions import end_session, session_user, start_session
from standfast.adapters.ledger_touches import record_touches
from standfast.adapters.ledger_users import (
    add_user,
    change_user,
    check_password,
    list_users,
    remove_user,
    set_password,
)
from standfast.errors import InputError, TakenError, UnknownNameError

pytestmark = pytest.mark.integration

GOOD, OTHER = "correct horse battery", "another horse battery"
THIS = {"who": "ann", "key": "k-1", "fingerprint": "f"}
DONE = Answer(200, "application/json", b"{}")


@pytest.fixture(scope="module", autouse=True)
def _quick_hashes():
    """Hashes that cost less than a user's, for they are not the point of most tests here."""
    from argon2 import PasswordHasher

    strong = passwords._hasher
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._hasher = lambda: quick
    yield
    passwords._hasher = strong


@pytest.fixture
def ledger(shared_ledger_address, request):
    with open_ledger(shared_ledger_address, book=request.node.name) as opened:
        yield opened


@pytest.fixture
def ann(ledger):
    return add_user(ledger, "Ann", password=GOOD, role="csm", owner="ann", who="root")


def actions(ledger):
    return read_audit(ledger, limit=100)["action"].tolist()[::-1]


def stored(ledger, table):
    with ledger.reading() as connection:
        return str(connection.execute(sa.select(table)).all())


def test_nobody_is_a_user_until_somebody_is_added(ledger):
    assert list_users(ledger).empty
    assert check_password(ledger, "admin", "admin") is None


def test_a_user_signs_in_by_name_in_any_case_and_only_with_the_password(ledger, ann):
    assert check_password(ledger, " ANN", GOOD) == ann
    assert check_password(ledger, "ann", OTHER) is None
    assert check_password(ledger, "bob", GOOD) is None
    assert check_password(ledger, "ann", "x" * 2_000_000) is None
    assert GOOD not in stored(ledger, USERS)
    assert "$argon2id$" in stored(ledger, USERS)


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 1001])
def test_a_password_that_is_too_short_or_endless_is_refused(ledger, ann, password):
    for refused in (
        lambda: add_user(ledger, "bob", password=password, role="viewer"),
        lambda: set_password(ledger, "ann", password),
    ):
        with pytest.raises(InputError, match="signs; give"):
            refused()
    assert list_users(ledger)["name"].tolist() == ["Ann"]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, "\u202eann"])
def test_a_name_nobody_can_read_is_refused(ledger, name):
    with pytest.raises(InputError, match="no name of a user"):
        add_user(ledger, name, password=GOOD, role="viewer")


def test_a_name_is_taken_in_any_case_and_roles_are_those_there_are(ledger, ann):
    with pytest.raises(TakenError, match="'ANN' already"):
        add_user(ledger, "ANN", password=GOOD, role="viewer")
    with pytest.raises(InputError, match="'root' is no role"):
        add_user(ledger, "bob", password=GOOD, role="root")
    with pytest.raises(UnknownNameError, match="no user 'An'; did you mean 'Ann'"):
        change_user(ledger, "An", role="lead")


def test_hostile_names_are_only_names(ledger):
    for name in ("'; DROP TABLE users; --", "=cmd()", "😀", "<script>alert(1)</script>", "%s", "admin'--"):
        assert check_password(ledger, name, GOOD) is None
        user = add_user(ledger, name, password=GOOD, role="viewer")
        assert check_password(ledger, name, GOOD) == user
    assert len(list_users(ledger)) == 6


def test_another_password_or_leaving_ends_all_sessions(ledger, ann):
    token = start_session(ledger, ann, hours=1)
    assert session_user(ledger, token) == ann
    set_password(ledger, "ann", OTHER, who="root")
    assert session_user(ledger, token) is None
    assert check_password(ledger, "ann", GOOD) is None
    token = start_session(ledger, ann, hours=1)
    change_user(ledger, "ann", is_active=False, who="root")
    assert session_user(ledger, token) is None
    assert check_password(ledger, "ann", OTHER) is None
    change_user(ledger, "ann", is_active=True, role="lead", owner="", who="root")
    assert session_user(ledger, token) is None
    again = check_password(ledger, "ann", OTHER)
    assert (again.role, again.owner) == ("lead", None)
    remove_user(ledger, "ann", who="root")
    assert check_password(ledger, "ann", OTHER) is None


def test_a_session_ends_by_itself_and_by_signing_out(ledger, ann, monkeypatch):
    first, second = start_session(ledger, ann, hours=1), start_session(ledger, ann, hours=3)
    end_session(ledger, second)
    end_session(ledger, "no token at all")
    assert session_user(ledger, second) is None
    monkeypatch.setattr(ledger_sessions, "now", lambda: now() + timedelta(hours=2))
    assert session_user(ledger, first) is None


def test_of_tokens_only_hashes_are_kept(ledger, ann):
    session, key = start_session(ledger, ann, hours=1), add_key(ledger, "ci", scopes=["read"])
    for token, table in ((session, SESSIONS), (key, API_KEYS)):
        assert len(token) >= 43
        assert token not in stored(ledger, table)


def test_a_key_opens_what_its_scopes_say_until_its_day_or_its_end(ledger, monkeypatch):
    today = now().date()
    token = add_key(ledger, "CI", scopes=["write", "read"], owner="ann", until=today, who="root")
    holder = key_holder(ledger, token)
    assert holder == Key(holder.key_id, "CI", ("read", "write"), "ann")
    assert key_holder(ledger, token + "x") is None
    with monkeypatch.context() as later:
        later.setattr(ledger_keys, "now", lambda: now() + timedelta(days=1))
        assert key_holder(ledger, token) is None
    revoke_key(ledger, "ci", who="root")
    revoke_key(ledger, "ci", who="root")
    assert key_holder(ledger, token) is None
    assert list_keys(ledger)["revoked_at"].notna().tolist() == [True]
    with pytest.raises(TakenError, match="there is, or was, a key 'ci'"):
        add_key(ledger, "ci", scopes=["read"])
    with pytest.raises(UnknownNameError, match="no key 'x'"):
        revoke_key(ledger, "x")
    for scopes in ([], ["everything"]):
        with pytest.raises(InputError, match="scopes"):
            add_key(ledger, "y", scopes=scopes)
    assert actions(ledger) == ["key added", "key revoked"]


def test_users_keys_and_sessions_of_one_book_open_no_other(ledger, shared_ledger_address, ann):
    session, key = start_session(ledger, ann, hours=1), add_key(ledger, "ci", scopes=["read"])
    with open_ledger(shared_ledger_address, book="another") as other:
        assert check_password(other, "ann", GOOD) is None
        assert session_user(other, session) is None
        assert key_holder(other, key) is None
        assert read_audit(other, limit=9).empty


def test_every_act_is_noted_with_who_did_it_and_pages_go_on_from_there(ledger, ann):
    start_session(ledger, ann, hours=1)
    set_password(ledger, "ann", OTHER, who="root")
    touch = pd.DataFrame({"account_id": ["a"], "day": [pd.Timestamp("2026-01-01")], "channel": ["call"]})
    record_touches(ledger, touch, who="ann")
    record_touches(ledger, touch, who="ann")
    record_touches(ledger, touch.assign(outcome="reached"), who="bob")
    first = read_audit(ledger, limit=2)
    assert first["action"].tolist() == ["touches completed", "touches recorded"]
    assert first["who"].tolist() == ["bob", "ann"]
    assert first["details"][0]["was"]["outcome"] is None
    assert first["details"][0]["is"]["outcome"] == "reached"
    rest = read_audit(ledger, limit=9, before_id=int(first["entry_id"].min()))
    assert rest["action"].tolist() == ["password set", "signed in", "user added"]
    assert read_audit(ledger, limit=9, account_id="a")["entry_id"].tolist() == first["entry_id"].tolist()
    assert OTHER not in str(read_audit(ledger, limit=9)["details"].tolist())


def test_what_is_written_together_stands_or_falls_together(ledger):
    def fail():
        with ledger.together() as work:
            note(work, who="ann", action="begun")
            add_key(work, "ci", scopes=["read"])
            add_key(work, "CI", scopes=["read"])

    with pytest.raises(TakenError):
        fail()
    assert list_keys(ledger).empty
    assert read_audit(ledger, limit=9).empty


def test_the_same_request_is_answered_alike_and_another_under_its_key_is_refused(ledger, monkeypatch):
    assert kept_answer(ledger, **THIS) is None
    keep_answer(ledger, DONE, **THIS)
    assert kept_answer(ledger, **THIS) == DONE
    assert kept_answer(ledger, **(THIS | {"who": "bob"})) is None
    with pytest.raises(TakenError, match="'k-1' was sent with another request"):
        kept_answer(ledger, **(THIS | {"fingerprint": "g"}))
    monkeypatch.setattr(ledger_answers, "now", lambda: now() + timedelta(hours=25))
    assert kept_answer(ledger, **THIS) is None
    keep_answer(ledger, DONE, **(THIS | {"key": "k-2"}))
    assert "k-1" not in stored(ledger, ANSWERS)


def answer_once(address, book, name):
    with open_ledger(address, book=book) as ledger, ledger.together() as work:
        if kept_answer(work, **THIS) is None:
            note(work, who=name, action="worked")
            keep_answer(work, DONE, **THIS)
        return kept_answer(work, **THIS)


def test_of_many_who_send_one_request_at_once_one_does_the_work(ledger, shared_ledger_address):
    """Each through connections of its own, as other instances would."""
    with ThreadPoolExecutor(4) as senders:
        assert (
            list(senders.map(lambda name: answer_once(shared_ledger_address, ledger.book, name), "abcd"))
            == [DONE] * 4
        )
    assert actions(ledger) == ["worked"]


def test_an_unknown_name_takes_as_long_as_a_wrong_password(ledger, ann, monkeypatch):
    """Neither is answered before a hash was worked out."""
    hashed = []
    verify = passwords.is_password
    monkeypatch.setattr(
        "standfast.adapters.ledger_users.is_password",
        lambda password, kept: hashed.append(kept) or verify(password, kept),
    )
    check_password(ledger, "nobody", GOOD)
    check_password(ledger, "ann", OTHER)
    assert [kept is None for kept in hashed] == [True, False]
    assert not verify(GOOD, None)


def test_a_hash_made_with_weaker_settings_is_made_anew_at_the_next_sign_in(ledger, ann, monkeypatch):
    from argon2 import PasswordHasher

    weak = stored(ledger, USERS)
    stronger = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: stronger)
    assert check_password(ledger, "ann", GOOD) == ann
    assert stored(ledger, USERS) != weak
    assert check_password(ledger, "ann", GOOD) == ann


def test_days_as_dates(ledger):
    """Details may hold days; the audit keeps them as text."""
    note(ledger, who="ann", action="said", account_id="=1+1", details={"until": date(2026, 1, 1)})
    assert read_audit(ledger, limit=1)["details"][0] == {"until": "2026-01-01"}
