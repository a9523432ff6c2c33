"""Training on many snapshot rows, both propensities and all, against one plain LightGBM fit of them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd

from bench.scoring import PLAIN, SETTINGS, _ready, make_accounts

N_ROWS = int(os.environ.get("BENCH_ROWS", "400000"))
"""Fewer by BENCH_ROWS=50000, where time is short."""
N_DATES, N_FEW = 8, 2_000
CHILD = """\
import json, resource, time
from pathlib import Path
from standfast.pipelines.run import train_and_record
from standfast.settings import load_settings
settings = load_settings(Path("standfast.toml"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
train_and_record(settings)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(json.dumps({"seconds": seconds, "peak_bytes": peak * 1024}))
"""


def rows() -> list[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound.

    What a training of few rows takes, too, MLflow and the drawing of pictures above all, is no memory of the
    rows and is taken off.
    """
    with tempfile.TemporaryDirectory() as folder:
        accounts = make_accounts(N_ROWS, seed=1)
        names = [name for name in accounts if name not in {"account_id", "churned", "expanded"}]
        matrix = _ready(accounts[names])
        plain, matrix_bytes = _plain_seconds(matrix, accounts["churned"].to_numpy(float)), matrix.nbytes
        del matrix
        days = pd.date_range("2023-01-01", periods=N_DATES, freq="90D")
        accounts.insert(1, "observation_date", days[np.arange(N_ROWS) % N_DATES])
        few = _trained(Path(folder) / "few", accounts.head(N_FEW))
        ours = _trained(Path(folder) / "all", accounts)
    of_rows = ours["peak_bytes"] - few["peak_bytes"]
    return [
        (
            f"train on {N_ROWS:,} rows x 40 columns, two propensities, judged, recorded and reported",
            f"{ours['seconds'] / plain:.1f} x one plain fit ({ours['seconds']:.0f} s to {plain:.1f} s)",
            "<= 25 x",
        ),
        (
            f"memory while training on them, above that of {N_FEW:,} rows",
            f"{of_rows / matrix_bytes:.1f} x the matrix ({of_rows / 1e9:.2f} GB)",
            "< 4 x",
        ),
    ]


def _trained(place: Path, accounts: pd.DataFrame) -> dict[str, float]:
    """Train on a table in a process of its own; give its seconds and its peak of memory."""
    place.mkdir()
    accounts.to_parquet(place / "train.parquet")
    (place / "standfast.toml").write_text(SETTINGS)
    told = subprocess.run(
        [sys.executable, "-c", CHILD], check=True, cwd=place, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return figures


def _plain_seconds(matrix: np.ndarray, label: np.ndarray) -> float:
    """Give the seconds of one plain LightGBM fit: 300 trees of 31 leaves, two threads."""
    start = time.perf_counter()
    lgb.train(PLAIN, lgb.Dataset(matrix, label), num_boost_round=300)
    return time.perf_counter() - start
