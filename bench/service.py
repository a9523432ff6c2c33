"""The service on loopback: one account at 100 requests a second, beside a bare hello world; an upload."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pandas as pd

from bench.load import Answered, load
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
        make_book(place)
        key = {"Authorization": f"Bearer {run(place, ADD_KEY)}"}
        sent = {"rows": json.loads(without_labels(make_accounts(1, seed=9)).to_json(orient="records"))}
        with serving(place, ["-c", HELLO]) as (bare, port):
            hello = _load(bare, port, "/score", sent, key)
        with serving(place, ["-m", "standfast", "serve", "--port"]) as (service, port):
            address = f"http://127.0.0.1:{port}/api/v1"
            await_desk(address, key)
            ours = _load(service, port, "/api/v1/score", sent, key)
            upload = min(_upload(address, place, key) for _ in range(2))
        batch = min(float(run(place, BATCH)) for _ in range(2))
    return [
        (
            f"score one account at {PER_SECOND} requests a second, one worker, p50",
            f"{ours.p50:.1f} ms ({ours.p50 / hello.p50:.1f} x a bare hello world's {hello.p50:.1f} ms)",
            "< 5 ms",
        ),
        (
            "the same, p99",
            f"{ours.p99:.1f} ms ({ours.p99 / hello.p99:.1f} x {hello.p99:.1f} ms)",
            "< 25 ms",
        ),
        (
            "the same, processor time of the server for a request",
            f"{ours.cpu:.2f} ms, of which the bare server takes {hello.cpu:.2f} ms",
            "",
        ),
        (
            f"upload {N_UPLOAD:,} rows as Parquet and get them back scored",
            f"{upload / batch:.2f} x the command ({upload:.1f} s to {batch:.1f} s)",
            "<= 2 x",
        ),
    ]


def make_book(place: Path) -> None:
    """Train on some accounts, and leave a book for the desk and a table to upload."""
    make_accounts(N_TRAIN, seed=1).to_parquet(place / "train.parquet")
    upload = without_labels(make_accounts(N_UPLOAD, seed=5))
    upload.to_parquet(place / "upload.parquet", index=False)
    (place / "standfast.toml").write_text(SETTINGS)
    subprocess.run([sys.executable, "-m", "standfast", "train"], check=True, cwd=place, capture_output=True)
    pd.read_parquet(place / "train.parquet").head(2000).to_parquet(
        place / "train.parquet"
    )  # what the desk holds


def without_labels(accounts: pd.DataFrame) -> pd.DataFrame:
    """Give accounts as they are sent to be scored."""
    return accounts.drop(columns=["churned", "expanded"])


def _load(server: int, port: int, path: str, sent: object, key: dict[str, str]) -> Answered:
    return load(port, path, sent, headers=key, server=server, n=N_REQUESTS, per_second=PER_SECOND)


def run(place: Path, code: str) -> str:
    """Run code in a book's folder, and give the last line it prints."""
    told = subprocess.run([sys.executable, "-c", code], check=True, cwd=place, capture_output=True, text=True)
    return told.stdout.splitlines()[-1]


@contextmanager
def serving(place: Path, command: list[str]) -> Iterator[tuple[int, int]]:
    """Run a server in a process of its own, and give its process and port once it answers."""
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
            yield server.pid, port
        finally:
            server.terminate()
            server.wait()


def await_desk(address: str, key: dict[str, str]) -> None:
    """Wait until the service answers from a desk."""
    for _ in range(3000):
        if httpx.get(f"{address}/matrix", headers=key).status_code == 200:
            return
        time.sleep(0.1)
    raise TimeoutError("no desk was laid in five minutes")


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
