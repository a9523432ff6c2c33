"""A service on the trained flat book: one desk for all tests, and a ledger with users and keys for each."""

import shutil
from dataclasses import dataclass, replace

import pytest
from starlette.testclient import TestClient

PASSWORD = "correct horse battery staple"  # noqa: S105
ROLES = {"vera": "viewer", "cleo": "csm", "cora": "csm", "lea": "lead", "ada": "admin"}
OWNERS = {"cleo": "cleo", "cora": "cora"}
HASHED = {}
API = "/api/v1"


@pytest.fixture(scope="session")
def owned_folder(trained_flat_folder, tmp_path_factory):
    """The trained flat book with an owner for each account; look, never touch."""
    import pandas as pd

    folder = tmp_path_factory.mktemp("owned") / "book"
    shutil.copytree(trained_flat_folder, folder, symlinks=True, ignore=shutil.ignore_patterns("mlruns"))
    customers = pd.read_csv(folder / "customers.csv")
    owners = ["cleo" if place % 2 else "cora" for place in range(len(customers))]
    customers.assign(owner=owners, name=[f"Firm {id_}" for id_ in customers["id"]]).to_csv(
        folder / "customers.csv", index=False
    )
    return folder


@pytest.fixture(scope="session")
def desk(owned_folder, tmp_path_factory):
    """The desk of that book, laid once."""
    from standfast.pipelines.desk import lay_desk

    return lay_desk(settings_in(owned_folder, tmp_path_factory.mktemp("ledger")))


def settings_in(folder, ledger_folder, **service):
    """Settings of the book in a folder, with a ledger elsewhere and what is said of the service."""
    from standfast.settings import load_settings

    settings = load_settings(folder / "standfast.toml")
    paths = replace(
        settings.paths, models=str(folder / "models"), ledger=f"sqlite:///{ledger_folder / 'ledger.sqlite'}"
    )
    return replace(settings, paths=paths, service=replace(settings.service, **service))


@dataclass(frozen=True)
class Running:
    """A service that runs in this process."""

    app: object
    settings: object
    client: TestClient

    def ledger(self):
        return self.app.state.service.door.ledger()

    def key(self, *scopes, owner=None, name=None):
        """Headers of a new key."""
        from standfast.adapters.ledger_keys import add_key, list_keys

        name = name or f"key {len(list_keys(self.ledger()))}"
        return {"Authorization": f"Bearer {add_key(self.ledger(), name, scopes=scopes, owner=owner)}"}

    def sign_in(self, name):
        """Headers of a session of a user, with the word its forms bring along."""
        from standfast.adapters.ledger_sessions import start_session
        from standfast.adapters.ledger_users import User, list_users
        from standfast.service.callers import csrf_of

        row = list_users(self.ledger()).set_index("name").loc[name]
        user = User(int(row["user_id"]), name, row["role"], OWNERS.get(name), is_active=True)
        token = start_session(self.ledger(), user, hours=1)
        return {"Cookie": f"standfast_session={token}", "X-CSRF-Token": csrf_of(token)}


@pytest.fixture
def running(desk, owned_folder, tmp_path):
    """A function that starts a service on the desk; it ends with the test."""
    started = []

    def start(*, without_desk=False, **service):
        from standfast.service.app import create_app

        settings = settings_in(owned_folder, tmp_path, **service)
        app = create_app(settings, desk=None if without_desk else desk)
        client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        client.__enter__()
        started.append(client)
        run = Running(app, settings, client)
        add_everybody(run.ledger())
        return run

    yield start
    for client in started:
        client.__exit__(None, None, None)


@pytest.fixture
def service(running):
    """A running service."""
    return running()


def add_everybody(ledger):
    """Add a user of each role; the password is hashed once for all tests, for that is slow on purpose."""
    from standfast.adapters import ledger_users

    before = ledger_users.hash_password
    try:
        ledger_users.hash_password = lambda told: HASHED.get(told) or HASHED.setdefault(told, before(told))
        for name, role in ROLES.items():
            ledger_users.add_user(ledger, name, password=PASSWORD, role=role, owner=OWNERS.get(name))
    finally:
        ledger_users.hash_password = before


@pytest.fixture
def row():
    """A row to score."""
    return {
        "id": "N-1",
        "plan": "pro",
        "usage": -0.4,
        "tickets": 3,
        "mrr": 250.0,
        "owner": "cleo",
        "name": "New",
    }
