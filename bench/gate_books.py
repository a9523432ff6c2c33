"""Made-up books for `bench.gate`: what moves churn is known, and rules people use know a part of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

Floats = npt.NDArray[np.float64]
INPUTS = ("use", "tickets", "seats", "sponsor", "nps", "noise")
EFFECTS = np.array([-0.8, 0.5, -0.5, -0.35, -0.25, 0.0])
STAYS = np.array([0.9, 0.6, 0.97, 0.97, 0.9, 0.3])
"""How much of an input is still there a month later."""
INDUSTRIES = np.array([f"industry {letter}" for letter in "abcdef"], dtype=object)
OF_INDUSTRY = np.array([-0.4, -0.2, 0.0, 0.0, 0.2, 0.4])
STEP_DAYS, MATURE_MONTHS = 30, 3
"""Observation dates are a month apart and a label takes three of them, as the default horizon does."""


@dataclass(frozen=True, kw_only=True)
class World:
    """How many accounts, how many of them leave within a horizon, how much of that can be known."""

    n_accounts: int
    rate: float = 0.15
    strength: float = 1.0


def flat_book(world: World, *, seed: int) -> tuple[pd.DataFrame, Floats]:
    """Give one row per account with whether it left, and the log-odds with which it did."""
    rng = np.random.default_rng([seed, world.n_accounts, round(1000 * world.rate)])
    traits = _Traits.drawn(world.n_accounts, rng)
    log_odds = _level(world, world.rate) + world.strength * traits.risk
    left = rng.random(world.n_accounts) < expit(log_odds)
    return traits.rows(np.arange(world.n_accounts)).assign(churned=pd.array(left, dtype="boolean")), log_odds


def dated_book(world: World, *, n_months: int, seed: int) -> pd.DataFrame:
    """Give a row per account and month with matured labels; a new account takes the place of who leaves."""
    rng = np.random.default_rng([seed, world.n_accounts, n_months])
    n, traits = world.n_accounts, _Traits.drawn(world.n_accounts, rng)
    account, parts, left = np.arange(n), [], []
    monthly = _level(world, 1 - (1 - world.rate) ** (1 / MATURE_MONTHS))
    for _ in range(n_months + MATURE_MONTHS - 1):
        gone = rng.random(n) < expit(monthly + world.strength * traits.risk)
        parts.append(traits.rows(account))
        left.append(gone)
        account = np.where(gone, account.max() + np.cumsum(gone), account)
        traits = traits.later(gone, rng)
    labels = [np.any(left[month : month + MATURE_MONTHS], axis=0) for month in range(n_months)]
    days = pd.date_range("2024-01-01", periods=n_months, freq=f"{STEP_DAYS}D")
    told = [
        part.assign(observation_date=day, churned=pd.array(label, dtype="boolean"))
        for part, day, label in zip(parts, days, labels, strict=False)
    ]
    book = pd.concat(told, ignore_index=True)
    return book.sort_values(["account_id", "observation_date"], ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Traits:
    """What an account is like: inputs that move, and size and industry that stay."""

    inputs: Floats
    size: Floats
    industry: npt.NDArray[np.intp]
    luck: Floats

    @classmethod
    def drawn(cls, n: int, rng: np.random.Generator) -> "_Traits":
        return cls(
            rng.normal(size=(n, len(INPUTS))), rng.normal(size=n),
            rng.integers(0, len(INDUSTRIES), n), rng.normal(size=n),
        )  # fmt: skip

    @property
    def risk(self) -> Floats:
        return np.asarray(self.inputs @ EFFECTS + OF_INDUSTRY[self.industry] - 0.15 * self.size)

    def later(self, gone: npt.NDArray[np.bool_], rng: np.random.Generator) -> "_Traits":
        """Give the month after; who is gone is followed by somebody new."""
        fresh, n = self.drawn(len(gone), rng), len(gone)
        inputs = STAYS * self.inputs + np.sqrt(1 - STAYS**2) * rng.normal(size=self.inputs.shape)
        return _Traits(
            np.where(gone[:, None], fresh.inputs, inputs), np.where(gone, fresh.size, self.size),
            np.where(gone, fresh.industry, self.industry), rng.normal(size=n),
        )  # fmt: skip

    def rows(self, account: npt.NDArray[np.intp]) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "account_id": [f"A{number:06d}" for number in account],
                "annual_revenue": np.round(np.exp(9 + 1.1 * self.size), 2),
                "days_since_last_use": np.round(np.exp(2 - 0.7 * self.inputs[:, 0] + 0.5 * self.luck)),
                "industry": INDUSTRIES[self.industry],
                **dict(zip(INPUTS, self.inputs.T, strict=True)),
            }
        )


def _level(world: World, rate: float) -> float:
    """Give the log-odds around which accounts spread so that about this share of them leaves."""
    spread = world.strength**2 * float((EFFECTS**2).sum() + (OF_INDUSTRY**2).mean() + 0.15**2)
    return float(logit(rate) * np.sqrt(1 + 0.346 * spread))
