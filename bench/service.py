"""The service on loopback: one account at 100 requests a second, beside a bare hello world; an upload."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pandas as pd

from bench.scoring import SETTINGS, make_accounts

PER_SECOND = 100
N_REQUESTS = 1000
N_UPLOAD = 100_000
N_TRAIN = 3_000
HELLO = """\
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.post("/score")
async def hello() -> dict[str, str]:
    return {"hello": "world"}
uvicorn.run(app, port=int(sys.argv[1]), log_config=None, access_log=False)
"""
ADD_KEY = """\
from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_keys import add_key
from standfast.settings import load_settings
settings = load_settings()
with open_ledger(settings.ledger_address, book=settings.book_name) as ledger:
    print(add_key(ledger, "bench", scopes=["read", "score"]))
"""
BATCH = """\
import time
from pathlib import Path
from standfast.pipelines.score import score
from standfast.settings import load_settings
settings = load_settings(Path("standfast.toml"))
start = time.perf_counter()
score(settings, table=Path("upload.parquet"), output=Path("scores.parquet"))
print(time.perf_counter() - start)
"""


def rows() -> list[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _make_book(place)
        with _serving(place, ["-c", HELLO]) as port:
            bare = asyncio.run(_load(f"http://127.0.0.1:{port}/score", {"rows": []}, {}))
        key = {"Authorization": f"Bearer {_run(place, ADD_KEY)}"}
        one = json.loads(make_accounts(1, seed=9).to_json(orient="records"))
        sent = {
            "rows": [{name: cell for name, cell in one[0].items() if name not in {"churned", "expanded"}}]
        }
        with _serving(place, ["-m", "standfast", "serve", "--port"]) as port:
            address = f"http://127.0.0.1:{port}/api/v1"
            _await_desk(address, key)
            ours = asyncio.run(_load(f"{address}/score", sent, key))
            upload = min(_upload(address, place, key) for _ in range(2))
        batch = min(float(_run(place, BATCH)) for _ in range(2))
    return [
        (
            f"score one account at {PER_SECOND} requests a second, one worker, p50",
            f"{ours[0]:.1f} ms ({ours[0] / bare[0]:.1f} x a bare hello world's {bare[0]:.1f} ms)",
            "< 5 ms",
        ),
        ("the same, p99", f"{ours[1]:.1f} ms ({ours[1] / bare[1]:.1f} x its {bare[1]:.1f} ms)", "< 25 ms"),
        (
            f"upload {N_UPLOAD:,} rows as Parquet and get them back scored",
            f"{upload / batch:.2f} x the command ({upload:.1f} s to {batch:.1f} s)",
            "<= 2 x",
        ),
    ]


def _make_book(place: Path) -> None:
    make_accounts(N_TRAIN, seed=1).to_parquet(place / "train.parquet")
    upload = make_accounts(N_UPLOAD, seed=5).drop(columns=["churned", "expanded"])
    upload.to_parquet(place / "upload.parquet", index=False)
    (place / "standfast.toml").write_text(SETTINGS)
    subprocess.run([sys.executable, "-m", "standfast", "train"], check=True, cwd=place, capture_output=True)
    pd.read_parquet(place / "train.parquet").head(2000).to_parquet(
        place / "train.parquet"
    )  # what the desk holds


def _run(place: Path, code: str) -> str:
    told = subprocess.run([sys.executable, "-c", code], check=True, cwd=place, capture_output=True, text=True)
    return told.stdout.splitlines()[-1]


@contextmanager
def _serving(place: Path, command: list[str]):  # noqa: ANN202
    """Run a server in a process of its own, and give its port once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (place / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, *command, str(port)], cwd=place, stdout=log, stderr=log, env=os.environ
        )
        try:
            for _ in range(3000):
                if server.poll() is not None:
                    raise RuntimeError((place / "server.log").read_text())
                with socket.socket() as line:
                    if line.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port
        finally:
            server.terminate()
            server.wait()


def _await_desk(address: str, key: dict[str, str]) -> None:
    for _ in range(3000):
        if httpx.get(f"{address}/matrix", headers=key).status_code == 200:
            return
        time.sleep(0.1)
    raise TimeoutError("no desk was laid in five minutes")


async def _load(url: str, sent: dict[str, object], headers: dict[str, str]) -> tuple[float, float]:
    """Send requests at an even pace, and give the median and the 99th percentile in milliseconds."""
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=20)
    taken: list[float] = []
    async with httpx.AsyncClient(limits=limits, headers=headers, timeout=60) as client:
        body = json.dumps(sent)

        async def ask() -> None:
            start = time.perf_counter()
            answer = await client.post(url, content=body, headers={"Content-Type": "application/json"})
            taken.append((time.perf_counter() - start) * 1000)
            answer.raise_for_status()

        for _ in range(20):  # connections, and what is made when it is first needed
            await ask()
        taken.clear()
        start, waiting = time.perf_counter(), []
        for number in range(N_REQUESTS):
            await asyncio.sleep(max(0.0, start + number / PER_SECOND - time.perf_counter()))
            waiting.append(asyncio.create_task(ask()))
        await asyncio.gather(*waiting)
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 99))


def _upload(address: str, place: Path, key: dict[str, str]) -> float:
    start = time.perf_counter()
    answer = httpx.post(
        f"{address}/score/table?answer=parquet",
        content=(place / "upload.parquet").read_bytes(),
        headers=key | {"Content-Type": "application/vnd.apache.parquet"},
        timeout=600,
    )
    answer.raise_for_status()
    if int(answer.headers["x-rows-in"]) != N_UPLOAD:
        raise ValueError(answer.headers)
    return time.perf_counter() - start
