"""What tests need from the machine: a real Chromium, a PostgreSQL server of their own; and a book to read."""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


_NUMBERS = itertools.count()
PASSWORD = "s3cret"  # noqa: S105  (of a server that lives as long as the tests)


def _unavailable(reason):
    """Skip on a user's machine; fail where what is needed is promised to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium, driven by Playwright."""
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        _unavailable(f"no browser to open the page in: none of {', '.join(NAMES)} is on the path")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _unavailable("the playwright package, which drives the browser, is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres():
    """The address of an empty database on a PostgreSQL server that ends with the tests."""
    programs = _postgres_programs()
    try:
        import psycopg
    except ImportError:
        _unavailable("the psycopg package, which talks to PostgreSQL, is not installed")
    folder = Path(tempfile.mkdtemp(prefix="standfast-postgres-"))
    person = _unprivileged(folder)
    (folder / "password").write_text(PASSWORD)
    told = ["-U", "tester", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}", "-N", "-E", "UTF8"]
    _done(programs / "initdb", "-D", folder / "data", *told, user=person)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = ["-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *place], user=person, stdout=log, stderr=log
        )
        try:
            _await(
                lambda: psycopg.connect(
                    f"host=127.0.0.1 port={port} user=tester password={PASSWORD} dbname=postgres"
                ),
                server,
                folder / "log",
            )
            yield f"postgresql+psycopg://tester:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # what postgres takes as: end now, whoever is connected
            server.wait(timeout=60)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ledger_address(request, tmp_path):
    """The address of a ledger that is not there yet: a file, and a database on the server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    return _new_database(request.getfixturevalue("postgres"))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared_ledger_address(request, tmp_path_factory):
    """The address of a ledger that the tests of a file share; each looks at it through a book of its own."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.sqlite'}"
    return _new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def postgres_database(postgres):
    """The address of a database of the test's own."""
    return _new_database(postgres)


def _new_database(server):
    import sqlalchemy as sa

    name = f"ledger_{next(_NUMBERS)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


def _postgres_programs():
    """Give the newest folder that holds the server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    program = shutil.which("initdb") or (found[-1] if found else None)
    if program is None:
        _unavailable("no PostgreSQL server: initdb is neither on the path nor in /usr/lib/postgresql/*/bin")
    return Path(program).parent


def _unprivileged(folder):
    """Give the folder to someone else where root runs the tests, whom PostgreSQL refuses; None: to nobody."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = next(name for name in ("postgres", "nobody") if name in names)
    shutil.chown(folder, user=name)
    return name


def _done(*command, user):
    done = subprocess.run([*map(str, command)], user=user, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _await(connect, server, log, *, seconds=60):
    from psycopg import OperationalError

    for _ in range(seconds * 10):
        assert server.poll() is None, log.read_text()
        try:
            connect().close()
        except OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"PostgreSQL did not start in {seconds} seconds: {log.read_text()}")


@pytest.fixture(scope="module")
def engine():
    """A DuckDB of the test file's own."""
    from standfast.adapters.engine import DuckDbEngine

    with DuckDbEngine(n_threads=2) as engine:
        yield engine


@pytest.fixture(scope="session")
def sample():
    """A small sample book."""
    from standfast.sample.book import make_sample_book

    return make_sample_book(n_accounts=80, n_months=14, seed=7)


@pytest.fixture(scope="session")
def sample_files(sample, tmp_path_factory):
    """Its tables and settings as files; look, never touch."""
    from standfast.sample.export import write_sample_book

    folder = tmp_path_factory.mktemp("sample")
    write_sample_book(sample, folder)
    return folder


@pytest.fixture(scope="session")
def snapshots_of():
    """A function that gives the snapshots of a book under settings given as plain values."""
    from standfast.pipelines.observe import observe_book
    from standfast.settings import build_settings

    def look(folder, **sections):
        return observe_book(build_settings(sections, folder=folder)).snapshots

    return look


@pytest.fixture(scope="session")
def snapshots(sample_files, snapshots_of):
    """The snapshots of the sample book as its own files tell them."""
    from standfast.settings import load_settings

    return snapshots_of(sample_files, book=dict(load_settings(sample_files / "standfast.toml").book.tables))
