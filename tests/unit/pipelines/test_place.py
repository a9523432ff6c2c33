"""Scores placed by the yardsticks of a book, so that rows never move each other."""

import pandas as pd

from standfast.decision.reward import Economics
from standfast.decision.tiers import TierPolicy
from standfast.pipelines.place import Yardsticks, learn_yardsticks, place_scores

POLICY = {"economics": Economics(), "tiers": TierPolicy()}
BOOK = pd.DataFrame(
    {
        "account_id": [f"a{i}" for i in range(20)],
        "churn_probability": [0.02 * i for i in range(20)],
        "upsell_probability": 0.1,
        "annual_revenue": [1000.0 * (i + 1) for i in range(20)],
    }
)


def test_a_row_is_placed_the_same_alone_and_among_others():
    yardsticks = learn_yardsticks(BOOK, base_rate=0.15, **POLICY)
    whole = place_scores(BOOK, yardsticks=yardsticks, **POLICY)
    for position in (0, 9, 19):
        alone = place_scores(BOOK.iloc[[position]], yardsticks=yardsticks, **POLICY)
        pd.testing.assert_frame_equal(alone, whole.iloc[[position]])


def test_a_book_without_revenue_has_no_cut_offs_and_no_cells():
    without = BOOK.assign(annual_revenue=float("nan"))
    yardsticks = learn_yardsticks(without, base_rate=0.15, **POLICY)
    assert yardsticks == Yardsticks(0.15, None)
    placed = place_scores(without, yardsticks=yardsticks, **POLICY)
    assert placed[["value_tier", "cell", "segment"]].isna().all(axis=None)
    assert placed["risk_tier"].notna().all()
