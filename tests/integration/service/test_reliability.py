"""What goes wrong around a service: databases that go, disks that are full, too much at once, kill -9."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from functools import partial

import httpx
import pytest
import sqlalchemy as sa
import uvicorn

pytestmark = pytest.mark.integration
API = "/api/v1"
CSV = {"Content-Type": "text/csv"}


class Relay:
    """A way to a server that can be closed and opened again."""

    def __init__(self, port):
        self.to = port
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.open()

    def open(self):
        self.ends = []
        self.listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True)
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.ends:
            with suppress(OSError):  # whose other side has gone already
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            self.ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pour, args=(one, other), daemon=True).start()


def _pour(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


@pytest.fixture(scope="module")
def database(postgres):
    """The address of a database of its own."""
    server = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE service"))
    server.dispose()
    return sa.make_url(postgres).set(database="service")


@pytest.fixture
def on_postgres(running, desk, monkeypatch):
    """A function that starts a service whose ledger is in PostgreSQL."""
    from standfast.adapters.ledger import open_ledger
    from standfast.service import ledger_door

    def start(url):
        address = url.render_as_string(hide_password=False)
        opened = partial(open_ledger, address)
        monkeypatch.setattr(ledger_door, "book_ledger", lambda settings: opened(book=settings.book_name))
        service = running(without_users=True)
        service.app.state.service.keeper.stop()
        return service

    return start


@pytest.mark.postgres
def test_a_database_that_goes_away_and_returns_costs_requests_but_not_the_service(on_postgres, database):
    relay = Relay(database.port)
    service = on_postgres(database.set(port=relay.port).update_query_dict({"connect_timeout": "3"}))
    key = service.key("read", "write", name="relay")
    assert service.client.get(f"{API}/touches", headers=key).status_code == 200
    relay.close()
    away = service.client.get(f"{API}/touches", headers=key)
    assert away.status_code == 503
    assert int(away.headers["retry-after"]) > 0
    assert "s3cret" not in away.text
    assert service.client.get("/health").status_code == 200
    assert service.client.get("/ready").status_code == 503
    assert (
        service.client.get(f"{API}/matrix", headers=key).status_code == 200
    )  # of the desk, for who is known
    relay.open()
    assert service.client.get(f"{API}/touches", headers=key).status_code == 200
    assert service.client.get("/ready").status_code == 200
    relay.close()


@pytest.mark.postgres
def test_two_instances_on_one_postgres_agree_and_do_what_is_sent_to_both_once(on_postgres, database):
    one, two = on_postgres(database), on_postgres(database)
    key = one.key("read", "write", name="both") | {"Idempotency-Key": "monday"}
    body = [{"account_id": "A-0001", "day": "2026-01-05", "channel": "call", "minutes": 30}]
    answers = []

    def send(service):
        answers.append(service.client.post(f"{API}/touches", json=body, headers=key))

    threads = [threading.Thread(target=send, args=(service,)) for service in (one, two) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    seen = [service.client.get(f"{API}/touches", headers=key).json() for service in (one, two)]
    assert seen[0] == seen[1]
    assert seen[0]["n_total"] == 1


def test_a_full_disk_is_said_and_nothing_is_left(service, monkeypatch, tmp_path):
    import errno
    import tempfile

    from standfast.service import uploads

    async def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "spool").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spool"))
    monkeypatch.setattr(uploads, "_received", full)
    answer = service.client.post(f"{API}/score/table", content=b"x", headers=service.key("score") | CSV)
    assert answer.status_code == 507
    assert not list((tmp_path / "spool").iterdir())
    assert service.app.state.service.uploads.n_there == 0


def test_more_tables_than_there_is_room_for_are_told_to_come_again(running):
    service = running(uploads_at_once=1, uploads_waiting=0)
    queue = service.app.state.service.uploads
    with queue.place():
        answer = service.client.post(f"{API}/score/table", content=b"x", headers=service.key("score") | CSV)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_an_answer_that_takes_too_long_is_given_up(running, monkeypatch):
    from standfast.service import what_if

    monkeypatch.setattr(what_if, "try_hours", lambda *_: time.sleep(0.6) or {})
    service = running(timeout_seconds=0.2)
    answer = service.client.get(f"{API}/plan/what-if?hours=7", headers=service.key("read"))
    assert answer.status_code == 503
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.fixture
def served(service):
    """The service on a port of this machine, in a thread."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        config = uvicorn.Config(service.app, log_config=None, access_log=False, timeout_graceful_shutdown=20)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield service, f"http://127.0.0.1:{listener.getsockname()[1]}", server
        server.should_exit = True
        thread.join(30)


def test_a_table_on_its_way_is_answered_though_the_service_is_being_stopped(served, owned_folder):
    service, address, server = served
    text = (owned_folder / "customers.csv").read_bytes()
    key = service.key("score")
    sent = threading.Event()

    def slowly():
        yield text[:1000]
        sent.set()
        server.should_exit = True
        time.sleep(0.3)
        yield text[1000:]

    answer = httpx.post(f"{address}{API}/score/table", content=slowly(), headers=key | CSV, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["x-rows-in"] == "1500"


def test_a_body_that_stands_still_is_given_up(running, owned_folder):
    service = running(body_timeout_seconds=0.2)
    config = uvicorn.Config(service.app, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        key = service.key("score")["Authorization"]
        with socket.create_connection(listener.getsockname()) as line:
            line.sendall(
                f"POST {API}/score HTTP/1.1\r\nHost: x\r\nAuthorization: {key}\r\n"
                "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{".encode()
            )
            line.settimeout(20)
            assert b" 408 " in line.recv(4096)
        server.should_exit = True
        thread.join(30)


@pytest.mark.e2e
def test_killed_while_it_writes_it_kept_all_it_had_answered_and_doubles_nothing(
    running, owned_folder, tmp_path
):
    """The real command, kill -9 amid writes; a second service on the same ledger is asked the same again."""
    service = running()
    key = service.key("read", "write", "admin")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = owned_folder / f"served-{os.getpid()}.toml"
    text = (owned_folder / "standfast.toml").read_text()
    ledger = tmp_path / "ledger.sqlite"
    settings.write_text(f'{text}\n[paths]\nmodels = "{owned_folder}/models"\nledger = "{ledger}"\n')
    command = [sys.executable, "-m", "standfast", "serve", "--port", str(port), "--settings", str(settings)]
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen(command, stderr=log, cwd=owned_folder)
    answered = {}
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process, tmp_path / "log")

        def write(first):
            with httpx.Client(base_url=address, headers=key) as client:
                for number in range(first, first + 1000):
                    headers = {"Idempotency-Key": f"n-{number}"}
                    try:
                        got = client.post(f"{API}/touches", json=body(number), headers=headers)
                    except httpx.HTTPError:
                        return
                    if got.status_code == 201:
                        answered[number] = got.json()

        threads = [threading.Thread(target=write, args=(place * 1000,)) for place in range(3)]
        for thread in threads:
            thread.start()
        while len(answered) < 15:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join()
    finally:
        process.kill()
        process.wait()
        settings.unlink()
    kept = service.client.get(f"{API}/touches?limit=500", headers=key).json()
    n_before = kept["n_total"]
    assert n_before >= len(answered) >= 15
    for number, told in list(answered.items())[:5]:
        again = service.client.post(
            f"{API}/touches", json=body(number), headers=key | {"Idempotency-Key": f"n-{number}"}
        )
        assert again.json() == told
    assert service.client.get(f"{API}/touches", headers=key).json()["n_total"] == n_before
    entries = service.client.get(f"{API}/audit?limit=500", headers=key).json()["rows"]
    assert sum(entry["who"].startswith("key") for entry in entries) == n_before
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
    assert any(line["message"] == "request" for line in lines)
    assert not any("A-0" in json.dumps(line) for line in lines)


def body(number):
    return [{"account_id": "A-0001", "day": "2026-01-05", "channel": "call", "play": f"play {number}"}]


def _wait(address, process, log):
    for _ in range(1200):
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{address}/ready").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    pytest.fail(log.read_text())
