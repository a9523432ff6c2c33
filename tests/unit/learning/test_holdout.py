"""U5, C5: chance decides at the margin of the plan, alike in each stratum, and never among the best."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.learning.holdout import (
    CHANCE_WANTED,
    HELD_OUT,
    affordable_chance,
    at_the_margin,
    chance_of,
    draw_holdout,
)
from standfast.learning.holdout_policy import MOST_LIKELY, HoldoutPolicy

CELLS = ("high risk", "medium risk", "low risk")


def planned_book(n, seed=0):
    """A plan's accounts as the draw sees them."""
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "account_id": [f"A{number:05d}" for number in range(n)],
            "cell": random.choice(CELLS, n),
            "value_tier": random.choice(["high", "medium", "low"], n, p=[0.2, 0.4, 0.4]),
            "annual_revenue": np.exp(random.normal(9, 1, n)),
            "hours": random.choice([0.0, 1.0, 2.5], n, p=[0.3, 0.4, 0.3]),
            "value_per_hour": 100 + random.exponential(200, n),
            "expected_value": 1e9,
            "cut_off": random.choice([100.0, 50.0], n),
            "is_barred": random.random(n) < 0.1,
        }
    )


books = st.builds(planned_book, st.integers(0, 400), seed=st.integers(0, 999))
policies = st.builds(
    HoldoutPolicy,
    share=st.floats(0.01, 0.5),
    margin=st.floats(0.05, 1),
    seed=st.integers(0, 2**31 - 1),
)


def draw(book, policy=None, *, cycle="2026-01-05", name="b"):
    return draw_holdout(book, policy=policy or HoldoutPolicy(), book_name=name, cycle=cycle)


def names(drawn):
    return set(drawn.loc[drawn["arm"] == HELD_OUT, "account_id"])


@given(books, policies)
def test_each_stratum_and_all_of_them_hold_out_their_share_give_or_take_one(book, policy):
    """U5."""
    drawn = draw(book, policy)
    if drawn.empty:
        return
    chance = chance_of(int((book["hours"] > 0).sum()), len(drawn), policy=policy)
    held = drawn["arm"] == HELD_OUT
    by_stratum = held.groupby(drawn["stratum"]).agg(["sum", "size"])
    assert ((by_stratum["sum"] - chance * by_stratum["size"]).abs() <= 1).all()
    assert abs(held.sum() - chance * len(drawn)) <= 1
    assert chance <= MOST_LIKELY
    assert np.allclose(drawn["arm_probability"], np.where(held, chance, 1 - chance))


@given(books, policies)
def test_only_planned_accounts_at_the_margin_may_be_held_out_and_never_the_best(book, policy):
    """C5: the high value tier, whoever something speaks against, and who gets no hours stay as they are."""
    drawn = draw(book, policy)
    assert (drawn["hours"] > 0).all()
    assert drawn["value_tier"].isin(["medium", "low"]).all()
    assert not drawn["is_barred"].any()
    chosen = at_the_margin(book, policy=policy)
    may_be = (book["hours"] > 0) & (book["value_tier"] != "high") & ~book["is_barred"]
    beyond = book["value_per_hour"] - book["cut_off"]
    assert beyond[chosen].max() <= beyond[may_be & ~chosen].min() or not (may_be & ~chosen).any()
    assert chosen.sum() == np.ceil(policy.margin * may_be.sum())


@given(books, policies, st.randoms(use_true_random=False))
def test_rows_in_another_order_give_the_same_arms(book, policy, random):
    order = list(range(len(book)))
    random.shuffle(order)
    first, second = draw(book, policy), draw(book.iloc[order], policy)
    pd.testing.assert_frame_equal(first.reset_index(drop=True), second.reset_index(drop=True))


@given(st.integers(0, 99))
def test_an_account_more_changes_hardly_anybody_s_arm(seed):
    book = planned_book(400, seed).assign(is_barred=False)
    more = pd.concat([book, book.iloc[[0]].assign(account_id="new", hours=1.0)], ignore_index=True)
    before, after = names(draw(book)), names(draw(more))
    assert len(before ^ after) <= 2 * len(CELLS) * 2


def test_seed_book_and_cycle_each_give_another_draw_and_the_same_ones_the_same():
    book = planned_book(400)
    first = names(draw(book))
    assert names(draw(book)) == first
    others = [
        draw(book, HoldoutPolicy(seed=1)),
        draw(book, cycle="2026-04-05"),
        draw(book, name="c"),
    ]
    assert all(names(other) != first for other in others)


def test_each_account_has_the_chance_that_is_told():
    book = planned_book(200)
    draws = [draw(book, HoldoutPolicy(seed=seed)) for seed in range(400)]
    often = pd.concat([(one.set_index("account_id")["arm"] == HELD_OUT) for one in draws], axis=1).mean(
        axis=1
    )
    told = chance_of(int((book["hours"] > 0).sum()), len(often), policy=HoldoutPolicy())
    assert often.mean() == pytest.approx(told, abs=0.01)
    assert (often - told).abs().max() < 5 * np.sqrt(told * (1 - told) / len(draws))


def test_without_anybody_at_the_margin_nobody_is_held_out():
    assert draw(planned_book(0)).empty
    assert draw(planned_book(50).assign(hours=0.0)).empty
    assert draw(planned_book(50).assign(value_tier="high")).empty


def test_where_hours_are_to_spare_those_worth_least_an_hour_are_at_the_margin():
    book = planned_book(100).assign(cut_off=0.0, hours=1.0, value_tier="low", is_barred=False)
    chosen = at_the_margin(book, policy=HoldoutPolicy())
    assert book.loc[chosen, "value_per_hour"].max() <= book.loc[~chosen, "value_per_hour"].min()


def cost_expected(drawn):
    """Each account's chance times what its hours earn beyond the cut-off."""
    chance = drawn["arm_probability"].where(drawn["arm"] == HELD_OUT, 1 - drawn["arm_probability"])
    return float((chance * drawn["hours"] * (drawn["value_per_hour"] - drawn["cut_off"]).clip(lower=0)).sum())


@given(books, policies, st.floats(0.001, 0.2))
def test_a_holdout_is_never_expected_to_cost_more_than_its_share_of_the_plan_s_worth(book, policy, most_cost):
    book = book.assign(expected_value=book["hours"] * book["value_per_hour"])
    drawn = draw(book, replace(policy, most_cost=most_cost))
    assert cost_expected(drawn) <= most_cost * book["expected_value"].sum() * (1 + 1e-9)


@given(books, policies, st.floats(0.001, 0.2))
def test_too_dear_a_holdout_is_smaller_among_the_same_accounts_and_all_chances_are_told(
    book, policy, most_cost
):
    book = book.assign(expected_value=book["hours"] * book["value_per_hour"])
    free = draw(book, replace(policy, most_cost=1.0))
    dear = draw(book, replace(policy, most_cost=most_cost))
    assert dear["account_id"].tolist() == free["account_id"].tolist()
    assert names(dear) <= names(free) or len(names(dear)) <= len(names(free)) + 1
    assert (dear[CHANCE_WANTED] == free[CHANCE_WANTED]).all()
    told = dear["arm_probability"].where(dear["arm"] == HELD_OUT, 1 - dear["arm_probability"])
    assert np.allclose(told, told.max())
    assert (told <= dear[CHANCE_WANTED] + 1e-12).all()


def test_cost_is_no_matter_where_hours_earn_no_more_than_the_cut_off():
    assert affordable_chance(0.2, 0.0, worth=0.0, policy=HoldoutPolicy()) == 0.2
    assert affordable_chance(0.2, 1.0, worth=-5.0, policy=HoldoutPolicy()) == 0.0
