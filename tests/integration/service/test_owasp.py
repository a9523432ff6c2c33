"""OWASP's API security top ten of 2023, one test each."""

import pytest

pytestmark = pytest.mark.integration
API = "/api/v1"
PASSWORD = "correct horse battery staple"  # noqa: S105


def account_of(desk, owner):
    """An account of an owner."""
    accounts = desk.accounts
    return str(accounts.loc[accounts["owner"] == owner, "account_id"].iloc[0])


OVERRIDE = {"field": "churn_probability", "value": "0.6", "reason": "a tender", "until": "2099-01-01"}


def test_api1_broken_object_level_authorization_a_csm_writes_to_own_accounts_only(service, desk):
    cleo, key = service.sign_in("cleo"), service.key("write", owner="cleo")
    own, foreign = account_of(desk, "cleo"), account_of(desk, "cora")
    for who in (cleo, key):
        for path, body in (
            ("/overrides", OVERRIDE | {"account_id": foreign}),
            ("/snoozes", {"account_id": foreign, "until": "2099-01-01"}),
            ("/touches", [{"account_id": own, "day": "2026-01-05", "channel": "call"},
                          {"account_id": foreign, "day": "2026-01-05", "channel": "call"}]),
            ("/outcomes", [{"account_id": foreign, "day": "2026-01-05", "outcome": "renewed"}]),
        ):  # fmt: skip
            answer = service.client.post(API + path, json=body, headers=who)
            assert answer.status_code == 403, answer.text
            assert foreign in answer.json()["detail"]
    assert service.client.get(f"{API}/touches", headers=cleo).json()["n_total"] == 0
    made = service.client.post(f"{API}/overrides", json=OVERRIDE | {"account_id": own}, headers=cleo)
    assert made.status_code == 201
    cora = service.sign_in("cora")
    number = made.json()["override_id"]
    assert service.client.delete(f"{API}/overrides/{number}", headers=cora).status_code == 403
    assert (
        service.client.delete(f"{API}/overrides/{number}", headers=service.sign_in("lea")).status_code == 200
    )


def test_api2_broken_authentication_guessing_is_slowed_and_answers_tell_nothing(running):
    service = running(login_attempts=2)
    word = _word(service)
    wrong = [_login(service, word, "ada", "wrong"), _login(service, word, "nobody", "wrong")]
    assert [answer.status_code for answer in wrong] == [401, 401]
    assert len({answer.text for answer in wrong}) == 1
    _login(service, word, "ada", "wrong again")
    slowed = _login(service, word, "ada", PASSWORD)
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > 0
    cookie = _login(service, word, "lea", PASSWORD).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    for number in range(10):
        last = service.client.get(f"{API}/matrix", headers={"Authorization": f"Bearer guess-{number}"})
    assert last.status_code == 429


def test_api3_broken_object_property_level_authorization_fields_that_are_not_ones_own(service, desk):
    account = account_of(desk, "cora")
    body = OVERRIDE | {"account_id": account, "who": "ada", "made_by": "ada"}
    refused = service.client.post(f"{API}/overrides", json=body, headers=service.sign_in("lea"))
    assert refused.status_code == 422
    assert {error["field"] for error in refused.json()["errors"]} == {"body.who", "body.made_by"}
    touch = [{"account_id": account, "day": "2026-01-05", "channel": "call", "contact_id": "C-7"}]
    assert (
        service.client.post(f"{API}/touches", json=touch, headers=service.sign_in("lea")).status_code == 201
    )
    seen = {
        name: service.client.get(f"{API}/touches", headers=service.sign_in(name)).json()["rows"][0]
        for name in ("vera", "cleo", "cora", "lea")
    }
    assert {name: row["contact_id"] for name, row in seen.items()} == {
        "vera": None, "cleo": None, "cora": "C-7", "lea": "C-7",
    }  # fmt: skip


def test_api4_unrestricted_resource_consumption_bodies_rows_and_requests_have_limits(running, row):
    service = running(body_kb=2, json_rows=3, requests_per_second=0.001, burst_seconds=3000)
    key = service.key("read", "score")
    large = service.client.post(f"{API}/score", content=b" " * 3000, headers=key)
    assert large.status_code == 413

    def endless():
        for _ in range(100):
            yield b" " * 1000

    assert service.client.post(f"{API}/score", content=endless(), headers=key).status_code == 413
    many = service.client.post(
        f"{API}/score", json={"rows": [row | {"id": str(i)} for i in range(4)]}, headers=key
    )
    assert many.status_code == 422
    assert service.client.get(f"{API}/scores?limit=1000000000", headers=key).status_code == 422
    slow = service.client.get(f"{API}/matrix", headers=key)
    assert slow.status_code == 429
    assert "retry-after" in slow.headers


def test_api5_broken_function_level_authorization_each_right_is_asked_for(service, row):
    asked = {
        "read": ("GET", "/matrix", None),
        "score": ("POST", "/score", {"rows": [row]}),
        "write": ("POST", "/snoozes", {"account_id": "A-0000", "until": "2099-01-01"}),
        "admin": ("GET", "/audit", None),
    }
    for scope in asked:
        key = service.key(scope)
        for right, (method, path, body) in asked.items():
            answer = service.client.request(method, API + path, json=body, headers=key)
            allowed = scope in {right, "admin"}
            assert (answer.status_code < 400) == allowed, (scope, right, answer.text)
    assert service.client.get(f"{API}/audit", headers=service.sign_in("lea")).status_code == 403
    assert (
        service.client.post(f"{API}/score", json={"rows": [row]}, headers=service.sign_in("vera")).status_code
        == 403
    )


def test_api6_unrestricted_access_to_sensitive_business_flows_a_write_sent_twice_is_done_once(service, desk):
    body = OVERRIDE | {"account_id": account_of(desk, "cleo")}
    headers = service.sign_in("cleo") | {"Idempotency-Key": "monday-1"}
    first, second = (service.client.post(f"{API}/overrides", json=body, headers=headers) for _ in range(2))
    assert first.content == second.content
    assert second.headers["idempotent-replayed"] == "true"
    other = service.client.post(f"{API}/overrides", json=body | {"value": "0.7"}, headers=headers)
    assert other.status_code == 409
    rows = service.client.get(f"{API}/overrides?past=true", headers=headers).json()["rows"]
    assert len(rows) == 1


def test_api7_server_side_request_forgery_no_address_that_is_sent_is_ever_asked(service, monkeypatch):
    import socket

    def refuse(*_, **__):
        raise AssertionError("the service asked another machine")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    key = service.key("score")
    sent = {"account_id": "http://127.0.0.1:1/", "plan": "https://example.com", "usage": 1, "tickets": 1}
    for text in (
        b"http://127.0.0.1:1/x.csv",
        b"id,plan,usage,tickets,mrr\nhttp://127.0.0.1:1,file:///etc/passwd,1,1,1\n",
    ):
        answer = service.client.post(
            f"{API}/score/table", content=text, headers=key | {"Content-Type": "text/csv"}
        )
        assert b"root:" not in answer.content
    assert service.client.post(f"{API}/score", json={"rows": [sent]}, headers=key).status_code in {200, 422}


def test_api8_security_misconfiguration_headers_cookies_hosts_and_silent_errors(running, monkeypatch):
    from standfast.service.api import book

    service = running(hosts=("testserver",), secure_cookies=True)
    page = service.client.get("/login")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert "Secure" in page.headers["set-cookie"]
    assert "strict-transport-security" not in page.headers
    assert service.client.get("/health", headers={"Host": "evil.example"}).status_code == 421
    monkeypatch.setattr(book, "rows_of", lambda _: 1 / 0)
    broken = service.client.get(f"{API}/matrix", headers=service.key("read"))
    assert broken.status_code == 500
    assert "division" not in broken.text
    assert broken.headers["content-type"] == "application/problem+json"
    assert broken.headers["x-content-type-options"] == "nosniff"


def test_api9_improper_inventory_management_every_route_is_in_the_document_and_behind_the_door(service):
    from standfast.service import health
    from standfast.service.api import ROUTERS

    document = service.client.get(f"{API}/openapi.json", headers=service.key("read")).json()
    told = {(method.upper(), path) for path, one in document["paths"].items() for method in one}
    there = {
        (method, route.path.replace(":path", ""))
        for router in (health.router, *ROUTERS)
        for route in router.routes
        for method in route.methods - {"HEAD"}
    }
    assert there == told
    is_open = {("GET", "/health"), ("GET", "/ready")}
    for method, path in sorted(told - is_open):
        assert service.client.request(method, path).status_code == 401, path
    assert document["info"]["version"]
    assert service.client.get("/docs").status_code == 401


def test_api10_unsafe_consumption_what_others_wrote_is_checked_and_made_safe_again(service, row):
    key = service.key("read", "score")
    bad = row | {"id": "=cmd|' /C calc'!A0", "mrr": "1e999"}
    rejected = service.client.post(f"{API}/score", json={"rows": [bad]}, headers=key).json()
    assert (rejected["rows_in"], rejected["rejected"]) == (1, 1)
    table = "id,plan,usage,tickets,mrr\n=1+1,pro,0.1,2,100\nB-1,pro,much,2,100\n"
    answer = service.client.post(
        f"{API}/score/table", content=table, headers=key | {"Content-Type": "text/csv"}
    )
    assert "\n'=1+1," in answer.text
    assert answer.headers["x-rows-rejected"] == "1"
    assert "row 2: usage" in answer.text


def _word(service):
    return service.client.get("/login").text.split('name="csrf" value="')[1].split('"')[0]


def _login(service, word, name, password):
    service.client.cookies.delete("standfast_session")
    return service.client.post("/login", data={"name": name, "password": password, "csrf": word})
