"""A million flat accounts of 40 columns, Parquet to Parquet, against the raw predict of two plain models."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

N_ROWS = 1_000_000
N_NUMBERS, N_CATEGORIES = 30, 9
N_TRAIN = 20_000
N_REASONS = 5
PLAIN = {"objective": "binary", "num_leaves": 31, "verbose": -1, "num_threads": 2}
SETTINGS = """\
[book]
name = "bench"
accounts = "train.parquet"
"""
CHILD = """\
import json, resource, sys, time
from pathlib import Path
from standfast.settings import load_settings
from standfast.pipelines.score import score
settings = load_settings(Path("standfast.toml"))
start = time.perf_counter()
summary = score(
    settings, table=Path("million.parquet"), output=Path("scores.parquet"), n_reasons=int(sys.argv[1])
)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({"seconds": seconds, "peak_gb": peak, "scored": summary.scored}))
"""


def rows() -> list[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        train = make_accounts(N_TRAIN, seed=1)
        train.to_parquet(place / "train.parquet")
        (place / "standfast.toml").write_text(SETTINGS)
        subprocess.run(
            [sys.executable, "-m", "standfast", "train"], check=True, cwd=place, capture_output=True
        )
        write_million(place / "million.parquet")
        plain = [_plain_seconds(train, label) for label in ("churned", "expanded")]
        ours, explained = _scored(place, n_reasons=0), _scored(place, n_reasons=N_REASONS)
    base = sum(plain)
    return [
        (
            "score 1 M accounts x 40 columns, Parquet to Parquet, two propensities",
            f"{ours['seconds'] / base:.2f} x the raw predicts ({ours['seconds']:.1f} s to {base:.1f} s)",
            "<= 1.3 x",
        ),
        ("memory while scoring them", f"{ours['peak_gb']:.2f} GB", "< 2 GB"),
        (
            f"the same with the {N_REASONS} strongest reasons of each account",
            f"{explained['seconds'] / ours['seconds']:.2f} x scoring alone ({explained['seconds']:.1f} s)",
            "<= 3 x",
        ),
        ("memory while scoring and explaining them", f"{explained['peak_gb']:.2f} GB", "< 2 GB"),
    ]


def _scored(place: Path, *, n_reasons: int) -> dict[str, float]:
    """Score the million in a process of its own; give its seconds and its peak of memory."""
    told = subprocess.run(
        [sys.executable, "-c", CHILD, str(n_reasons)], check=True, cwd=place, capture_output=True, text=True
    )
    figures: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return figures


def make_accounts(n_rows: int, *, seed: int) -> pd.DataFrame:
    """Give made-up accounts with 40 columns and both labels."""
    random = np.random.default_rng(seed)
    numbers = random.normal(size=(n_rows, N_NUMBERS))
    accounts = pd.DataFrame(numbers, columns=[f"number_{i}" for i in range(N_NUMBERS)])
    for i in range(N_CATEGORIES):
        codes = random.integers(0, 4 + 3 * i, n_rows)
        accounts[f"category_{i}"] = pd.Categorical.from_codes(
            codes, [f"c{j}" for j in range(4 + 3 * i)]
        ).astype(str)
    accounts["annual_revenue"] = np.exp(random.normal(9, 1, n_rows))
    accounts.loc[random.random(n_rows) < 0.1, "number_3"] = np.nan
    risk = numbers[:, 0] + 0.7 * numbers[:, 1] * numbers[:, 2] + 0.5 * (accounts["category_1"] == "c2")
    growth = numbers[:, 4] - 0.6 * np.abs(numbers[:, 5])
    accounts["churned"] = random.random(n_rows) < 1 / (1 + np.exp(2.2 - risk))
    accounts["expanded"] = random.random(n_rows) < 1 / (1 + np.exp(2.0 - growth))
    accounts.insert(0, "account_id", [f"A{seed}-{i:07d}" for i in range(n_rows)])
    return accounts


def write_million(path: Path) -> None:
    """Write the accounts to score in parts, so that this process stays small, too."""
    writer = None
    for part in range(10):
        accounts = make_accounts(N_ROWS // 10, seed=100 + part).drop(columns=["churned", "expanded"])
        table = pa.Table.from_pandas(accounts, preserve_index=False)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _plain_seconds(train: pd.DataFrame, label: str) -> float:
    """Give the seconds of one plain LightGBM model's predict on a ready matrix of a million rows."""
    names = [name for name in train if name not in {"account_id", "churned", "expanded"}]
    matrix = _ready(train[names])
    booster = lgb.train(PLAIN, lgb.Dataset(matrix, train[label].astype(float)), num_boost_round=300)
    million = np.tile(matrix, (N_ROWS // len(matrix), 1))
    start = time.perf_counter()
    booster.predict(million, num_threads=2)
    return time.perf_counter() - start


def _ready(accounts: pd.DataFrame) -> np.ndarray:
    return np.column_stack(
        [pd.factorize(accounts[name])[0] if accounts[name].dtype == object or accounts[name].dtype == "str"
         else accounts[name].to_numpy(float) for name in accounts]
    ).astype(np.float64)  # fmt: skip
