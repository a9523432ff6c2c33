"""One account through the Python API, of a flat book of 40 columns and of a book with events."""

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.scoring import SETTINGS, make_accounts
from standfast.pipelines.book_rows import open_book
from standfast.pipelines.one_account import open_scorer
from standfast.sample.book import make_sample_book
from standfast.sample.export import write_sample_book
from standfast.settings import load_settings

N_TRAIN = 5_000
N_SAMPLE, N_MONTHS = 1_000, 18
N_TIMES = 200
BOUND = "< 5 ms"


def rows() -> list[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        of_events = _of_the_sample_book(place / "sample")
        train = make_accounts(N_TRAIN, seed=1)
        train.to_parquet(place / "train.parquet")
        (place / "standfast.toml").write_text(SETTINGS)
        subprocess.run(
            [sys.executable, "-m", "standfast", "train"], check=True, cwd=place, capture_output=True
        )
        scorer = open_scorer(place / "models")
    accounts = train.drop(columns=["churned", "expanded"]).head(N_TIMES).to_dict("records")
    alone = _milliseconds(lambda place: scorer.score_one(accounts[place]))
    reasons = _milliseconds(lambda place: scorer.score_one(accounts[place], n_reasons=5))
    return [
        ("one account of 40 columns through the Python API, two propensities", f"{alone:.2f} ms", BOUND),
        ("the same with its 5 strongest reasons", f"{reasons:.2f} ms", BOUND),
        (
            "one account of the sample book by its id, three propensities, 5 reasons",
            f"{of_events:.2f} ms",
            BOUND,
        ),
    ]


def _of_the_sample_book(place: Path) -> float:
    write_sample_book(make_sample_book(n_accounts=N_SAMPLE, n_months=N_MONTHS), place)
    with contextlib.chdir(place):
        subprocess.run([sys.executable, "-m", "standfast", "train"], check=True, capture_output=True)
        book = open_book(load_settings())
    accounts = book.rows.current["account_id"].head(N_TIMES).tolist() * N_TIMES
    return _milliseconds(lambda place: book.score_one(accounts[place], n_reasons=5))


def _milliseconds(ask: Callable[[int], object]) -> float:
    """Give the median of many calls, in seconds of the processor: others may be at work here."""
    ask(0)
    taken = []
    for place in range(N_TIMES):
        start = time.process_time()
        ask(place)
        taken.append(time.process_time() - start)
    return float(np.median(taken)) * 1e3
