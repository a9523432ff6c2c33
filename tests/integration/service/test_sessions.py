"""Signing in and out, forms of other sites, and who is let in by what."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from standfast.errors import AwayError
from standfast.service.callers import Caller, Callers
from standfast.service.page import login

pytestmark = pytest.mark.integration
API = "/api/v1"
PASSWORD = "correct horse battery staple"  # noqa: S105


def sign_in(client, name="ada", password=PASSWORD):
    word = client.get("/login").text.split('name="csrf" value="')[1].split('"')[0]
    return client.post("/login", data={"name": name, "password": password, "csrf": word})


def test_a_person_signs_in_reads_the_book_and_signs_out_for_good(service):
    client = service.client
    assert client.get("/", headers={"Accept": "text/html"}).headers["location"] == "/login"
    assert sign_in(client).headers["location"] == "/"
    page = client.get("/")
    assert page.status_code == 200
    assert "<bdi>ada, admin</bdi>" in page.text
    cookie = client.cookies["standfast_session"]
    word = page.text.split('name="csrf" value="')[1].split('"')[0]
    assert client.post("/logout", data={"csrf": word}).status_code == 303
    assert client.get("/", headers={"Cookie": f"standfast_session={cookie}"}).status_code == 401


def test_a_form_without_the_sessions_own_word_is_refused(service):
    sign_in(service.client)
    for data in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
        assert service.client.post("/logout", data=data).status_code == 403
    assert service.client.get("/").status_code == 200
    json = service.client.post(f"{API}/snoozes", json={"account_id": "A-0000", "until": "2099-01-01"})
    assert json.status_code == 403


def test_a_login_form_of_another_site_is_refused(service):
    answer = service.client.post("/login", data={"name": "ada", "password": PASSWORD, "csrf": "x"})
    assert answer.status_code == 403
    assert "standfast_session" not in service.client.cookies


def test_a_revoked_key_and_a_user_put_out_open_nothing(service):
    from standfast.adapters.ledger_keys import revoke_key
    from standfast.adapters.ledger_users import change_user

    key, lea = service.key("read", name="k"), service.sign_in("lea")
    assert service.client.get(f"{API}/matrix", headers=key).status_code == 200
    assert service.client.get(f"{API}/matrix", headers=lea).status_code == 200
    revoke_key(service.ledger(), "k")
    change_user(service.ledger(), "lea", is_active=False)
    service.app.state.service.callers.forget_all()  # else they are remembered for some seconds
    assert service.client.get(f"{API}/matrix", headers=key).status_code == 401
    assert service.client.get(f"{API}/matrix", headers=lea).status_code == 401


def test_whom_an_admin_shuts_out_opens_nothing_from_that_moment(service):
    """The bound of seconds is one of other instances; and nobody but an admin shuts anybody out."""
    admin, key, vera = service.sign_in("ada"), service.key("read", name="nightly"), service.sign_in("vera")
    for headers in (key, vera):
        assert service.client.get(f"{API}/matrix", headers=headers).status_code == 200, "remembered now"
        assert service.client.get(f"{API}/keys", headers=headers).status_code == 403
    lead = service.sign_in("lea")
    assert service.client.delete(f"{API}/keys/nightly", headers=lead).status_code == 403
    assert service.client.post(f"{API}/users/vera/lock", headers=lead).status_code == 403
    assert service.client.delete(f"{API}/keys/nightly", headers=admin).json()["revoked"] is True
    assert service.client.get(f"{API}/matrix", headers=key).status_code == 401
    assert service.client.post(f"{API}/users/VERA/lock", headers=admin).json()["is_active"] is False
    assert service.client.get(f"{API}/matrix", headers=vera).status_code == 401
    assert service.client.delete(f"{API}/keys/nobody", headers=admin).status_code == 404
    assert service.client.post(f"{API}/users/ada/lock", headers=admin).status_code == 409
    seen = {row["name"]: row for row in service.client.get(f"{API}/users", headers=admin).json()["rows"]}
    assert "password" not in seen["vera"]
    assert not seen["vera"]["is_active"]
    kept = service.client.get(f"{API}/keys", headers=admin).json()["rows"]
    assert [(row["name"], row["revoked_at"] is not None) for row in kept] == [("nightly", True)]
    assert "token" not in kept[0]


def test_a_token_whose_asking_crosses_a_revocation_is_not_remembered():
    """Between the ledger's answer and the memory somebody may be shut out."""
    callers = Callers(door=SimpleNamespace(ledger=lambda: None))
    caller = Caller("key", 1, "nightly", "key", frozenset({"read"}), None, is_confined=False)

    def answered_just_before(*_):
        callers.forget_all()
        return caller

    callers._of_key = answered_just_before
    assert callers.find("token", is_key=True) is caller
    assert callers.remembered("token") is None
    callers._of_key = lambda *_: caller
    callers.find("token", is_key=True)
    assert callers.remembered("token") is caller


def test_guesses_sent_at_once_are_no_more_than_guesses_sent_one_by_one(running, monkeypatch):
    """OWASP API2 and API4: each costs memory and time, and counts before it is known how it ends."""
    service = running(login_attempts=2)
    n_checked, at_once = [], threading.Barrier(2)

    def check(*_):
        n_checked.append(1)
        at_once.wait(timeout=10)  # both are under way before either has ended

    monkeypatch.setattr(login, "check_password", check)
    word = service.client.get("/login").text.split('name="csrf" value="')[1].split('"')[0]
    form = {"name": "ada", "password": "wrong", "csrf": word}
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(service.client.post, "/login", data=form) for _ in range(8)]
        statuses = sorted(one.result().status_code for one in asked)
    assert statuses == [401] * 2 + [429] * 6
    assert len(n_checked) == 2


def test_who_signs_in_often_or_while_the_ledger_is_away_is_not_slowed(running, monkeypatch):
    service = running(login_attempts=1)
    for _ in range(6):
        assert sign_in(service.client).status_code == 303
        service.client.cookies.clear()
    with monkeypatch.context() as gone:
        gone.setattr(login, "check_password", Mock(side_effect=AwayError("the ledger is away")))
        for _ in range(3):
            assert sign_in(service.client).status_code == 503
    assert sign_in(service.client).status_code == 303


def test_over_https_cookies_are_secure_and_browsers_are_told_to_stay_there(service):
    answer = service.client.get("https://testserver/login")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_assets_are_open_may_be_kept_and_change_their_address_with_their_contents(service):
    from standfast.service.assets import asset_url

    answer = service.client.get(asset_url("service.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert service.client.get("/assets/service.0.css").status_code == 404
    assert service.client.get("/assets/..%2f..%2fapp.py").status_code in {401, 404}
