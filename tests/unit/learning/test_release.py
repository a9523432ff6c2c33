"""U5, C5: chance releases some of those that do-not-disturb spares, and nobody who is barred besides."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from standfast.learning.holdout import HELD_OUT
from standfast.learning.holdout_policy import HoldoutPolicy
from standfast.learning.release import LET_GO, draw_released, may_be_released


def spared_book(n, seed=0):
    """Accounts of a book, half of them spared."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "account_id": [f"A{number:05d}" for number in range(n)],
            "cell": random.choice(["low risk", "medium risk"], n),
            "annual_revenue": np.exp(random.normal(9, 1, n)),
            "is_spared": random.random(n) < 0.5,
            "hours": random.choice([0.0, 1.0], n),
            "value_tier": random.choice(["high", "medium", "low"], n),
            "is_barred": random.random(n) < 0.1,
        }
    )


books = st.builds(spared_book, st.integers(0, 300), seed=st.integers(0, 99))
policies = st.builds(HoldoutPolicy, release_share=st.floats(0.05, 0.5), seed=st.integers(0, 99))


def draw(book, policy):
    return draw_released(book, policy=policy, book_name="b", cycle="2026-01-05")


@given(books, policies)
def test_only_those_that_the_rule_alone_keeps_from_outreach_are_drawn_and_never_the_best(book, policy):
    drawn = draw(book, policy)
    assert drawn["is_spared"].all()
    assert (drawn["hours"] > 0).all()
    assert (drawn["value_tier"] != "high").all()
    assert not drawn["is_barred"].any()
    assert len(drawn) == may_be_released(book, policy=policy).sum()


@given(books, policies)
def test_as_many_are_released_as_the_settings_say_and_each_chance_is_told(book, policy):
    drawn = draw(book, policy)
    share, let_go = policy.release_share, drawn["arm"] == LET_GO
    assert set(drawn["arm"]) <= {LET_GO, HELD_OUT}
    assert abs(let_go.sum() - share * len(drawn)) <= 1
    assert np.allclose(drawn["arm_probability"], np.where(let_go, share, 1 - share))
    pd.testing.assert_frame_equal(draw(book.sample(frac=1, random_state=1), policy), drawn)


def test_nobody_is_released_unless_that_is_declared():
    drawn = draw(spared_book(200), HoldoutPolicy())
    assert len(drawn)
    assert not (drawn["arm"] == LET_GO).any()
