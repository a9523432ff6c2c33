"""Trees held to the signs that the domain is sure of: what LightGBM's monotone constraints bring.

The signs were written down before anything was fitted, as a practitioner would; columns whose sign is open to
doubt have none. The logistic parts are the same on either side. Judged on the folds of the five clean sets,
and out of time on two real books of purchases and the sample book. Reads ../shared/data; what is missing is
left out. 0052 has the figures of STANDFAST_BENCH_RUNS=8.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from bench.out_of_time import DATA, HORIZON, write_book
from bench.quality import SETS, folds_of
from bench.recency import DATES, MATURITY, N_RUNS, TESTS, Book, books, day_of, draw_accounts
from bench.trial_figures import change, in_words, losses
from bench.trial_fit import Floats, Part, Trial
from standfast.features.encode import encode, learn_encoding
from standfast.pipelines.sample import sample
from standfast.propensity.recipe import Recipe
from standfast.settings import load_settings

Told = tuple[Floats, Floats, dict[str, tuple[Part, Part]]]
SIZES = (500, 1_200)
"""Accounts to learn from: a guard against noise should help most where they are few."""
METHODS = ("basic", "intermediate")
FLAT_SIGNS: Mapping[str, Mapping[str, int]] = {
    "telco": {"tenure": -1, "MonthlyCharges": 1},
    "maven": {"Tenureinmonths": -1, "Monthlycharge": 1, "Numberofreferrals": -1, "Numberofdependents": -1},
    "mlc": {"account_length": -1, "number_customer_service_calls": 1},
    "saas": {"csat_score": -1, "articles_viewed": -1, "smartphone_notifications_viewed": -1,
             "marketing_emails_clicked": -1},
    "bank": {"Tenure": -1, "IsActiveMember": -1},
}  # fmt: skip
TEMPTING = {"bank": {"Tenure": -1, "IsActiveMember": -1, "NumOfProducts": -1}}
"""A wrong sign on purpose, which many would add: more products, more loyal. Holders of three leave."""
PURCHASE_SIGNS = {
    **dict.fromkeys(("days_since_last_purchase", "purchase_overdue"), 1),
    **{f"{kind}_{days}d": -1 for kind in ("purchases", "spend") for days in (30, 90, 180, 365)},
}
SAMPLE_SIGNS = {
    **dict.fromkeys(("payment_delay_days", "invoices_overdue", "late_share_180d", "overdue_share"), 1),
    **dict.fromkeys(("price_change_180d", "days_since_last_use", "tickets_open", "open_critical"), 1),
    **dict.fromkeys(("escalations_90d", "escalation_share_180d", "sponsor_left_90d"), 1),
    **dict.fromkeys(("auto_renew", "seat_utilisation", "usage_trend_30d", "usage_trend_90d"), -1),
    **dict.fromkeys(("active_days_30d", "users_trend_30d", "nps_last", "nps_worst_180d", "has_sponsor"), -1),
}


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, figure and bound of each measure."""
    if DATA.is_dir():
        for name in SETS:
            yield from _on_folds(name, FLAT_SIGNS[name])
        for name, signs in TEMPTING.items():
            yield from _on_folds(name, signs, added=", a wrong sign among them")
        for name, tests in TESTS.items():
            with tempfile.TemporaryDirectory() as folder:
                book = books(write_book(name, Path(folder), DATES[name]))["churned"]
            on = [day_of(test) for test in tests]
            for n_accounts in SIZES:
                yield from _in_time(
                    f"{name} churned", book, on, PURCHASE_SIGNS,
                    gap=HORIZON.days, n_accounts=n_accounts, n_runs=N_RUNS,
                )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        sample(Path(folder))
        book = books(load_settings(Path(folder) / "standfast.toml"))["churned"]
    on = np.unique(book.days)[-1:]
    yield from _in_time(
        "sample churned", book, on, SAMPLE_SIGNS,
        gap=MATURITY.days, n_accounts=SIZES[-1], n_runs=max(1, N_RUNS // 2),
    )  # fmt: skip


def _on_folds(name: str, signs: Mapping[str, int], *, added: str = "") -> Iterator[tuple[str, str, str]]:
    table = pd.read_csv(DATA / name / f"{name}_clean.csv")
    columns = [str(column) for column in table if column not in {"account_id", "churned"}]
    encoding = learn_encoding(table, columns=columns)
    X, y = encode(table, encoding).matrix, table["churned"].to_numpy(dtype=float)
    folds = folds_of(name)
    accounts, taken = np.arange(len(y)), []
    for fold in np.unique(folds):
        rest, held = folds != fold, folds == fold
        trial = Trial(X[rest], y[rest], accounts[rest], X[held], encoding, Recipe())
        taken.append([(y[held], accounts[held], _ways(trial, signs))])
    yield from _lines(f"{name}, {len(signs)} signs{added}", taken)


def _in_time(
    name: str,
    book: Book,
    on: Sequence[float],
    signs: Mapping[str, int],
    *,
    gap: int,
    n_accounts: int,
    n_runs: int,
) -> Iterator[tuple[str, str, str]]:
    taken = []
    for day in on:
        told = []
        for run in range(n_runs):
            trial, _, asked = book.trial(
                draw_accounts(book, n_accounts, run), until=day - gap, on=day, seed=run + 1
            )
            told.append((book.y[asked], book.accounts[asked], _ways(trial, signs)))
        taken.append(told)
    yield from _lines(f"{name}, {n_accounts:,} accounts, {len(signs)} signs", taken)


def _ways(trial: Trial, signs: Mapping[str, int]) -> dict[str, tuple[Part, Part]]:
    """Trees and blend of each way; ``chosen`` are the trees of least held-out log loss."""
    equal = np.ones(len(trial.y))
    known = {column: sign for column, sign in signs.items() if column in trial.encoding.names}
    if known != signs:
        raise KeyError(f"no such columns: {sorted(set(signs) - set(known))}")
    trees = {"free": trial.trees(equal)}
    trees |= {method: trial.trees(equal, signs, method) for method in METHODS}
    trees["chosen"] = min(trees.values(), key=lambda part: losses(trial.y, part.held_out).sum())
    logistic = trial.logistic(equal)
    return {way: (part, trial.blend([*logistic, part], equal, bend=True)) for way, part in trees.items()}


def _lines(name: str, taken: Sequence[Sequence[Told]]) -> Iterator[tuple[str, str, str]]:
    """Each way less free trees, alone and in the blend; per test one entry per draw."""
    for place, what in enumerate(("trees alone", "blend")):
        for way in (*METHODS, "chosen"):
            changes = [
                change(
                    told[0][0], told[0][1],
                    [ways["free"][place].asked for *_, ways in told],
                    [ways[way][place].asked for *_, ways in told],
                )
                for told in taken
            ]  # fmt: skip
            yield f"{name}, {way}, {what}", in_words(changes), "log loss below 0 helps"
