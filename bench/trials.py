"""Made-up randomised tests whose true effect is known, in the columns of what chance assigned."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from standfast.schema import ASSIGNMENT_COLUMNS, HOLDOUT

Floats = npt.NDArray[np.float64]
Columns = dict[str, npt.NDArray[np.generic]]
DAYS = 90
STRATA = np.array([f"risk {r}, {size}" for r in range(3) for size in ("smaller", "larger")], dtype=object)
SEEN, UNSEEN = 0.7, 0.5
"""Log-odds: spread of what a model sees of an account, and of what it does not; both stay with it."""
MEAN_REVENUE, REVENUE_SPREAD = 20_000.0, 1.2
UPSELL_SHARE = 0.2
UNLIKE = 0.5
"""Accounts respond unlike: standard deviation of an effect, as a part of its mean."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A test: how many accounts a cycle, how many cycles, how often they churn and expand, what the arm does.

    ``save`` and ``grow`` are mean log-odds that the arm takes from churn and adds to expansion.
    """

    name: str
    n_accounts: int
    n_cycles: int = 1
    churn_rate: float = 0.06
    growth_rate: float = 0.08
    control_share: float = 0.5
    save: float = 0.0
    grow: float = 0.0


class Run(NamedTuple):
    """What a read-out sees, and each row's true effect on churn, expansion and money."""

    rows: pd.DataFrame
    churned: Floats
    expanded: Floats
    revenue: Floats

    def truth(self, outcome: str, among: npt.NDArray[np.bool_] | slice = slice(None)) -> float:
        """The mean effect among rows."""
        return float(getattr(self, outcome)[among].mean())


def run_trial(trial: Trial, *, seed: int) -> Run:
    """Give the rows of one test: accounts that left are replaced by new ones, the others come back."""
    rng = np.random.default_rng([seed, trial.n_accounts, trial.n_cycles])
    book = _accounts(trial.n_accounts, first=0, rng=rng)
    parts, effects = [], []
    for cycle in range(trial.n_cycles):
        rows, effect = _cycle(trial, book, cycle, rng)
        parts.append(rows)
        effects.append(effect)
        stayed = ~rows["churned"]
        fresh = _accounts(int((~stayed).sum()), first=(cycle + 1) * trial.n_accounts, rng=rng)
        book = {**book, "revenue": rows["revenue_after"]}
        book = {name: np.concatenate([values[stayed], fresh[name]]) for name, values in book.items()}
    told = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Run(_frame(told), *np.concatenate(effects, axis=1))


def _accounts(n: int, *, first: int, rng: np.random.Generator) -> Columns:
    return {
        "account_id": first + np.arange(n),
        "seen": SEEN * rng.standard_normal(n),
        "unseen": UNSEEN * rng.standard_normal(n),
        "unlike": 1 + UNLIKE * rng.standard_normal(n),
        "revenue": MEAN_REVENUE * np.exp(REVENUE_SPREAD * rng.standard_normal(n) - REVENUE_SPREAD**2 / 2),
    }


def _cycle(trial: Trial, book: Columns, cycle: int, rng: np.random.Generator) -> tuple[Columns, Floats]:
    revenue = book["revenue"]
    n, level, growth = len(revenue), _level(trial.churn_rate), _level(trial.growth_rate)
    z_churn, z_grow = level + book["seen"] + book["unseen"], growth - book["seen"] - book["unseen"]
    stratum = _strata(book)
    control = _drawn(stratum, trial.control_share, rng)
    churn0, churn1 = expit(z_churn), expit(z_churn - trial.save * book["unlike"])
    grow0, grow1 = expit(z_grow), expit(z_grow + trial.grow * book["unlike"])
    churned = rng.random(n) < np.where(control, churn0, churn1)
    expanded = rng.random(n) < np.where(control, grow0, grow1)
    gained = revenue * UPSELL_SHARE
    rows = {
        "cycle": np.full(n, cycle), "account_id": book["account_id"], "control": control,
        "chance": np.full(n, trial.control_share), "stratum": stratum,
        "churn_probability": _seen_by_a_model(level + book["seen"]),
        "upsell_probability": _seen_by_a_model(growth - book["seen"]), "annual_revenue": revenue,
        "churned": churned, "expanded": expanded,
        "revenue_after": np.where(churned, 0.0, revenue + gained * expanded),
    }  # fmt: skip
    worth0 = (1 - churn0) * (revenue + grow0 * gained)
    worth1 = (1 - churn1) * (revenue + grow1 * gained)
    return rows, np.array([churn1 - churn0, (1 - churn1) * grow1 - (1 - churn0) * grow0, worth1 - worth0])


def _frame(told: Columns) -> pd.DataFrame:
    """Give the rows in the columns of what chance assigned."""
    control = told.pop("control")
    chance, n_calls = told.pop("chance"), np.where(control, 0, 2)
    rows = pd.DataFrame(told).assign(
        experiment=HOLDOUT,
        cycle=pd.Timestamp("2026-01-01") + pd.to_timedelta(DAYS * told["cycle"], unit="D"),
        arm=np.where(control, "held_out", "planned").astype(object),
        arm_probability=np.where(control, chance, 1 - chance),
        upsell_value=UPSELL_SHARE * told["annual_revenue"],
        expanded=np.where(told["churned"], np.nan, told["expanded"]), is_recorded=True, is_matured=True,
        n_in_person=0, n_call=2, n_email=1, n_digital=0,
        done_in_person=0, done_call=n_calls, done_email=0, done_digital=0,
    )  # fmt: skip
    return rows[list(ASSIGNMENT_COLUMNS)]


def _level(rate: float) -> float:
    """Give the log-odds around which accounts spread so that about this share of them has the outcome."""
    spread = SEEN**2 + UNSEEN**2
    return float(logit(rate) * np.sqrt(1 + 0.346 * spread))


def _seen_by_a_model(z: Floats) -> Floats:
    """Give the mean probability over what a model does not see (approximately)."""
    return expit(z / np.sqrt(1 + 0.346 * UNSEEN**2))


def _strata(book: Columns) -> npt.NDArray[np.object_]:
    risk, is_large = np.digitize(book["seen"], [-0.4, 0.4]), book["revenue"] > np.median(book["revenue"])
    return STRATA[2 * risk + is_large]


def _drawn(stratum: npt.NDArray[np.object_], share: float, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Give who is in the control: in each stratum its share, the odd account by chance."""
    control = np.zeros(len(stratum), dtype=bool)
    for name in np.unique(stratum):
        mine = np.flatnonzero(stratum == name)
        n = int(np.floor(share * len(mine) + rng.random()))
        control[rng.permutation(mine)[:n]] = True
    return control


def weeks_of(rows: pd.DataFrame, *, n_weeks: int, seed: int) -> npt.NDArray[np.int64]:
    """Give the week in which each row is first seen: cycle after cycle, accounts in any order within one."""
    rng = np.random.default_rng([seed, n_weeks])
    cycle, _ = pd.factorize(rows["cycle"])
    place = (cycle + rng.random(len(rows))) / (cycle.max() + 1)
    return np.asarray(place * n_weeks, dtype=np.int64)
