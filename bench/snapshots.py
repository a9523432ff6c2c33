"""Snapshots of 12 M usage events, 100 k accounts and 8 dates, against the same features written in Polars."""

import json
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

N_ACCOUNTS = 100_000
MILLIONS = (3, 6, 12)
N_DATES = (2, 4, 8)
FIRST_DAY = np.datetime64("2023-01-01")
N_DAYS = 730
NEWEST = date(2024, 12, 1)
EVENTS = np.array(["login", "report", "export", "api_call", "share", "admin"])
SHARES = (0.4, 0.2, 0.2, 0.1, 0.05, 0.05)
CHILD = """\
import json, resource, sys, time
from pathlib import Path
from bench.snapshots import observation_dates
from bench.{side} import look
start = time.perf_counter()
rows = look(Path(sys.argv[1]), observation_dates(int(sys.argv[2])), Path(sys.argv[3]))
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({{"seconds": seconds, "peak_gb": peak, "rows": rows}}))
"""


def rows() -> list[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound."""
    with tempfile.TemporaryDirectory() as folder:
        places = {millions: Path(folder, f"{millions}") for millions in MILLIONS}
        for millions, place in places.items():
            write_book(place, n_millions=millions)
        small, large = min(MILLIONS), max(MILLIONS)
        by_dates = {n: _run("snapshots_ours", places[small], n) for n in N_DATES}
        by_events = {m: _run("snapshots_ours", places[m], max(N_DATES)) for m in MILLIONS[1:]}
        by_events[small] = by_dates[max(N_DATES)]
        _run("snapshots_in_polars", places[small], max(N_DATES))
        n_different, n_values = differences(places[small])
        theirs = _run("snapshots_in_polars", places[large], max(N_DATES))
    ours, seconds = by_events[large], theirs["seconds"]
    work = f"snapshots of {large} M events x {N_ACCOUNTS:,} accounts x {max(N_DATES)} dates"
    return [
        (
            f"{work}, Parquet to Parquet",
            f"{ours['seconds'] / seconds:.2f} x Polars ({ours['seconds']:.0f} s to {seconds:.0f} s)",
            "<= 1.5 x",
        ),
        ("values that differ from those of Polars", f"{n_different} of {n_values:,}", "0"),
        (
            "memory while they are built",
            f"{ours['peak_gb']:.1f} GB (Polars {theirs['peak_gb']:.1f})",
            "< 4 GB",
        ),
        _growth("events", by_events, unit=" M"),
        _growth("dates", by_dates),
    ]


def observation_dates(n_dates: int) -> list[date]:
    """Give dates 30 days apart, oldest first."""
    return [NEWEST - timedelta(days=30 * n) for n in reversed(range(n_dates))]


def write_book(place: Path, *, n_millions: int) -> None:
    """Write accounts, subscriptions and so many million usage events, most of them of few accounts."""
    place.mkdir()
    chance = np.random.default_rng(1)
    ids = np.array([f"A{n:07d}" for n in range(N_ACCOUNTS)])
    industries = chance.choice(["retail", "media", "mining"], N_ACCOUNTS)
    pd.DataFrame({"account_id": ids, "industry": industries}).to_parquet(place / "accounts.parquet")
    contracts = {
        "account_id": ids,
        "started_on": FIRST_DAY + chance.integers(-500, 600, N_ACCOUNTS),
        "ended_on": pd.NaT,
        "amount": chance.lognormal(8, 1, N_ACCOUNTS).round(2),
        "seats": chance.integers(1, 20, N_ACCOUNTS),
    }
    pd.DataFrame(contracts).to_parquet(place / "subscriptions.parquet")
    weight = chance.lognormal(0, 1, N_ACCOUNTS)
    writer = None
    for _ in range(n_millions):
        events = _million(ids, weight / weight.sum(), chance)
        writer = writer or pq.ParquetWriter(place / "usage.parquet", events.schema)
        writer.write_table(events)
    if writer is not None:
        writer.close()


def _million(
    ids: np.ndarray, weight: np.ndarray, chance: np.random.Generator, n: int = 1_000_000
) -> pa.Table:
    account, kind = chance.choice(len(ids), n, p=weight), chance.choice(len(EVENTS), n, p=SHARES)
    user = np.char.add(ids[account], np.char.add("-", chance.integers(0, 8, n).astype(str)))
    calls = EVENTS[kind] == "api_call"
    return pa.table(
        {
            "account_id": ids[account],
            "day": FIRST_DAY + chance.integers(0, N_DAYS, n),
            "event": EVENTS[kind],
            "quantity": np.where(calls, chance.integers(1, 500, n), chance.integers(1, 5, n)),
            "user_id": user,
        }
    )


def differences(place: Path) -> tuple[int, int]:
    """Count the values on which the two differ by more than the last digits of a float, and all of them."""
    keys = ["observation_date", "account_id"]
    ours, theirs = (
        pd.read_parquet(place / f"{side}.parquet").sort_values(keys, ignore_index=True)
        for side in ("snapshots_ours", "snapshots_in_polars")
    )
    if len(ours) != len(theirs):
        return abs(len(ours) - len(theirs)) * theirs.shape[1], theirs.size
    names = [name for name in theirs if name not in keys]
    same = [
        np.isclose(ours[name].astype(float), theirs[name].astype(float), rtol=1e-12, atol=0, equal_nan=True)
        for name in names
    ]
    is_same_account = (ours["account_id"] == theirs["account_id"]).to_numpy()
    return int((~np.vstack([*same, is_same_account])).sum()), len(theirs) * (len(names) + 1)


def _run(side: str, place: Path, n_dates: int) -> dict[str, float]:
    """Build the snapshots in a process of their own; give its seconds, its memory and the rows."""
    command = [
        sys.executable,
        "-c",
        CHILD.format(side=side),
        str(place),
        str(n_dates),
        str(place / f"{side}.parquet"),
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return figures


def _growth(what: str, runs: dict[int, dict[str, float]], *, unit: str = "") -> tuple[str, str, str]:
    low, high = min(runs), max(runs)
    times = runs[high]["seconds"] / runs[low]["seconds"]
    told = ", ".join(f"{n}{unit}: {runs[n]['seconds']:.0f} s" for n in sorted(runs))
    return (
        f"growth with {what}",
        f"{times:.1f} x from {low}{unit} to {high}{unit} ({told})",
        f"<= {high / low:.0f} x",
    )
