"""Older observation dates counting less: what half-lives of 90, 180 and 365 days bring out of time.

Each draw of accounts learns from its rows of older dates, weighted by 0.5 ** (age / half-life), and is judged
on all accounts at later dates: two real books of purchases (../shared/data; left out where that is missing),
the sample book, in which nothing drifts, and made-up books in which an effect drifts by a known amount.
``chosen`` is the half-life of least log loss on held-out rows of the newest date learned from, where that is
lower than without weights by more than a standard error. 0052 has the figures of STANDFAST_BENCH_RUNS=8.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from bench.out_of_time import DATA, HORIZON, write_book
from bench.trial_figures import Change, change, in_words, losses
from bench.trial_fit import Floats, Part, Trial
from standfast.features.encode import Encoding, Feature
from standfast.pipelines.observe import observe_book
from standfast.pipelines.sample import sample
from standfast.pipelines.train import prepare_learning
from standfast.propensity.aged import mean_with_error
from standfast.propensity.model import fit_propensity
from standfast.propensity.recipe import Recipe
from standfast.settings import Settings, load_settings

N_RUNS = int(os.environ.get("STANDFAST_BENCH_RUNS", "2"))
HALF_LIVES = (90.0, 180.0, 365.0)
WAYS = {f"half-life {days:.0f} days": days for days in HALF_LIVES}
WINDOWS = {"the newest 180 days alone": 180.0, "the newest date alone": 0.0}
"""Older dates left out: what `[snapshots] most` does already, and what they are worth at all."""
DATES = {
    "cdnow": [f"{month:%Y-%m-%d}" for month in pd.date_range("1997-03-01", "1998-04-01", freq="MS")],
    "online_retail": ["2011-01-01", "2011-01-15", "2011-02-01", "2011-02-14", "2011-03-01", "2011-05-15",
                      "2011-06-01"],
}  # fmt: skip
TESTS = {
    "cdnow": ("1997-10-01", "1997-12-01", "1998-02-01", "1998-04-01"),
    "online_retail": ("2011-05-15", "2011-06-01"),
}
LABELS = ("churned", "expanded")
SAMPLE_TESTS, MATURITY = 2, pd.Timedelta(days=120)
DRIFTS = (0.0, 0.1, 0.25, 0.5)
"""Log-odds by which an effect moves in a year, from minus half of it to plus half of it."""


@dataclass(frozen=True, eq=False)
class Book:
    """Rows of several dates with one label; those without it are left out."""

    X: Floats
    y: Floats
    accounts: Floats
    days: Floats
    encoding: Encoding

    def trial(self, chosen: Floats, *, until: float, on: float, seed: int) -> tuple[Trial, Floats, Floats]:
        """Give the rows of accounts to learn from, their ages, and which rows the test asks about."""
        learn = np.isin(self.accounts, chosen) & (self.days <= until)
        asked = self.days == on
        recipe = Recipe(symmetric_rows=0, seed=seed)
        trial = Trial(
            self.X[learn], self.y[learn], self.accounts[learn], self.X[asked], self.encoding, recipe
        )
        return trial, self.days[learn].max() - self.days[learn], asked


def rows() -> Iterator[tuple[str, str, str]]:
    """Name, figure and bound of each measure."""
    if DATA.is_dir():
        for name, tests in TESTS.items():
            with tempfile.TemporaryDirectory() as folder:
                found = books(write_book(name, Path(folder), DATES[name]))
            on = [day_of(test) for test in tests]
            for label, book in found.items():
                yield _check(f"{name} {label}", book, on[-1])
                yield from _lines(f"{name} {label}", [book] * N_RUNS, on, gap=HORIZON.days, n_accounts=1_200)
                n_runs = max(1, N_RUNS // 4)
                yield from _lines(
                    f"{name} {label}, 5,000", [book] * n_runs, on, gap=HORIZON.days, n_accounts=5_000
                )
    with tempfile.TemporaryDirectory() as folder:
        sample(Path(folder))
        found = books(load_settings(Path(folder) / "standfast.toml"))
    for label, book in found.items():
        on = np.unique(book.days)[-1:]
        runs = [book] * max(1, N_RUNS // 2)
        yield from _lines(f"sample {label}", runs, on, gap=MATURITY.days, n_accounts=1_200)
    for drift in DRIFTS:
        made = [make_book(drift, seed=run) for run in range(N_RUNS)]
        yield from _lines(f"made up, drift {drift:g} a year", made, [720.0], gap=90, n_accounts=1_200)


def day_of(date: str) -> float:
    return float((pd.Timestamp(date) - pd.Timestamp(0)).days)


def books(settings: Settings) -> dict[str, Book]:
    learnable = prepare_learning(observe_book(settings), settings=settings)
    snapshots = learnable.snapshots
    days = (pd.to_datetime(snapshots["observation_date"]) - pd.Timestamp(0)).dt.days.to_numpy(dtype=float)
    accounts = pd.factorize(snapshots["account_id"])[0]
    found = {}
    for label in LABELS:
        known = snapshots[label].notna().to_numpy()
        y = snapshots[label].fillna(value=False).to_numpy(dtype=float)
        found[label] = Book(
            learnable.matrix[known], y[known], accounts[known], days[known], learnable.encoding
        )
    return found


def _check(name: str, book: Book, on: float) -> tuple[str, str, str]:
    """Say how far the bench's own recipe, without weights, is from the product's."""
    chosen = draw_accounts(book, 1_200, 0)
    trial, _, asked = book.trial(chosen, until=on - HORIZON.days, on=on, seed=1)
    ours = fit_propensity(trial.X, trial.y, trial.accounts, encoding=book.encoding, recipe=trial.recipe)
    off = np.abs(expit(_fit(trial, np.ones(len(trial.y))).asked) - ours.probability(book.X[asked])).max()
    return f"{name}, the bench's recipe against the product's", f"off by {off:.5f} at most", "below 0.001"


def draw_accounts(book: Book, n_accounts: int, draw: int) -> Floats:
    known = np.unique(book.accounts)
    return np.random.default_rng(draw).choice(known, min(n_accounts, len(known)), replace=False)


def _fit(trial: Trial, weight: Floats) -> Part:
    return trial.blend([*trial.logistic(weight), trial.trees(weight)], weight)


def _lines(
    name: str, runs: Sequence[Book], on: Sequence[float], *, gap: int, n_accounts: int
) -> Iterator[tuple[str, str, str]]:
    """Each way less the recipe without weights; one book and one draw of its accounts per run."""
    taken: dict[str, list[Change]] = {}
    choices: list[str | None] = []
    for day in on:
        told = []
        for run, book in enumerate(runs):
            trial, age, asked = book.trial(
                draw_accounts(book, n_accounts, run), until=day - gap, on=day, seed=run + 1
            )
            found = {way: _fit(trial, 0.5 ** (age / days)) for way, days in WAYS.items()}
            without = _fit(trial, np.ones(len(age)))
            best = _choose(trial, age, found, without)
            choices.append(best)
            found["chosen"] = found[best] if best else without
            for window, days in WINDOWS.items():
                newest = trial.of(age <= days)
                found[window] = _fit(newest, np.ones(len(newest.y)))
            told.append((book, asked, without, found))
        for way in (*WAYS, *WINDOWS, "chosen"):
            taken.setdefault(way, []).append(_compare(told, way))
    for way, changes in taken.items():
        by_date = " ".join(f"{one.per_draw[:, 0].mean():+.4f}" for one in changes)
        added = f" by date {by_date}" if len(changes) > 1 else ""
        if way == "chosen":
            added += f"; none in {choices.count(None)} of {len(choices)}"
        yield f"{name}, {way}", in_words(changes) + added, "log loss below 0 helps"


def _choose(trial: Trial, age: Floats, found: Mapping[str, Part], without: Part) -> str | None:
    """Half-life of least log loss on held-out rows of the newest date; none where it is not surely lower."""
    newest = age == 0
    y, accounts = trial.y[newest], trial.accounts[newest]
    off = {
        way: mean_with_error(losses(y, part.held_out[newest]) - losses(y, without.held_out[newest]), accounts)
        for way, part in found.items()
    }
    best = min(off, key=lambda way: off[way][0])
    mean, error = off[best]
    return best if mean < -error else None


def _compare(told: Sequence[tuple[Book, Floats, Part, Mapping[str, Part]]], way: str) -> Change:
    """Draws of one book share its rows; books that are made anew have nothing in common."""
    if all(book is told[0][0] for book, *_ in told):
        book, asked = told[0][:2]
        return change(
            book.y[asked], book.accounts[asked],
            [without.asked for _, _, without, _ in told], [found[way].asked for *_, found in told],
        )  # fmt: skip
    alone = [
        change(book.y[asked], book.accounts[asked], [without.asked], [found[way].asked])
        for book, asked, without, found in told
    ]
    return Change(np.concatenate([one.per_draw for one in alone]), np.empty(0), np.empty((0, 2)))


def make_book(drift: float, *, seed: int, n_accounts: int = 2_500) -> Book:
    """Two years of a book with eight features, every 60 days; two effects drift, one up and one down."""
    random = np.random.default_rng(seed)
    days = np.arange(0.0, 721.0, 30.0 * 2)
    nature = random.normal(size=(n_accounts, 1, 8))
    X = np.sqrt(0.6) * nature + np.sqrt(0.4) * random.normal(size=(n_accounts, len(days), 8))
    effects = np.tile([0.5, -0.5, 0.6, -0.4, 0.3, -0.2, 0.0, 0.0], (len(days), 1))
    effects[:, 0] += drift * (days - 720) / 365
    effects[:, 1] -= drift * (days - 720) / 365
    chance = expit(-2.4 + np.einsum("adf,df->ad", X, effects))
    y = (random.random(chance.shape) < chance).astype(float)
    names = tuple(Feature(f"feature_{place}", "number") for place in range(8))
    accounts = np.repeat(np.arange(n_accounts), len(days))
    return Book(X.reshape(-1, 8), y.ravel(), accounts, np.tile(days, n_accounts), Encoding(names))
