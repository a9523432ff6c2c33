import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.bundles import Channels
from standfast.decision.capacity import Capacity
from standfast.decision.outreach import solve_outreach
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.rules import PLAN, RULES, places, plan_list, rule_lists, spend_codes
from standfast.decision.tiers import TierPolicy


def lists_of(scores, *, hours=40.0, silent_days=None, tiers=None):
    """Every list of a book by its rule, ours among them."""
    tally = solve_outreach(scores, policy=PlanPolicy(capacity=Capacity(hours=hours)))
    others = rule_lists(
        scores, silent_days=silent_days, hours=float(tally.minutes.sum()) / 60, tiers=tiers or TierPolicy(),
        channels=Channels(), hourly_cost=125.0, horizon_days=90,
    )  # fmt: skip
    return {one.rule: one for one in (plan_list(scores, tally), *others)}


@pytest.fixture(scope="module")
def book(make_book):
    return make_book(120, seed=5)


def test_there_is_a_list_for_every_rule_and_all_rank_every_account_once(book):
    lists = lists_of(book, silent_days=np.arange(120.0))
    assert list(lists) == list(RULES)
    for one in lists.values():
        assert sorted(one.place) == list(range(1, 121))


def test_a_book_that_records_no_activity_has_no_recency_list(book):
    assert set(lists_of(book)) == set(RULES) - {"recency"}


def test_each_rule_puts_first_what_it_is_named_after(book):
    silent = np.random.default_rng(1).permutation(120).astype(float)
    lists = lists_of(book, silent_days=silent)
    keys = {
        "revenue_x_risk": book["churn_probability"] * book["annual_revenue"],
        "churn_score": book["churn_probability"],
        "spend_tiers": book["annual_revenue"],
        "abcd": book["annual_revenue"],
        "recency": pd.Series(silent),
    }
    for rule, key in keys.items():
        first = int(np.flatnonzero(lists[rule].place == 1)[0])
        assert key.iloc[first] == key.max(), rule


def test_who_was_never_seen_has_been_silent_longest(book):
    silent = np.where(np.arange(120) == 7, np.nan, 3.0)
    assert lists_of(book, silent_days=silent)["recency"].place[7] == 1


def test_our_list_begins_with_those_who_get_hours_and_hours_are_the_plan_s(book, plan_book):
    ours = lists_of(book)[PLAN]
    planned = plan_book(book).lines["hours"].to_numpy()
    assert ours.touches.hours.tolist() == pytest.approx(planned.tolist())
    n_planned = int((planned > 0).sum())
    assert 0 < n_planned < 120
    assert set(ours.place[planned > 0]) == set(range(1, n_planned + 1))


def test_rules_that_look_at_risk_give_each_cell_its_own_touches(book):
    counts = pd.DataFrame(lists_of(book)["churn_score"].touches.counts)
    met = counts.assign(cell=book["cell"].to_numpy()).drop_duplicates()
    assert len(met) == len(counts.drop_duplicates()) == book["cell"].nunique()


def test_spend_tiers_give_the_top_tenth_most_and_the_lower_half_least(book):
    """T2: 10, 40, 50 per cent."""
    hours = pd.Series(lists_of(book)["spend_tiers"].touches.hours, index=book["annual_revenue"]).sort_index()
    assert hours.value_counts(sort=False).sort_index().tolist() == [60, 48, 12]
    assert hours.is_monotonic_increasing


def test_abcd_lists_split_the_middle_in_two(book):
    """T3: 10, 20, 20, 50 per cent."""
    hours = pd.Series(lists_of(book)["abcd"].touches.hours)
    assert hours.value_counts(sort=False).sort_index().tolist() == [60, 24, 24, 12]


def test_equal_spend_shares_the_better_tier():
    assert spend_codes(np.array([5.0, 5.0, 5.0, 1.0]), ends=[0.25, 0.5]).tolist() == [0, 0, 0, 2]


def test_thinned_spend_tiers_use_the_plan_s_hours_on_everyone(book):
    lists = lists_of(book)
    thinned = lists["spend_tiers_scaled"].touches
    assert thinned.hours.sum() == pytest.approx(lists[PLAN].touches.hours.sum())
    assert (thinned.hours > 0).all()


def test_an_account_without_a_cell_gets_what_the_last_cell_gets(make_book):
    book = make_book(20)
    book.loc[3, ["cell", "annual_revenue"]] = [None, np.nan]
    hours = lists_of(book)["churn_score"].touches.hours
    assert hours[3] == hours.min()


@given(seed=st.integers(0, 5), shuffle=st.randoms(use_true_random=False))
def test_permuting_the_rows_changes_no_place(make_book, seed, shuffle):
    """Ties too: a third of the accounts share revenue and risk."""
    book = make_book(40, seed=seed)
    alike = book.index % 3 == 0
    book.loc[alike, ["annual_revenue", "churn_probability"]] = [9_000.0, 0.1]
    order = list(range(40))
    shuffle.shuffle(order)
    silent = np.arange(40.0) // 4
    straight, shuffled = (
        lists_of(book, silent_days=silent),
        lists_of(book.iloc[order].reset_index(drop=True), silent_days=silent[order]),
    )
    for rule, one in straight.items():
        if rule != PLAN:  # where steps are worth the same, the plan takes rows in order of their ids
            assert shuffled[rule].place.tolist() == one.place[order].tolist(), rule


@given(st.lists(st.one_of(st.floats(0, 9), st.just(float("nan"))), min_size=1, max_size=12))
def test_places_fall_by_the_key_with_the_unknown_last(key):
    place = places(pd.Series([f"a{i:02d}" for i in range(len(key))]), np.array(key))
    ranked = [key[i] for i in np.argsort(place)]
    known = [value for value in ranked if not np.isnan(value)]
    assert sorted(place) == list(range(1, len(key) + 1))
    assert known == sorted(known, reverse=True)
    assert ranked[: len(known)] == known
