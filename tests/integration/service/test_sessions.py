"""Signing in and out, forms of other sites, and who is let in by what."""

import pytest

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
