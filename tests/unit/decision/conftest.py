"""Books for the decision tests: made in memory, the same for the same seed."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
import pytest

from standfast.decision.capacity import Capacity
from standfast.decision.matrix import place_in_matrix
from standfast.decision.outreach import Plan, plan_outreach
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.reward import Economics, add_reward
from standfast.decision.tiers import (
    TierPolicy,
    mean_churn,
    place_risk_tiers,
    place_value_tiers,
    value_cutoffs,
)


def scored_book(n_accounts: int, *, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "account_id": [f"A{number:06d}" for number in random.permutation(n_accounts)],
            "observation_date": pd.Timestamp("2026-01-01"),
            "churn_probability": random.beta(1.2, 8, n_accounts),
            "upsell_probability": random.beta(1.2, 8, n_accounts),
            "annual_revenue": np.exp(random.normal(9.5, 1.3, n_accounts)),
            "upsell_value": np.nan,
        }
    )


def place(scores: pd.DataFrame) -> pd.DataFrame:
    rewarded = add_reward(scores, economics=Economics())
    tiered = place_risk_tiers(rewarded, base_rate=mean_churn(scores), policy=TierPolicy())
    return place_in_matrix(
        place_value_tiers(tiered, cutoffs=value_cutoffs(rewarded["reward"], policy=TierPolicy()))
    )


@pytest.fixture(scope="session")
def make_book() -> Callable[..., pd.DataFrame]:
    """Give a scored and placed book; keywords replace columns before it is placed."""

    def build(n_accounts: int, *, seed: int = 0, **columns: Any) -> pd.DataFrame:
        return place(scored_book(n_accounts, seed=seed).assign(**columns))

    return build


@pytest.fixture(scope="session")
def plan_book() -> Callable[..., Plan]:
    """Give the plan of a book under the default policy; keywords replace parts of it."""

    def build(scores: pd.DataFrame, *, capacity: Capacity | None = None, **given: Any) -> Plan:
        parts = {one.name for one in fields(PlanPolicy)} & set(given)
        told = {name: given.pop(name) for name in parts}
        policy = PlanPolicy(capacity=capacity or Capacity(hours=40), **told)
        return plan_outreach(scores, policy=policy, **given)

    return build


@pytest.fixture(scope="session")
def weekly():
    """A function that makes one account's readings a week apart, from the second of January 2025."""

    def make(account: str = "A", **columns: Any) -> pd.DataFrame:
        n = len(next(iter(columns.values())))
        values = {name: np.array(column, dtype=np.float64) for name, column in columns.items()}
        dates = pd.date_range("2025-01-02", periods=n, freq="7D")
        return pd.DataFrame({"account_id": account, "observation_date": dates, **values})

    return make
