"""The Book page of a large book against a bare hello world: both answered by one worker on loopback."""

import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_sessions import start_session
from standfast.adapters.ledger_users import add_user
from standfast.pipelines.desk import Desk, lay_desk
from standfast.pipelines.run import train_and_record
from standfast.service.app import create_app
from standfast.service.door import COOKIE
from standfast.settings import build_settings

N_ACCOUNTS = 100_000
N_TAUGHT = 4_000
N_ASKED = 40
BOOK = {"accounts": "customers.csv"}
COLUMNS = {"account_id": "id", "annual_revenue": "mrr", "churned": "left"}
MODEL = {"n_folds": 3, "n_knots": 5, "ridge_strengths": [3.0], "max_trees": 60, "symmetric_rows": 0}


def rows() -> Iterator[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound."""
    with tempfile.TemporaryDirectory() as folder:
        desk = _large_desk(Path(folder))
        with _session(desk) as (app, cookie), _served(app) as port, _served(_bare()) as bare:
            first = _seconds(port, "/", cookie)
            hello = _median(bare, "/", "")
            for name, path, bound in (
                ("Book", "/", "< 300 ms"),
                ("worklist of everyone", "/worklist?days=3650", ""),
                ("accounts of a cell", "/accounts?risk_tier=high&value_tier=high", ""),
            ):
                took = _median(port, path, cookie)
                told = f"{1000 * took:.0f} ms, {took / hello:.0f} x hello world ({1000 * hello:.2f} ms)"
                yield f"page, {N_ACCOUNTS:,} accounts: {name}", told, bound
            yield f"page, {N_ACCOUNTS:,} accounts: Book, the first after a new desk", f"{first:.2f} s", ""


def _large_desk(folder: Path) -> Desk:
    """Train on some accounts, then lay the desk of all of them."""
    _customers(N_TAUGHT).to_csv(folder / "customers.csv", index=False)
    paths = {name: str(folder / name) for name in ("models", "mlruns")}
    sections: dict[str, Any] = {
        "book": BOOK, "columns": COLUMNS, "model": MODEL, "capacity": {"hours": 4000},
        "paths": {**paths, "ledger": f"sqlite:///{folder / 'ledger.sqlite'}"},
    }  # fmt: skip
    settings = build_settings(sections, folder=folder)
    train_and_record(settings)
    _customers(N_ACCOUNTS).to_csv(folder / "customers.csv", index=False)
    return lay_desk(settings)


def _customers(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    usage, tickets = rng.normal(size=n), rng.poisson(2, n)
    left = rng.random(n) < 1 / (1 + np.exp(1.4 + 1.3 * usage - 0.35 * tickets))
    return pd.DataFrame(
        {
            "id": [f"A-{i:06d}" for i in range(n)],
            "name": [f"Firm {i}" for i in range(n)],
            "owner": [f"csm{i % 40:02d}" for i in range(n)],
            "usage": usage.round(3),
            "tickets": tickets,
            "mrr": rng.lognormal(9, 1, n).round(2),
            "left": np.where(left, "yes", "no"),
        }
    )


@contextmanager
def _session(desk: Desk) -> Iterator[tuple[FastAPI, str]]:
    """Give the service on a desk that stays, and the cookie of somebody who is signed in."""
    policy = replace(desk.settings.service, requests_per_second=1e6, look_seconds=1e6)
    settings = replace(desk.settings, service=policy)
    with open_ledger(settings.ledger_address, book=settings.book_name) as ledger:
        user = add_user(ledger, "bench", password="only for a minute", role="lead")  # noqa: S106
        token = start_session(ledger, user, hours=1)
    yield create_app(settings, desk=desk), f"{COOKIE}={token}"


def _bare() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    def hello() -> HTMLResponse:
        return HTMLResponse("<p>Hello, world</p>")

    return app


@contextmanager
def _served(app: Any) -> Iterator[int]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(timeout=10)


def _median(port: int, path: str, cookie: str) -> float:
    """Give the median of some answers, after two that warm up."""
    return statistics.median([_seconds(port, path, cookie) for _ in range(N_ASKED + 2)][2:])


def _seconds(port: int, path: str, cookie: str) -> float:
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path, headers={"Cookie": cookie, "Accept": "text/html"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{path} answered {answer.status}: {body[:300]!r}")
    return time.perf_counter() - start
