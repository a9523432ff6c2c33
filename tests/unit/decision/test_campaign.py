"""O1: the best accounts first, list by list, and nobody who is held back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.campaign import list_accounts, next_accounts
from standfast.decision.campaign_policy import CampaignPolicy, in_list_order
from standfast.decision.spend_tiers import LISTS
from standfast.errors import InputError

REASONS = [None, None, "in onboarding"]


def listed(frame, lists=("A", "B", "C"), **options):
    return list_accounts(frame, lists=lists, **options)


@st.composite
def books(draw):
    n = draw(st.integers(1, 30))
    some = st.sampled_from([None, 0.0, 0.1, 0.5])
    money = st.sampled_from([None, 0.0, 100.0, 5_000.0])
    return pd.DataFrame(
        {
            "account_id": draw(
                st.lists(st.text(min_size=1, max_size=3), min_size=n, max_size=n, unique=True)
            ),
            "spend_list": draw(st.lists(st.sampled_from([*LISTS, None]), min_size=n, max_size=n)),
            "owner": draw(st.lists(st.sampled_from(["ann", None]), min_size=n, max_size=n)),
            "annual_revenue": pd.Series(draw(st.lists(money, min_size=n, max_size=n)), dtype=float),
            "upsell_probability": pd.Series(draw(st.lists(some, min_size=n, max_size=n)), dtype=float),
            "upsell_value": pd.Series(draw(st.lists(money, min_size=n, max_size=n)), dtype=float),
        }
    )


@given(books(), st.randoms(use_true_random=False), st.sampled_from(LISTS[:3]))
def test_permuting_the_rows_changes_neither_the_lists_nor_who_is_next(book, random, open_list):
    """O1."""
    order = list(range(len(book)))
    random.shuffle(order)
    here, there = listed(book), listed(book.iloc[order].reset_index(drop=True))
    pd.testing.assert_frame_equal(here, there)
    free = here.assign(suppressed_because=None, n_contacts=0)
    mixed = free.sample(frac=1, random_state=random.randint(0, 9)).reset_index(drop=True)
    pd.testing.assert_frame_equal(
        next_accounts(free, open_list=open_list), next_accounts(mixed, open_list=open_list)
    )


@given(books(), st.data(), st.sampled_from(LISTS[:3]))
def test_list_a_comes_before_b_before_c_and_nobody_held_back_or_contacted_comes(book, data, open_list):
    """O1."""
    rows = listed(book)
    n = len(rows)
    held = data.draw(st.lists(st.sampled_from(REASONS), min_size=n, max_size=n))
    contacts = data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    state = rows.assign(suppressed_because=pd.Series(held, dtype="str"), n_contacts=contacts)
    found = next_accounts(state, open_list=open_list)
    assert found["list"].tolist() == sorted(found["list"])
    assert set(found["list"]) <= set(LISTS[: LISTS.index(open_list) + 1])
    allowed = state[state["suppressed_because"].isna() & (state["n_contacts"] == 0)]
    opened = allowed[allowed["list"] <= open_list]
    assert sorted(found["account_id"]) == sorted(opened["account_id"])
    assert found["why"].notna().all()


def test_within_a_list_the_likeliest_gain_comes_first_then_revenue_then_the_id():
    """O1: 0.1 x 900 before 0.5 x 100; unknown gains come last, by revenue."""
    book = pd.DataFrame(
        {
            "account_id": ["d", "c", "b", "a", "e"], "spend_list": "A",
            "annual_revenue": [7.0, 7.0, 9.0, 1.0, 1.0], "upsell_probability": [None, None, None, 0.5, 0.1],
            "upsell_value": [1.0, 1.0, 1.0, 100.0, 900.0],
        }
    )  # fmt: skip
    assert listed(book)["account_id"].tolist() == ["e", "a", "b", "c", "d"]


def test_the_offer_can_be_for_some_only_and_their_places_have_no_gaps():
    book = pd.DataFrame({"account_id": list("abc"), "spend_list": "A", "annual_revenue": [3.0, 2.0, 1.0]})
    found = listed(book, wanted=np.array([True, False, True]))
    assert found[["account_id", "place"]].to_numpy().tolist() == [["a", 1], ["c", 2]]


def test_an_account_that_was_held_back_comes_first_once_its_reason_has_ended():
    book = pd.DataFrame({"account_id": list("ab"), "spend_list": ["A", "B"], "annual_revenue": [3.0, 2.0]})
    state = listed(book).assign(n_contacts=0)
    held = state.assign(suppressed_because=["in onboarding", None])
    assert next_accounts(held, open_list="B")["account_id"].tolist() == ["b"]
    free = state.assign(suppressed_because=[None, None])
    assert next_accounts(free, open_list="B")["account_id"].tolist() == ["a", "b"]


def test_the_reason_to_contact_tells_place_chance_and_revenue():
    book = pd.DataFrame(
        {
            "account_id": ["x", "y"], "spend_list": "A", "annual_revenue": [120_000.0, 50.0],
            "upsell_probability": [0.12, None], "upsell_value": [24_000.0, None],
        }
    )  # fmt: skip
    why = next_accounts(listed(book).assign(suppressed_because=None, n_contacts=0), open_list="A")["why"]
    assert why.tolist() == [
        "number 1 of 2 on list A: 12 % likely to expand, by 24,000 a year; pays 120,000",
        "number 2 of 2 on list A: how likely it expands is unknown; pays 50",
    ]


def test_lists_are_known_ones_in_their_own_order():
    """T3 and O1: whatever the order in which they are named."""
    assert in_list_order(("d", " A", "B")) == ("A", "B", "D")
    with pytest.raises(InputError, match=r"no lists \['X'\].*A, B, C, D"):
        in_list_order(("A", "x"))
    with pytest.raises(InputError, match="needs a list"):
        CampaignPolicy(lists=())
