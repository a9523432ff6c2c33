"""Made-up randomised tests whose true effect is known, in the columns of what chance assigned."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from standfast.schema import ASSIGNMENT_COLUMNS, HOLDOUT

Floats = npt.NDArray[np.float64]
DAYS = 90
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
        gone = rows["churned"].to_numpy(dtype=bool)
        book = book.assign(revenue=np.where(gone, 0.0, rows["revenue_after"]))
        fresh = _accounts(int(gone.sum()), first=(cycle + 1) * trial.n_accounts, rng=rng)
        book = pd.concat([book[~gone], fresh], ignore_index=True)
    stacked = np.concatenate(effects, axis=1)
    return Run(pd.concat(parts, ignore_index=True), *stacked)


def _accounts(n: int, *, first: int, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "account_id": first + np.arange(n),
            "seen": SEEN * rng.standard_normal(n),
            "unseen": UNSEEN * rng.standard_normal(n),
            "unlike": 1 + UNLIKE * rng.standard_normal(n),
            "revenue": MEAN_REVENUE * np.exp(REVENUE_SPREAD * rng.standard_normal(n) - REVENUE_SPREAD**2 / 2),
        }
    )


def _cycle(
    trial: Trial, book: pd.DataFrame, cycle: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, Floats]:
    n, revenue = len(book), book["revenue"].to_numpy()
    level, growth = _level(trial.churn_rate), _level(trial.growth_rate)
    z_churn, z_grow = level + book["seen"] + book["unseen"], growth - book["seen"] - book["unseen"]
    stratum = _strata(book)
    control = _drawn(stratum, trial.control_share, rng)
    churn0, churn1 = expit(z_churn), expit(z_churn - trial.save * book["unlike"])
    grow0, grow1 = expit(z_grow), expit(z_grow + trial.grow * book["unlike"])
    churned = rng.random(n) < np.where(control, churn0, churn1)
    expanded = rng.random(n) < np.where(control, grow0, grow1)
    after = np.where(churned, 0.0, revenue * (1 + UPSELL_SHARE * expanded))
    rows = pd.DataFrame(
        {
            "experiment": HOLDOUT, "cycle": pd.Timestamp("2026-01-01") + pd.Timedelta(days=DAYS * cycle),
            "account_id": book["account_id"], "arm": np.where(control, "held_out", "planned"),
            "arm_probability": np.where(control, trial.control_share, 1 - trial.control_share),
            "stratum": stratum, "churn_probability": _seen_by_a_model(level + book["seen"]),
            "upsell_probability": _seen_by_a_model(growth - book["seen"]),
            "annual_revenue": revenue, "upsell_value": UPSELL_SHARE * revenue,
            "n_in_person": 0, "n_call": 2, "n_email": 1, "n_digital": 0,
            "done_in_person": 0, "done_call": np.where(control, 0, 2), "done_email": 0, "done_digital": 0,
            "is_recorded": True, "is_matured": True, "churned": churned,
            "expanded": pd.array(np.where(churned, None, expanded), dtype="boolean"), "revenue_after": after,
        }
    )[list(ASSIGNMENT_COLUMNS)]  # fmt: skip
    gained = revenue * UPSELL_SHARE
    worth0 = (1 - churn0) * (revenue + grow0 * gained)
    worth1 = (1 - churn1) * (revenue + grow1 * gained)
    return rows, np.array([churn1 - churn0, (1 - churn1) * grow1 - (1 - churn0) * grow0, worth1 - worth0])


def _level(rate: float) -> float:
    """Give the log-odds around which accounts spread so that about this share of them has the outcome."""
    spread = SEEN**2 + UNSEEN**2
    return float(logit(rate) * np.sqrt(1 + 0.346 * spread) - 0.0)


def _seen_by_a_model(z: pd.Series) -> pd.Series:
    """Give the mean probability over what a model does not see (approximately)."""
    return expit(z / np.sqrt(1 + 0.346 * UNSEEN**2))


def _strata(book: pd.DataFrame) -> npt.NDArray[np.object_]:
    risk = np.digitize(book["seen"], [-0.4, 0.4])
    large = book["revenue"] > book["revenue"].median()
    return np.array([f"{r}/{int(big)}" for r, big in zip(risk, large, strict=True)], dtype=object)


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
    cycle = rows["cycle"].rank(method="dense").to_numpy() - 1
    place = (cycle + rng.random(len(rows))) / (cycle.max() + 1)
    return np.asarray(place * n_weeks, dtype=np.int64)
