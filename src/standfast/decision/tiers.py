"""Ordered bands: value tiers by rank of reward (T2), risk tiers by odds of churn (R2)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Gt, Interval
from typing_extensions import Doc

from standfast.decision.columns import Bools, Floats, Ints, numbers, texts
from standfast.errors import InputError
from standfast.schema import RISK_TIERS, VALUE_TIERS

_ROUNDING = 1e-12
"""Two odds that differ by less than this share are the same odds, computed twice."""


@dataclass(frozen=True, kw_only=True)
class TierPolicy:
    """Where the bands are cut."""

    top_share: Annotated[float, Interval(gt=0, lt=1), Doc("Share of accounts in the high value tier.")] = 0.10
    middle_share: Annotated[
        float, Interval(ge=0, lt=1), Doc("Share of accounts in the medium value tier.")
    ] = 0.40
    high_risk_odds: Annotated[
        float, Ge(1), Doc("Odds of churn that make the risk high, as a multiple of the book's base odds.")
    ] = 2.0
    medium_risk_odds: Annotated[
        float, Gt(0), Doc("Odds of churn that make the risk medium, as a multiple of the base odds.")
    ] = 1.0

    def __post_init__(self) -> None:
        """Refuse tiers that hold more than the whole book, and a medium risk above the high one."""
        if self.top_share + self.middle_share > 1:
            raise InputError(
                f"top_share {self.top_share} and middle_share {self.middle_share} hold more than the book; "
                "lower one of them"
            )
        if self.medium_risk_odds > self.high_risk_odds:
            raise InputError(
                f"medium_risk_odds {self.medium_risk_odds} lies above high_risk_odds {self.high_risk_odds}; "
                "lower it"
            )


@dataclass(frozen=True)
class ValueCutoffs:
    """The smallest reward of the high and of the medium value tier; NaN where no reward was known."""

    high: float
    medium: float

    def to_dict(self) -> dict[str, float | None]:
        """Plain values for a JSON file."""
        return {
            name: None if math.isnan(value) else value
            for name, value in (("high", self.high), ("medium", self.medium))
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, float | None]) -> "ValueCutoffs":
        """Read back what ``to_dict`` gave."""
        high, medium = values["high"], values["medium"]
        return cls(math.nan if high is None else high, math.nan if medium is None else medium)


def tier_sizes(n_accounts: int, *, policy: TierPolicy) -> tuple[int, int, int]:
    """Return how many accounts are high, medium and low: shares round half up, the top holds at least one.

    Examples
    --------
    >>> tier_sizes(20, policy=TierPolicy()), tier_sizes(30, policy=TierPolicy())
    ((2, 8, 10), (3, 12, 15))
    """
    top = min(n_accounts, max(1, half_up(n_accounts * policy.top_share)))
    middle = min(n_accounts - top, half_up(n_accounts * policy.middle_share))
    return top, middle, n_accounts - top - middle


def value_cutoffs(reward: pd.Series | Floats, *, policy: TierPolicy) -> ValueCutoffs:
    """Return the rewards at which the high and the medium tier end; accounts without reward do not count.

    A cut-off is the reward of the tier's last account, so tied accounts share the tier of the first of them.
    """
    known = np.asarray(reward, dtype=np.float64)
    known = known[~np.isnan(known)]
    if not len(known):
        return ValueCutoffs(math.nan, math.nan)
    falling = -np.sort(-known)
    top, middle, _ = tier_sizes(len(falling), policy=policy)
    return ValueCutoffs(float(falling[top - 1]), float(falling[top + middle - 1]))


def place_value_tiers(
    scores: pd.DataFrame, *, cutoffs: ValueCutoffs | None, tiers: tuple[str, ...] = VALUE_TIERS
) -> pd.DataFrame:
    """Return the scores with ``value_tier`` high, medium or low; empty where the reward is unknown (U4).

    ``cutoffs`` None: the training book knew no reward, so no account is placed. Where ``tiers`` has no
    medium, all below high is low.
    """
    codes = value_codes(numbers(scores, "reward"), cutoffs=cutoffs, n_tiers=len(tiers))
    return scores.assign(value_tier=texts(tiers, codes, scores.index))


def value_codes(reward: Floats, *, cutoffs: ValueCutoffs | None, n_tiers: int) -> Ints:
    """Return the place of each reward's tier, high first; -1 where it is not placed."""
    if cutoffs is None or math.isnan(cutoffs.high):
        return np.full(len(reward), -1)
    codes = _first_of(
        (np.isnan(reward), -1), (reward >= cutoffs.high, 0), (reward >= cutoffs.medium, 1), other=2
    )
    return np.asarray(np.minimum(codes, n_tiers - 1))


def mean_churn(scores: pd.DataFrame) -> float:
    """Return the mean known churn probability, a stranger book's base rate; NaN where none is known."""
    p = numbers(scores, "churn_probability")
    known = np.sort(p[~np.isnan(p)])  # sorted: the sum must not depend on the order of the rows
    return float(known.mean()) if len(known) else math.nan


def place_risk_tiers(
    scores: pd.DataFrame,
    *,
    base_rate: float | None,
    policy: TierPolicy,
    tiers: tuple[str, ...] = RISK_TIERS,
) -> pd.DataFrame:
    """Return the scores with ``risk_tier``: high from twice the base odds, medium from the base odds (R2).

    An account whose churn probability is unknown is medium: missing is never read as healthy (U4). So a
    book with an upsell model only, whose ``base_rate`` is None or NaN, is medium throughout. Where ``tiers``
    has no medium, all below high is low, and what is unknown is high, since low would read as healthy.

    Examples
    --------
    >>> book = pd.DataFrame({"churn_probability": [0.05, 0.10, 0.20, None]})
    >>> place_risk_tiers(book, base_rate=0.10, policy=TierPolicy())["risk_tier"].tolist()
    ['low', 'medium', 'high', 'medium']
    """
    codes = risk_codes(
        numbers(scores, "churn_probability"), base_rate=base_rate, policy=policy, n_tiers=len(tiers)
    )
    return scores.assign(risk_tier=texts(tiers, codes, scores.index))


def risk_codes(p: Floats, *, base_rate: float | None, policy: TierPolicy, n_tiers: int) -> Ints:
    """Return the place of each probability's risk tier, high first."""
    if base_rate is None or math.isnan(base_rate):
        base_rate, p = math.nan, np.full(len(p), np.nan)
    # odds(p) >= k x odds(base), without dividing: p = 1 and base_rate = 0 are ordinary numbers here
    own, base = p * (1 - base_rate), (1 - p) * base_rate * (1 - _ROUNDING)
    risky = p > 0
    lowest = n_tiers - 1
    high = risky & (own >= policy.high_risk_odds * base)
    medium = risky & (own >= policy.medium_risk_odds * base) & (lowest > 1)
    return _first_of((np.isnan(p), lowest - 1), (high, 0), (medium, 1), other=lowest)


def _first_of(*answers: tuple[Bools, int], other: int) -> Ints:
    """Return the first answer that holds, as ``np.select`` does, which takes long for one account."""
    codes: Ints = np.asarray(other)
    for holds, code in reversed(answers):
        codes = np.where(holds, code, codes)
    return codes


def half_up(size: float) -> int:
    """Return the size rounded half up; 2.4999999999 from a product of shares is 2.5."""
    return math.floor(round(size, 6) + 0.5)
