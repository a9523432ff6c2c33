"""T1, T3, T4, T5: who pays most, by which rule, and how much hangs on a few."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.spend_tiers import LISTS, SpendTiers, assign_spend_tiers, concentration
from standfast.decision.tiers import TierPolicy
from standfast.errors import InputError

RANK = {"high": 0, "medium": 1, "low": 2}


def tiers(
    revenue: list[float], *, name: str = "spend_tier", columns: dict | None = None, **policy: object
) -> list:
    scores = pd.DataFrame({"annual_revenue": revenue, **(columns or {})})
    return assign_spend_tiers(scores, policy=SpendTiers(**policy), tiers=TierPolicy())[name].tolist()


@pytest.mark.parametrize(
    ("n", "sizes"),
    [
        (1, (1, 0, 0, 0)),
        (10, (1, 2, 2, 5)),
        (20, (2, 4, 4, 10)),
        (30, (3, 6, 6, 15)),
        (100, (10, 20, 20, 50)),
    ],
)
def test_the_middle_is_split_in_two_which_gives_four_lists(n, sizes):
    """T3: A 10 %, B 20 %, C 20 %, D 50 %."""
    listed = tiers([float(amount) for amount in range(n, 0, -1)], name="spend_list")
    assert tuple(listed.count(name) for name in LISTS) == sizes
    assert listed == sorted(listed)


def test_tied_accounts_share_a_list():
    listed = tiers([9.0, *[5.0] * 9], name="spend_list")
    assert listed == ["A", *["B"] * 9]


def test_bands_go_by_amount_and_include_their_edge():
    """T4."""
    assert tiers([100_000, 99_999, 10_000, 9_999], rule="bands") == ["high", "medium", "medium", "low"]


def test_the_fewest_accounts_that_make_80_percent_of_revenue_are_high():
    """T4: 60 + 20 is 80 %, 10 more is 90 % and 5 more 95 %."""
    assert tiers([60, 20, 10, 5, 5], rule="pareto") == ["high", "high", "medium", "medium", "medium"]
    assert tiers([60, 20, 10, 6, 4], rule="pareto")[-2:] == ["medium", "low"]


def test_by_plan_every_plan_has_a_tier_and_a_strange_one_is_an_error():
    """T4: no silent default."""
    plans = {"Starter": "low", "Enterprise": "high"}
    met = {"plan": ["enterprise ", "Starter", None]}
    told = tiers([1, 1, 1], columns=met, rule="plan", plans=plans)
    assert told[:2] == ["high", "low"]
    assert pd.isna(told[2])
    with pytest.raises(InputError, match=r"no tier to \['pro'\]"):
        tiers([1], columns={"plan": ["Pro"]}, rule="plan", plans=plans)
    with pytest.raises(InputError, match="has no plan"):
        tiers([1], rule="plan", plans=plans)


def test_by_potential_an_account_that_will_likely_grow_goes_before_one_that_pays_more():
    """T4: contract value and growth, not spend alone."""
    growth = {"upsell_probability": [0.0, 0.9], "upsell_value": [100.0, 100.0]}
    assert tiers([110, 100], columns=growth, rule="potential") == ["medium", "high"]
    assert tiers([110, 100], columns=growth) == ["high", "medium"]


@pytest.mark.parametrize(
    "policy", [{"bands": (1.0, 2.0)}, {"carried": (0.9, 0.8)}, {"carried": (0.8, 1.2)}, {"rule": "plan"}]
)
def test_cuts_that_make_no_sense_are_refused(policy):
    with pytest.raises(InputError, match="spend_tiers"):
        SpendTiers(**policy)


@given(
    st.lists(st.one_of(st.just(np.nan), st.floats(0, 1e7)), min_size=1, max_size=60),
    st.sampled_from(["rank", "bands", "pareto", "potential"]),
)
def test_who_pays_more_never_has_a_lower_tier_and_unknown_revenue_has_none(revenue, rule):
    """T1, T4, U4."""
    known = sorted((amount for amount in revenue if not np.isnan(amount)), reverse=True)
    told = tiers(known, rule=rule) if known else []
    assert [RANK[tier] for tier in told] == sorted(RANK[tier] for tier in told)
    assert pd.isna(tiers(revenue, rule=rule)).tolist() == np.isnan(revenue).tolist()
    listed = tiers(known, name="spend_list", rule=rule) if known else []
    assert listed == sorted(listed)


def book(revenue: list[float], **policy: float) -> tuple:
    scores = pd.DataFrame({"account_id": [f"A{n}" for n in range(len(revenue))], "annual_revenue": revenue})
    spend = SpendTiers(**policy)
    return concentration(assign_spend_tiers(scores, policy=spend, tiers=TierPolicy()), policy=spend)


def test_concentration_tells_what_the_top_tier_and_the_largest_account_carry():
    """T5."""
    told = book([600.0, *[100.0] * 4])
    assert (told.n_top, told.top_share, told.largest_share, told.largest_account) == (1, 0.6, 0.6, "A0")
    assert told.is_flagged
    assert "60 %" in told.sentences[0]
    assert told.sentences[0].startswith("careful")


def test_an_even_book_is_not_flagged_and_a_book_without_revenue_says_nothing():
    even = book([float(100 + n % 3) for n in range(100)])
    assert not even.is_flagged
    assert even.sentences[0].startswith("concentration")
    assert book([float(100 + n % 3) for n in range(100)], largest_flag=0.01).is_flagged
    assert book([0.0, np.nan]).sentences == ()
