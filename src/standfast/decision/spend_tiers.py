"""Spend tiers: who pays most (T1 to T4), the four lists A to D (T3), and how much hangs on a few (T5)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
import pandas as pd
from annotated_types import Interval
from typing_extensions import Doc

from standfast.decision.columns import Floats, Ints, numbers, texts
from standfast.decision.tiers import TierPolicy, half_up, value_cutoffs
from standfast.errors import InputError
from standfast.schema import VALUE_TIERS

Rule = Literal["rank", "bands", "pareto", "plan", "potential"]
LISTS = ("A", "B", "C", "D")


@dataclass(frozen=True, kw_only=True)
class SpendTiers:
    """How accounts are put in order of what they pay; the matrix goes by reward instead."""

    rule: Annotated[
        Rule,
        Doc(
            "rank: shares of [tiers] by revenue; bands: by amount; pareto: who makes 80 % of revenue; "
            "plan: by plan; potential: rank by revenue and likely expansion"
        ),
    ] = "rank"
    bands: Annotated[
        tuple[float, float], Doc("bands: least revenue a year of the high and of the medium tier")
    ] = (100_000.0, 10_000.0)
    carried: Annotated[
        tuple[float, float], Doc("pareto: share of revenue that the high, and the high and medium tier make")
    ] = (0.8, 0.95)
    plans: Annotated[Mapping[str, Literal["high", "medium", "low"]], Doc("plan: the tier of each plan")] = (
        field(default_factory=dict)
    )
    largest_flag: Annotated[
        float, Interval(gt=0, le=1), Doc("share of revenue from which one account is flagged")
    ] = 0.1
    top_flag: Annotated[
        float, Interval(gt=0, le=1), Doc("share of revenue from which the high tier is flagged")
    ] = 0.6

    def __post_init__(self) -> None:
        """Refuse cuts that rise where they must fall."""
        high, medium = self.bands
        if not high >= medium >= 0:
            raise InputError(f"[spend_tiers] bands = {list(self.bands)} must fall, such as [100000, 10000]")
        high, medium = self.carried
        if not 0 < high <= medium <= 1:
            raise InputError(
                f"[spend_tiers] carried = {list(self.carried)} must rise within 0 and 1, such as [0.8, 0.95]"
            )
        if self.rule == "plan" and not self.plans:
            raise InputError(
                '[spend_tiers] rule = "plan" needs the tier of each plan: plans = {Starter = "low", ...}'
            )


@dataclass(frozen=True)
class Concentration:
    """How much of the revenue the high spend tier and the largest account carry (T5)."""

    n_top: int
    top_share: float
    largest_share: float
    largest_account: str
    is_flagged: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say it; nothing where no revenue is known."""
        if not self.largest_account:
            return ()
        told = (
            f"concentration: the {self.n_top:,} accounts of the high spend tier carry "
            f"{100 * self.top_share:.0f} % of the revenue, the largest account, {self.largest_account}, "
            f"{100 * self.largest_share:.0f} %"
        )
        return (f"careful, {told}",) if self.is_flagged else (told,)


def assign_spend_tiers(scores: pd.DataFrame, *, policy: SpendTiers, tiers: TierPolicy) -> pd.DataFrame:
    """Return the scores with ``spend_tier`` high, medium or low and ``spend_list`` A, B, C or D.

    A is the high tier, B and C are the halves of the medium one, D is the low tier (T3); tied accounts
    share the list of the first of them. Both are empty where the revenue (or the plan) is unknown (U4).

    Examples
    --------
    >>> book = pd.DataFrame({"annual_revenue": range(1000, 0, -50)})
    >>> listed = assign_spend_tiers(book, policy=SpendTiers(), tiers=TierPolicy())["spend_list"]
    >>> listed.value_counts(sort=False).to_dict()
    {'A': 2, 'B': 4, 'C': 4, 'D': 10}
    """
    worth = _worth(scores, policy)
    codes = _by_plan(scores, policy) if policy.rule == "plan" else _codes(worth, policy, tiers)
    listed = np.select([codes == 0, codes == 2, codes == 1], [0, 3, _middle(worth, codes)], -1)
    return scores.assign(
        spend_tier=texts(VALUE_TIERS, codes, scores.index), spend_list=texts(LISTS, listed, scores.index)
    )


def concentration(scores: pd.DataFrame, *, policy: SpendTiers) -> Concentration:
    """Return how much of the revenue a few accounts carry, and whether that is too much (T5)."""
    revenue = np.nan_to_num(numbers(scores, "annual_revenue"))
    total = float(revenue.sum())
    if not total > 0:
        return Concentration(0, 0.0, 0.0, "", is_flagged=False)
    largest = int(revenue.argmax())
    top = (scores["spend_tier"] == VALUE_TIERS[0]).to_numpy(dtype=bool, na_value=False)
    top_share, one = float(revenue[top].sum()) / total, float(revenue[largest]) / total
    is_flagged = one >= policy.largest_flag or top_share >= policy.top_flag
    name = str(scores["account_id"].iloc[largest])
    return Concentration(int(top.sum()), top_share, one, name, is_flagged)


def _worth(scores: pd.DataFrame, policy: SpendTiers) -> Floats:
    """Return what accounts are ranked by: revenue a year (T1), with likely expansion for potential (T4)."""
    revenue = numbers(scores, "annual_revenue")
    if policy.rule != "potential":
        return revenue
    growth = numbers(scores, "upsell_probability") * numbers(scores, "upsell_value")
    return revenue + np.nan_to_num(growth)


def _codes(worth: Floats, policy: SpendTiers, tiers: TierPolicy) -> Ints:
    if policy.rule == "bands":
        high, medium = policy.bands
    elif policy.rule == "pareto":
        high, medium = (_carrying(worth, share) for share in policy.carried)
    else:
        cutoffs = value_cutoffs(worth, policy=tiers)
        high, medium = cutoffs.high, cutoffs.medium
    return np.select([np.isnan(worth), worth >= high, worth >= medium], [-1, 0, 1], 2).astype(np.int64)


def _carrying(worth: Floats, share: float) -> float:
    """Return the worth of the last of the fewest accounts that make the share of all revenue."""
    falling = -np.sort(-worth[~np.isnan(worth)])
    if not falling.sum() > 0:
        return math.inf
    return float(falling[np.searchsorted(falling.cumsum(), share * falling.sum() * (1 - 1e-12))])


def _by_plan(scores: pd.DataFrame, policy: SpendTiers) -> Ints:
    """Return the tier of each account's plan; a plan without a tier is an error, not a silent low."""
    if "plan" not in scores:
        raise InputError('[spend_tiers] rule = "plan", but the book has no plan; choose another rule')
    of_plan = {name.strip().casefold(): VALUE_TIERS.index(tier) for name, tier in policy.plans.items()}
    codes, plans = pd.factorize(scores["plan"].astype("str").str.strip().str.casefold())
    if strange := [str(plan) for plan in plans if plan not in of_plan]:
        raise InputError(f"[spend_tiers] plans gives no tier to {strange}; known: {sorted(policy.plans)}")
    return np.array([*(of_plan[plan] for plan in plans), -1], dtype=np.int64)[codes]


def _middle(worth: Floats, codes: Ints) -> Ints:
    """Return 1 (B) for the upper half of the medium tier by worth, 2 (C) for the rest."""
    middle = worth[(codes == 1) & ~np.isnan(worth)]
    if not len(middle):
        return np.full(len(worth), 2)
    last_of_upper = -np.sort(-middle)[half_up(len(middle) / 2) - 1]
    return np.where(worth >= last_of_upper, 1, 2)
