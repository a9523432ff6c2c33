"""S9: one language for all teams."""

from standfast.decision.glossary import glossary, segment_meanings
from standfast.decision.matrix import SEGMENTS
from standfast.decision.matrix_policy import CellChange, MatrixPolicy, build_matrix
from standfast.decision.tiers import TierPolicy

SMALL = MatrixPolicy(
    risk_tiers=("high", "low"), value_tiers=("high", "low"), cells={"Save": CellChange(segment="Red list")}
)


def test_every_segment_has_a_meaning_in_order_of_priority():
    assert tuple(segment_meanings()) == SEGMENTS


def test_no_word_is_explained_twice_and_none_is_empty():
    told = glossary()
    assert len(dict(told)) == len(told)
    assert all(meaning.strip().endswith((".", ")")) for _, meaning in told)


def test_the_tiers_are_explained_by_where_they_are_cut():
    assert dict(glossary())["risk tier"] == (
        "High from twice the book's base odds of churn, medium from the base odds, low below; medium where "
        "the probability is unknown."
    )
    cuts = TierPolicy(top_share=0.2, middle_share=0.3, high_risk_odds=3, medium_risk_odds=1.5)
    own = dict(glossary(tiers=cuts))
    assert (
        "from 3 times the book's base odds of churn, medium from 1.5 times the base odds" in own["risk tier"]
    )
    assert own["value tier"].startswith("The top 20 % of accounts by reward is high, the next 30 % medium")


def test_a_matrix_of_ones_own_is_told_in_its_own_words():
    told = dict(glossary(matrix=build_matrix(SMALL)))
    assert told["Red list"].endswith("(high risk, high value)")
    assert "Save" not in told
    assert "Steer" not in told
    assert told["value tier"] == "The top tenth of accounts by reward is high, the rest low."
    assert "medium" not in told["risk tier"]
