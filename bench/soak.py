"""The service under mixed requests for a while: no error, and no memory that only grows."""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil

from bench.scoring import make_accounts
from bench.service import ADD_KEY, await_desk, make_book, run, serving, without_labels

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
PER_SECOND = 50
MEGA = 1e6
READS = (
    "/api/v1/scores?limit=50", "/api/v1/plan", "/api/v1/matrix", "/api/v1/worklist?limit=50",
    "/api/v1/segments", "/api/v1/overrides", "/health", "/metrics",
)  # fmt: skip


def rows() -> Iterator[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_book(place)
        key = {"Authorization": f"Bearer {run(place, ADD_KEY)}"}
        with serving(place, ["-m", "standfast", "serve", "--port"]) as (server, port):
            address = f"http://127.0.0.1:{port}"
            await_desk(f"{address}/api/v1", key)
            with httpx.Client(base_url=address, headers=key, timeout=60) as client:
                _ask(client, seconds=SECONDS / 4)  # until caches are as full as they get
                before = psutil.Process(server).memory_info().rss
                statuses, taken = _ask(client, seconds=SECONDS)
                grown = psutil.Process(server).memory_info().rss - before
    n_failed = sum(status >= 400 for status in statuses)
    yield f"soak, {SECONDS:.0f} s of mixed requests: not answered", f"{n_failed} of {len(statuses):,}", "0"
    yield "the same, median of an answer", f"{statistics.median(taken):.1f} ms", ""
    yield "the same, memory grown", f"{round(grown / MEGA)} MB of {before / MEGA:.0f} MB", "< 10 %"


def _ask(client: httpx.Client, *, seconds: float) -> tuple[list[int], list[float]]:
    """Ask for one thing after the other at an even pace; every other request scores an account."""
    rows = json.loads(without_labels(make_accounts(200, seed=9)).to_json(orient="records"))
    statuses, taken, start = [], [], time.perf_counter()
    for number in range(int(seconds * PER_SECOND)):
        time.sleep(max(0.0, start + number / PER_SECOND - time.perf_counter()))
        begun = time.perf_counter()
        if number % 2:
            answer = client.post("/api/v1/score", json={"rows": [rows[number % len(rows)]], "reasons": 3})
        else:
            answer = client.get(READS[number // 2 % len(READS)])
        statuses.append(answer.status_code)
        taken.append((time.perf_counter() - begun) * 1000)
    return statuses, taken
