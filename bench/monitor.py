"""Monitoring in made-up books whose truth is known: false alarms where nothing changes, shifts found in time.

`python -m bench monitor` takes a few minutes; STANDFAST_BENCH_RUNS=20 makes it short.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from joblib import Parallel, delayed
from scipy.special import expit, logit
from scipy.stats import beta

from standfast.learning.aged import Measured
from standfast.learning.check import BREACHES, Check, worst_step
from standfast.learning.drift import judge_drift, months_of
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.observed_expected import learned_spread, spread_of_months
from standfast.learning.rivals import judge_rival
from standfast.pipelines.aged_models import MaturedRows, judge_matured
from standfast.propensity.aged import mean_with_error
from standfast.propensity.fitness import order_with_error
from standfast.propensity.metrics import row_losses

N_RUNS = int(os.environ.get("STANDFAST_BENCH_RUNS", "100"))
WARM_UP, LEARNED, TRAINED, CHANGE, END = 2, 20, 24, 36, 48
"""Months: training reads WARM_UP to LEARNED, is made at TRAINED; the world changes at CHANGE."""
HORIZON, MATURITY = 3, 4
POLICY = MonitorPolicy()
BLANK_SHARE = 0.05
NAMES = (
    "use",
    "trend",
    "tickets",
    "seats",
    "nps",
    "sponsor",
    "delay",
    "age",
    "plan",
    "industry",
    "noise",
    "price",
)
EFFECTS = np.array([-0.8, -0.5, 0.45, -0.35, -0.3, -0.3, 0.25, -0.1, 0.2, 0.0, 0.0, 0.1])
CODED = ("plan", "industry")
COUNTED = ("tickets",)


@dataclass(frozen=True)
class World:
    """What changes at CHANGE."""

    name: str
    shift: float = 0.0
    rate: float = 1.0
    turns_noise: bool = False
    blank: float = 0.0
    flips: bool = False

    @property
    def shows_in_labels(self) -> bool:
        """Whether it can only be seen once labels have matured."""
        return self.rate != 1 or self.turns_noise or self.flips


@dataclass(frozen=True)
class Book:
    """Months by slots: who sits in each slot, what is seen of it, whether it leaves in the month."""

    account: np.ndarray
    seen: np.ndarray
    left: np.ndarray


def make_book(world: World, *, n_accounts: int, seed: int) -> Book:
    """A book of equal size: who leaves makes room for a new account; two inputs have months in common."""
    rng = np.random.default_rng(seed)
    n_inputs = len(NAMES)
    x = rng.normal(size=(n_accounts, n_inputs))
    account, next_account = np.arange(n_accounts), n_accounts
    persistence = np.array([0.9, 0.6, 0.5, 0.97, 0.9, 0.97, 0.8, 1, 1, 1, 0.3, 0.97])
    accounts, seen, left = [], [], []
    for month in range(END + HORIZON):
        changed = month >= CHANGE
        x = persistence * x + np.sqrt(1 - persistence**2) * rng.normal(size=x.shape)
        common = np.zeros(n_inputs)
        common[[0, 1]] = 0.08 * rng.normal(size=2)
        effects = EFFECTS * np.where(changed and world.flips and np.arange(n_inputs) < 4, -1, 1)
        if changed and world.turns_noise:
            effects = effects * (np.arange(n_inputs) != 0)
        hazard = expit(-4.6 + np.log(world.rate if changed else 1) + (x + common) @ effects)
        gone = rng.random(n_accounts) < hazard
        accounts.append(account.copy())
        seen.append(_seen(x + common, world if changed else World(""), rng))
        left.append(gone)
        account = np.where(gone, next_account + np.cumsum(gone) - 1, account)
        next_account += int(gone.sum())
        x = np.where(gone[:, None], rng.normal(size=x.shape), x)
    return Book(np.array(accounts), np.array(seen), np.array(left))


def _seen(x: np.ndarray, world: World, rng: np.random.Generator) -> np.ndarray:
    """What the tables show: codes, counts, blanks, an input that has moved."""
    seen = x.copy()
    seen[:, 0] += world.shift
    for place, name in enumerate(NAMES):
        if name in CODED:
            seen[:, place] = np.digitize(x[:, place], [-1, 0, 1])
        if name in COUNTED:
            seen[:, place] = np.floor(np.exp(0.7 * x[:, place]))
    blank = rng.random((len(x), 2)) < np.array([max(world.blank, BLANK_SHARE), BLANK_SHARE])
    seen[:, [3, 4]] = np.where(blank, np.nan, seen[:, [3, 4]])
    return seen


def _labels(book: Book, month: int) -> np.ndarray:
    return book.left[month : month + HORIZON].any(axis=0).astype(float)


def _design(seen: np.ndarray) -> np.ndarray:
    filled = np.nan_to_num(seen)
    return np.column_stack([np.ones(len(seen)), filled, np.isnan(seen[:, [3, 4]])])


def _fit(book: Book, months: range) -> np.ndarray:
    """A logistic regression with a little ridge, by Newton's steps."""
    x = np.vstack([_design(book.seen[month]) for month in months])
    y = np.concatenate([_labels(book, month) for month in months])
    weights = np.zeros(x.shape[1])
    weights[0] = logit(y.mean())
    for _ in range(12):
        p = expit(x @ weights)
        slope = x.T @ (y - p) - weights * np.r_[0, np.ones(len(weights) - 1)]
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.diag(np.r_[0, np.ones(len(weights) - 1)])
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def _rows(book: Book, weights: np.ndarray, months: range) -> tuple[np.ndarray, ...]:
    p = np.concatenate([expit(_design(book.seen[month]) @ weights) for month in months])
    y = np.concatenate([_labels(book, month) for month in months])
    account = np.concatenate([book.account[month] for month in months])
    day = np.repeat([f"{month:03d}" for month in months], book.account.shape[1])
    return y, p, account, day


def look_back(world: World, *, n_accounts: int, seed: int, months: range) -> dict[int, list[Check]]:
    """What monitoring says in each of these months, without ever training again."""
    book = make_book(world, n_accounts=n_accounts, seed=seed)
    learned = range(WARM_UP, LEARNED + 1)
    weights, before = _fit(book, learned), _fit(book, range(WARM_UP, LEARNED - 5))
    y, p, account, _ = _rows(book, _fit(book, range(WARM_UP, LEARNED - 7)), range(LEARNED - 3, LEARNED + 1))
    value, error = order_with_error(y, p, np.unique(account, return_inverse=True)[1])
    trained = Measured(value, error / (value * (1 - value)))
    y, p, _, day = _rows(book, weights, learned)
    by_month = [(y[day == one].sum(), p[day == one].sum()) for one in np.unique(day)]
    n_left = int(book.left[WARM_UP : LEARNED + HORIZON].sum())
    spread = learned_spread(spread_of_months(*zip(*by_month, strict=True)), n_left)
    seen = book.seen[WARM_UP : END + 1]
    month = np.repeat(np.arange(len(seen)), n_accounts)
    scores = np.concatenate([_design(one) @ weights for one in seen])
    inputs = months_of(
        seen.reshape(-1, len(NAMES)), month, days=[str(m) for m in range(len(seen))], names=NAMES,
        is_ordered=[name not in CODED for name in NAMES], weights=np.maximum(np.abs(EFFECTS) / 4, 0.005),
    )  # fmt: skip
    said = months_of(
        scores[:, None], month, days=inputs.days, names=["score"], is_ordered=[True], weights=[1.0]
    )
    told = {}
    for now in months:
        checks = [
            Check(kind=kind, about=f"{one.name}, {one.what}, {one.since}", step=one.step, sentence="")
            for kind, months in (("inputs", inputs), ("scores", said))
            for one in judge_drift(
                months.until(now - WARM_UP), learned=LEARNED - WARM_UP, policy=POLICY, family=kind
            )[0]
        ]
        if (newest := now - MATURITY) >= TRAINED:
            y, p, account, day = _rows(book, weights, range(max(TRAINED, newest - 5), newest + 1))
            rows = MaturedRows("churn", y, p, account, day, float(y.mean()), trained, spread)
            checks += judge_matured(
                [replace(rows, base_rate=float(by_month_rate(by_month, n_accounts)))], policy=POLICY
            )
            rival = _rows(book, before, range(max(TRAINED, newest - 5), newest + 1))[1]
            gain = mean_with_error(row_losses(y, p) - row_losses(y, rival), account)
            checks.append(
                judge_rival(
                    "before", Measured(*gain), period="", n_rarer=int(y.sum()), n_rivals=1, policy=POLICY
                )
            )
        told[now] = checks
    return told


def by_month_rate(by_month: list[tuple[float, float]], n_accounts: int) -> float:
    """The base rate that was learned."""
    return sum(came for came, _ in by_month) / (n_accounts * len(by_month))


WORLDS = (
    World("nothing changes"),
    World("an input moves by half a standard deviation", shift=0.5),
    World("an input moves by a standard deviation", shift=1.0),
    World("blank cells of an input go from 5 % to 30 %", blank=0.3),
    World("the churn rate doubles", rate=2.0),
    World("the strongest input turns to noise", turns_noise=True),
    World("four inputs mean the opposite", flips=True),
)


def why(told: list[dict[int, list[Check]]]) -> dict[str, int]:
    """Count which checks breached, for whoever looks into a figure."""
    kinds = [
        check.kind for one in told for checks in one.values() for check in checks if check.step in BREACHES
    ]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def _breach(checks: list[Check]) -> bool:
    return worst_step(checks) in BREACHES


def _found(told: dict[int, list[Check]], world: World) -> bool:
    """Whether a breach came in the first two months in which it could be seen."""
    first = CHANGE + (MATURITY if world.shows_in_labels else 0)
    before = range(CHANGE, first)
    return any(_breach(told[month]) for month in (*before, first, first + 1))


def runs_of(world: World, *, n_accounts: int, n_runs: int = N_RUNS) -> list[dict[int, list[Check]]]:
    """What monitoring said in many made-up books."""
    return Parallel(n_jobs=2)(
        delayed(look_back)(world, n_accounts=n_accounts, seed=seed, months=_months(world))
        for seed in range(n_runs)
    )


def _months(world: World) -> range:
    """All months where nothing changes; else those in which the change should be found."""
    return range(TRAINED + 1, END + 1) if world == WORLDS[0] else range(CHANGE, CHANGE + MATURITY + 2)


def _share(yes: int, of: int) -> str:
    low, high = beta.ppf([0.05, 0.95], [yes, yes + 1], [of - yes + 1, of - yes])
    low, high = (0.0 if yes == 0 else low), (1.0 if yes == of else high)
    return f"{yes / of:.1%} ({low:.1%} to {high:.1%})"


def rows() -> Iterator[tuple[str, str, str]]:
    """One line per world and size of book."""
    for n_accounts in (1500, 500):
        for world in WORLDS:
            told = runs_of(world, n_accounts=n_accounts)
            what = f"monitor, {n_accounts:,} accounts: {world.name}"
            if world.name == "nothing changes":
                months = [checks for one in told for checks in one.values()]
                breached = _share(sum(map(_breach, months)), len(months))
                yield f"{what}, retrain or roll back", f"{breached} of {len(months):,} months", "5 % or less"
                watched = sum(worst_step(checks) == "watch" for checks in months)
                yield f"{what}, months with watch", _share(watched, len(months)), "20 % or less"
                continue
            where = "labels" if world.shows_in_labels else "inputs"
            found = sum(_found(one, world) for one in told)
            yield f"{what}, found within two months of {where}", _share(found, len(told)), "95 % or more"
