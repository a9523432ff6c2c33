"""T2, R2: tiers by rank of reward and by odds of churn."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.tiers import (
    TierPolicy,
    ValueCutoffs,
    mean_churn,
    place_risk_tiers,
    place_value_tiers,
    tier_sizes,
    value_cutoffs,
)
from standfast.errors import InputError

POLICY = TierPolicy()


def value_tiers(rewards: list[float]) -> list[str]:
    scores = pd.DataFrame({"reward": rewards})
    return place_value_tiers(scores, cutoffs=value_cutoffs(scores["reward"], policy=POLICY))[
        "value_tier"
    ].tolist()


def counted(rewards: list[float]) -> tuple[int, int, int]:
    tiers = value_tiers(rewards)
    return tiers.count("high"), tiers.count("medium"), tiers.count("low")


def risk_tiers(p: list[float | None], base_rate: float | None) -> list[str]:
    scores = pd.DataFrame({"churn_probability": p}, dtype=float)
    return place_risk_tiers(scores, base_rate=base_rate, policy=POLICY)["risk_tier"].tolist()


@pytest.mark.parametrize(
    ("n", "sizes"),
    [(1, (1, 0, 0)), (2, (1, 1, 0)), (5, (1, 2, 2)), (15, (2, 6, 7)), (20, (2, 8, 10)), (30, (3, 12, 15)),
     (1000, (100, 400, 500))],
)  # fmt: skip
def test_tier_sizes_round_half_up_and_the_top_holds_at_least_one(n, sizes):
    """T2: 20 accounts give 2/8/10, 30 give 3/12/15."""
    assert tier_sizes(n, policy=POLICY) == sizes
    assert counted([float(reward) for reward in range(n)]) == sizes


def test_tied_accounts_share_the_tier_of_the_first_of_them():
    """T2: of 20 accounts the second to fourth are tied, so all three are on top."""
    assert counted([10.0, 9.0, 9.0, 9.0, *range(-16, 0)]) == (4, 6, 10)


def test_a_book_of_equal_rewards_is_one_tier():
    assert set(value_tiers([5.0] * 12)) == {"high"}


def test_accounts_without_reward_do_not_count_and_have_no_tier():
    tiers = value_tiers([*range(20), math.nan, math.nan])
    assert [tiers.count(tier) for tier in ("high", "medium", "low")] == [2, 8, 10]
    assert pd.isna(tiers[-2:]).all()


@pytest.mark.parametrize("cutoffs", [None, ValueCutoffs(math.nan, math.nan)])
def test_without_cutoffs_nobody_has_a_value_tier(cutoffs):
    placed = place_value_tiers(pd.DataFrame({"reward": [1.0, 2.0]}), cutoffs=cutoffs)
    assert placed["value_tier"].isna().all()


def test_cutoffs_survive_json_and_unknown_ones_too():
    for cutoffs in (ValueCutoffs(9.5, 3.25), ValueCutoffs(math.nan, math.nan)):
        back = ValueCutoffs.from_dict(json.loads(json.dumps(cutoffs.to_dict())))
        assert repr(back) == repr(cutoffs)


def test_shares_beyond_the_book_are_refused():
    with pytest.raises(InputError, match=r"0.7.*0.4"):
        TierPolicy(top_share=0.7, middle_share=0.4)


def test_risk_is_high_from_twice_the_base_odds_and_medium_from_the_base_odds():
    """R2: base 20 % has odds 1:4, twice that is 1:2, a third."""
    assert risk_tiers([0.199, 0.2, 0.333, 1 / 3, 0.9], base_rate=0.2) == [
        "low",
        "medium",
        "medium",
        "high",
        "high",
    ]


def test_unknown_churn_is_medium_never_low():
    """U4: missing is never read as healthy."""
    assert risk_tiers([None, 0.01], base_rate=0.2) == ["medium", "low"]


@pytest.mark.parametrize("base_rate", [None, math.nan])
def test_a_book_without_churn_model_is_medium_throughout(base_rate):
    assert risk_tiers([None, None], base_rate=base_rate) == ["medium", "medium"]


def test_equal_risk_everywhere_is_medium():
    p = [0.123456789] * 7
    assert set(risk_tiers(p, base_rate=mean_churn(pd.DataFrame({"churn_probability": p})))) == {"medium"}


@pytest.mark.parametrize(
    ("p", "base_rate", "tier"),
    [(0.0, 0.0, "low"), (0.0, 0.1, "low"), (1.0, 0.1, "high"), (1.0, 1.0, "high"), (0.9, 1.0, "low")],
)
def test_certain_probabilities_have_a_tier(p, base_rate, tier):
    assert risk_tiers([p], base_rate=base_rate) == [tier]


def test_mean_churn_ignores_empty_cells_and_the_order_of_rows():
    p = np.random.default_rng(1).random(1001)
    forward, backward = (mean_churn(pd.DataFrame({"churn_probability": v})) for v in (p, p[::-1]))
    assert forward == backward
    assert mean_churn(pd.DataFrame({"churn_probability": [0.2, None]})) == 0.2
    assert math.isnan(mean_churn(pd.DataFrame({"churn_probability": [None]}, dtype=float)))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60))
def test_a_higher_reward_never_has_a_lower_tier(rewards):
    rank = {"high": 0, "medium": 1, "low": 2}
    tiers = [rank[tier] for tier in value_tiers(rewards)]
    ordered = [tier for _, tier in sorted(zip(rewards, tiers, strict=True), key=lambda pair: -pair[0])]
    assert ordered == sorted(ordered)
    assert 0 in tiers


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.floats(0, 1))
def test_a_higher_risk_never_has_a_lower_tier(p, base_rate):
    rank = {"high": 0, "medium": 1, "low": 2}
    tiers = [rank[tier] for tier in risk_tiers(sorted(p, reverse=True), base_rate=base_rate)]
    assert tiers == sorted(tiers)
