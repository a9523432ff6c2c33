"""Place scored accounts in the risk-against-reward matrix: add the reward, the tiers, the cell."""

from dataclasses import dataclass

import pandas as pd

from standfast.decision.expansion import UpsellShares
from standfast.decision.matrix import MATRIX, Matrix, place_in_matrix, refuse_other_matrix
from standfast.decision.reward import Economics, add_reward
from standfast.decision.tiers import (
    TierPolicy,
    ValueCutoffs,
    mean_churn,
    place_risk_tiers,
    place_value_tiers,
    value_cutoffs,
)
from standfast.settings import Settings

PLACED = ("reward", "risk_tier", "value_tier", "cell", "segment", "priority")


@dataclass(frozen=True)
class Yardsticks:
    """What the tiers are measured against: those of the training book, so that rows never move each other."""

    base_rate: float | None
    cutoffs: ValueCutoffs | None
    upsell: UpsellShares | None = None


def learn_yardsticks(
    scores: pd.DataFrame,
    *,
    base_rate: float | None,
    economics: Economics,
    tiers: TierPolicy,
    upsell: UpsellShares | None = None,
) -> Yardsticks:
    """Give the base rate and the value cut-offs of a scored book; ``upsell`` is kept beside them."""
    reward = add_reward(scores, economics=economics)["reward"]
    cutoffs = value_cutoffs(reward, policy=tiers) if reward.notna().any() else None
    return Yardsticks(base_rate, cutoffs, upsell)


def place_scores(
    scores: pd.DataFrame,
    *,
    yardsticks: Yardsticks,
    economics: Economics,
    tiers: TierPolicy,
    matrix: Matrix = MATRIX,
) -> pd.DataFrame:
    """Give scores with money, tiers, cell, segment and priority."""
    rewarded = add_reward(scores, economics=economics)
    risky = place_risk_tiers(rewarded, base_rate=yardsticks.base_rate, policy=tiers, tiers=matrix.risk_tiers)
    tiered = place_value_tiers(risky, cutoffs=yardsticks.cutoffs, tiers=matrix.value_tiers)
    return place_in_matrix(tiered, matrix=matrix)


def place_if_needed(scores: pd.DataFrame, *, settings: Settings) -> pd.DataFrame:
    """Give placed scores: as they are if the matrix of the settings placed them; those without cells anew.

    Raises
    ------
    InputError
        Another matrix placed them.
    """
    if not set(PLACED) <= set(scores.columns):
        return place_strangers(scores, settings=settings)
    refuse_other_matrix(scores, matrix=settings.built_matrix)
    return scores


def place_strangers(scores: pd.DataFrame, *, settings: Settings) -> pd.DataFrame:
    """Place scores that come without tiers, by the base rate and the cut-offs of the file itself."""
    known = scores["churn_probability"].notna().any()
    yardsticks = learn_yardsticks(
        scores,
        base_rate=mean_churn(scores) if known else None,
        economics=settings.economics,
        tiers=settings.tiers,
    )
    return place_scores(
        scores,
        yardsticks=yardsticks,
        economics=settings.economics,
        tiers=settings.tiers,
        matrix=settings.built_matrix,
    )
