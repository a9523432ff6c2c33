"""Scores in the ledger: a million kept at once, and one account's history among ten million."""

import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from standfast.adapters.ledger import Ledger, open_ledger
from standfast.adapters.ledger_scores import SCORE_FIGURES, account_scores, keep_scores

N_ACCOUNTS = 1_000_000
N_RUNS = 10
N_LOOKS = 200


def rows() -> Iterator[tuple[str, str, str]]:
    """Time both, in a SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.sqlite"
        with open_ledger(f"sqlite:///{file}", book="bench") as ledger:
            spent = [_keep(ledger, run) for run in range(N_RUNS)]
            again = _keep(ledger, N_RUNS - 1)
            looks = [
                _look(ledger, f"A-{i:07d}") for i in np.random.default_rng(1).integers(0, N_ACCOUNTS, N_LOOKS)
            ]
        size = file.stat().st_size
    yield "ledger: keep 1,000,000 scores, the first run", _said(spent[0]), "under 30 s of CPU"
    yield "ledger: keep 1,000,000 scores beside 9,000,000", _said(spent[-1]), "at most 2 x the first"
    yield "ledger: find that a run of 1,000,000 is kept already", _said(again), "under 10 s of CPU"
    told = f"{1000 * np.median(looks):.1f} ms, at most {1000 * max(looks):.0f} ms"
    yield (
        "ledger: one account's history among 10,000,000 scores",
        told,
        "median under 5 ms on a quiet machine",
    )
    yield "ledger: file of 10,000,000 scores", f"{size / 1e9:.2f} GB", "under 100 bytes a score"


def _keep(ledger: Ledger, run: int) -> tuple[float, float]:
    """Give the seconds, and those of CPU, that a run of scores takes; one number makes the same scores."""
    rng = np.random.default_rng(run)
    figures = {name: rng.random(N_ACCOUNTS) for name in SCORE_FIGURES}
    accounts = [f"A-{i:07d}" for i in range(N_ACCOUNTS)]
    scores = pd.DataFrame({"account_id": accounts, **figures, "priority": rng.integers(1, 10, N_ACCOUNTS)})
    begun, worked = time.perf_counter(), time.process_time()
    keep_scores(ledger, scores, as_of=date(2024, 1, 1) + timedelta(days=7 * run), model_version="m")
    return time.perf_counter() - begun, time.process_time() - worked


def _said(spent: tuple[float, float]) -> str:
    return f"{spent[0]:.1f} s, {spent[1]:.1f} s of CPU"


def _look(ledger: Ledger, account_id: str) -> float:
    begun = time.perf_counter()
    history = account_scores(ledger, account_id)
    spent = time.perf_counter() - begun
    if len(history) != N_RUNS:
        raise AssertionError(f"{account_id} has {len(history)} scores, not {N_RUNS}")
    return spent
