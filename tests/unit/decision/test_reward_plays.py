"""C8: the best accounts are thanked, once a year, a few at a time."""

import numpy as np
import pandas as pd

from standfast.decision.reward_plays import RewardPolicy, assign_reward_plays
from standfast.schema import SCHEDULE_COLUMNS

AS_OF = pd.Timestamp("2026-01-01")
NO_TOUCHES = pd.DataFrame({name: [] for name in ("account_id", "day", "channel", "play", "outcome")})


def book(n: int = 8, **columns: object) -> pd.DataFrame:
    """Give accounts of high value and low risk."""
    return pd.DataFrame(
        {
            "account_id": [f"A{at}" for at in range(n)], "segment": "Protect & grow", "value_tier": "high",
            "risk_tier": "low", "reward": np.arange(n, dtype=float) * 1000, "upsell_probability": 0.05,
            "owner": ["ann", None] * (n // 2), **columns,
        }
    )  # fmt: skip


def rewards(scores: pd.DataFrame, touches: pd.DataFrame = NO_TOUCHES, **policy: int) -> pd.DataFrame:
    return assign_reward_plays(scores, touches, policy=RewardPolicy(**policy), as_of=AS_OF)


def test_each_owner_thanks_the_best_first_and_no_more_than_the_policy_allows():
    rows = rewards(book(), most_per_owner=2)
    assert tuple(rows.columns) == SCHEDULE_COLUMNS
    assert rows["account_id"].tolist() == ["A7", "A6", "A5", "A4"]
    assert (rows["kind"] == "reward").all()
    assert rows["minutes"].between(1, 30).all()


def test_nobody_is_thanked_twice_in_a_year():
    """C8: touches like any other."""
    made = pd.DataFrame(
        {
            "account_id": ["A7", "A6", "A5"],
            "day": pd.to_datetime(["2025-01-02", "2024-12-31", "2025-12-01"]),
            "play": ["Thank-you card", "Thank-you card", "Growth plan"],
        }
    )
    assert rewards(book(), made, most_per_owner=1)["account_id"].tolist() == ["A6", "A5"]


def test_who_may_leave_is_worth_less_or_waits_for_help_is_not_thanked():
    scores = book(
        risk_tier=["high", *["low"] * 7], value_tier=["high", "medium", *["high"] * 6],
        open_critical=[0, 0, 1, *[0] * 5], held_out=[False] * 3 + [True] + [False] * 4,
        churned=[False] * 4 + [True] + [False] * 3,
    )  # fmt: skip
    assert set(rewards(scores)["account_id"]) == {"A5", "A6", "A7"}


def test_the_play_fits_the_account():
    rows = rewards(book(upsell_probability=[0.0] * 6 + [0.3, 0.3])).set_index("account_id")["play"]
    assert rows["A7"] == "Client event invitation"
    assert rows["A6"] == "Early access"
    assert rows["A5"] == "Thank-you card"


def test_an_empty_book_and_one_without_owners_give_rows_of_the_same_form():
    assert tuple(rewards(book().iloc[:0]).columns) == SCHEDULE_COLUMNS
    assert len(rewards(book().drop(columns="owner"), most_per_owner=5)) == 5
    assert rewards(book(), most_per_owner=0).empty
