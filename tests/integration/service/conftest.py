"""A service on the trained flat book: one desk for all tests, and a ledger with users and keys for each."""

import shutil
from dataclasses import dataclass, replace
from datetime import date, timedelta

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

    def start(*, without_desk=False, without_users=False, **service):
        from standfast.service.app import create_app

        settings = settings_in(owned_folder, tmp_path, **service)
        app = create_app(settings, desk=None if without_desk else desk)
        client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        client.__enter__()
        started.append(client)
        run = Running(app, settings, client)
        if not without_users:
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


DAY = "2026-01-04"
HARM = '<script>window.harmed=1</script><img src=x onerror="window.harmed=1">'
LONG = "W" * 120
RIGHT_TO_LEFT = "\u202eevil \u05e9\u05dc\u05d5\u05dd"
NAMES = {
    "A-0000": HARM, "A-0001": LONG, "A-0002": RIGHT_TO_LEFT, "A-0003": "=cmd|' /C calc'!A0", "A-0004": "   ",
}  # fmt: skip
BOOK_OWNERS = ("cleo", "cora", "O'Neil & <b>Sons</b>")


def dated_book(trained, folder):
    """Copy the trained flat book, and give its accounts a date, owners and names."""
    shutil.copytree(trained, folder, symlinks=True, ignore=shutil.ignore_patterns("mlruns"))
    import pandas as pd

    customers = pd.read_csv(folder / "customers.csv")
    names = [NAMES.get(id_, f"Firm {id_}") for id_ in customers["id"]]
    owners = [BOOK_OWNERS[place % len(BOOK_OWNERS)] for place in range(len(customers))]
    customers.assign(owner=owners, name=names, observation_date=DAY).to_csv(
        folder / "customers.csv", index=False
    )
    return folder


def with_alerts(desk):
    """Give the desk with alerts as a book with a past would raise them; a flat one has none."""
    import pandas as pd

    from standfast.decision.alert_record import PastPrecision
    from standfast.pipelines.alerts import AlertList

    some = desk.accounts.head(6)
    rows = pd.DataFrame(
        {
            "owner": some["owner"], "account_id": some["account_id"], "name": some["name"],
            "type": "usage_drop", "severity": ["risk", "watch"] * 3, "owner_function": "CS",
            "opened_on": pd.Timestamp(DAY), "days_open": 0, "value": 0.4, "reason": f"less use {HARM}",
            "action": "Ask what has changed", "is_new": [True, False] * 3,
        }
    )  # fmt: skip
    found = AlertList(
        open=rows, states={}, precision=(PastPrecision("usage_drop", "churned", 40, 9, 0.2, 0.1, 0.4, 0.1),),
        as_of=date(2026, 1, 4), n_weeks=8, n_accounts=len(desk.accounts), horizon_days=90, confidence=0.9,
        since=date(2025, 12, 28), n_new=3, n_closed=1,
    )  # fmt: skip
    return replace(desk, seen=replace(desk.seen, alerts=found))


def keep_the_past(ledger, desk, *, weeks=3):
    """Keep scores of earlier weeks, each a little other."""
    from standfast.adapters.ledger_scores import keep_scores

    for week in range(weeks, 0, -1):
        then = desk.accounts.assign(
            churn_probability=(desk.accounts["churn_probability"] * (1 + 0.1 * week)).clip(0, 1)
        )
        keep_scores(ledger, then, as_of=desk.as_of - timedelta(days=7 * week), model_version=f"before-{week}")


@pytest.fixture(scope="session")
def dated_folder(trained_flat_folder, tmp_path_factory):
    """The trained flat book with a date, owners and hostile names; look, never touch."""
    return dated_book(trained_flat_folder, tmp_path_factory.mktemp("dated") / "book")


@pytest.fixture(scope="session")
def dated_desk(dated_folder, tmp_path_factory):
    """The desk of that book, laid once, with alerts put on it."""
    from standfast.pipelines.desk import lay_desk

    return with_alerts(lay_desk(settings_in(dated_folder, tmp_path_factory.mktemp("ledger"))))


@pytest.fixture
def dated_running(dated_desk, dated_folder, tmp_path):
    """A function that starts a service on the dated desk, which stays whatever is written."""
    started = []

    def start(**service):
        from standfast.service.app import create_app

        settings = settings_in(dated_folder, tmp_path, look_seconds=10_000.0, **service)
        worklist = replace(dated_desk.worklist, rows=dated_desk.worklist.rows.copy())
        app = create_app(settings, desk=replace(dated_desk, worklist=worklist))
        app.state.service.keeper.look = lambda: None
        client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        client.__enter__()
        started.append(client)
        run = Running(app, settings, client)
        add_everybody(run.ledger())
        return run

    yield start
    for client in started:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def keep_past_scores():
    """A function that keeps scores of weeks before a desk's in a ledger."""
    return keep_the_past


@pytest.fixture
def harm():
    """A name that would run something if it were not escaped."""
    return HARM


@pytest.fixture(scope="session")
def dated_app(dated_desk, dated_folder, tmp_path_factory):
    """An application on the dated desk with users and a past, for a server to run."""
    from standfast.service.app import create_app

    settings = settings_in(dated_folder, tmp_path_factory.mktemp("ledger"), look_seconds=10_000.0)
    app = create_app(settings, desk=dated_desk)
    app.state.service.keeper.look = lambda: None
    add_everybody(app.state.service.door.ledger())
    keep_the_past(app.state.service.door.ledger(), dated_desk)
    return app
