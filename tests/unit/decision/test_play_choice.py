"""C4, C5, S1: the first play that fits, and always one."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.matrix import CELLS, MATRIX, SEGMENTS
from standfast.decision.matrix_policy import CellChange, MatrixPolicy, build_matrix
from standfast.decision.play_choice import choose_plays, merge_plays, plays_of_kind
from standfast.decision.plays import ACTIONS, PLAY_OF, PLAYS, PLAYS_OF_KIND, Play

STEPS = ("Talk",)
OWN = st.lists(
    st.builds(
        Play,
        segment=st.sampled_from(["", *SEGMENTS]),
        action=st.sampled_from(["", *ACTIONS]),
        name=st.text("xyz", min_size=1),
        goal=st.just("Talk"),
        steps=st.just(STEPS),
        where=st.sampled_from(["", "industry == 'Retail'", "seats >= 20"]),
        proven=st.booleans(),
        value_tier=st.sampled_from(["", "high", "low"]),
        kind=st.sampled_from(["matrix", "renewal", "reward"]),
    ),
    max_size=5,
)


def every_cell() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Give an account for each cell and action, every second one in retail."""
    place, action = np.array(list(product(range(len(CELLS)), range(len(ACTIONS))))).T
    scores = pd.DataFrame(
        {
            "segment": [CELLS[at].segment for at in place],
            "value_tier": [CELLS[at].value_tier for at in place],
            "risk_tier": [CELLS[at].risk_tier for at in place],
            "industry": [("Retail", "Finance", None)[at % 3] for at in range(len(place))],
            "upsell_probability": 0.1,
            "reward": np.arange(len(place), dtype=float),
        }
    )
    return scores, place, action


@given(own=OWN)
def test_every_segment_and_action_has_a_play_whatever_a_team_adds(own):
    """C4, R3: totality."""
    scores, place, action = every_cell()
    plays = merge_plays(own)
    chosen = choose_plays(scores, place, action, plays=plays)
    assert chosen.notna().all()
    for kind in ("onboarding", "renewal", "alert", "yearly_call", "reward"):
        assert (plays_of_kind(scores, kind, plays=plays)[1] >= 0).all()


@given(own=OWN)
def test_an_unproven_play_never_goes_to_the_high_value_tier(own):
    """C5."""
    scores, place, action = every_cell()
    own = [Play(**{**vars(play), "name": f"{at}{play.name}"}) for at, play in enumerate(own)]
    chosen = choose_plays(scores, place, action, plays=merge_plays(own))
    unproven = {play.name for play in own if not play.proven}
    assert not chosen[scores["value_tier"] == "high"].isin(unproven).any()


def test_without_plays_of_ones_own_each_account_gets_that_of_its_segment_and_action():
    scores, place, action = every_cell()
    chosen = choose_plays(scores, place, action)
    assert chosen.tolist() == [
        PLAY_OF[CELLS[p].segment, ACTIONS[a]].name for p, a in zip(place, action, strict=True)
    ]


def test_plays_differ_by_industry_and_the_unknown_gets_the_general_one():
    """S1, U4."""
    scores, place, action = every_cell()
    shop = Play("Save", "save", "Store visit", "See it", STEPS, where="industry == 'retail'")
    talk = Play("Save", "save", "Talk", "Hear it", STEPS)
    saves = (place == 0) & (action == 0)
    scores = pd.concat([scores[saves]] * 3, ignore_index=True).assign(industry=["Retail", "Finance", None])
    none = np.zeros(3, dtype=np.int64)
    assert choose_plays(scores, none, none, plays=merge_plays([talk, shop])).tolist() == [
        "Store visit", "Talk", "Talk",
    ]  # fmt: skip


def test_a_play_of_ours_is_edited_in_place():
    edited = Play(**{**vars(PLAY_OF["Save", "save"]), "goal": "Keep it"})
    plays = merge_plays([edited])
    assert len(plays) == len(PLAYS) + len(PLAYS_OF_KIND)
    assert plays[0] == edited


def test_a_renamed_segment_keeps_its_plays():
    """R3: the name carries through."""
    matrix = build_matrix(MatrixPolicy(cells={"Save": CellChange(segment="Red list")}))
    zero = np.zeros(1, dtype=np.int64)
    book = pd.DataFrame({"segment": ["Red list"], "value_tier": ["high"]})
    assert choose_plays(book, zero, zero, matrix=matrix).tolist() == ["Executive rescue"]
    own = merge_plays([Play("Save", "", "Red renewal", "Keep it", STEPS, kind="renewal")])
    offered, place = plays_of_kind(book, "renewal", plays=own, matrix=matrix)
    assert offered[place[0]].name == "Red renewal"


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("onboarding", ["Onboarding guidance", "Onboarding check-ins", "Onboarding welcome"]),
        ("renewal", ["Renewal preparation", "Renewal call", "Renewal notice"]),
    ],
)
def test_fixed_work_has_a_play_for_each_value_tier(kind, names):
    """S1; how long it takes stands under [calendar]."""
    book = pd.DataFrame({"segment": ["Save", "Watch", "Maintain"], "value_tier": ["high", "medium", "low"]})
    offered, place = plays_of_kind(book, kind)
    assert [offered[at].name for at in place] == names
    assert not any(play.minutes for play in offered)


def test_an_account_without_cell_has_no_play_of_the_matrix():
    book = pd.DataFrame({"segment": [None], "value_tier": [None]})
    no_cell, act = np.array([-1]), np.array([3])
    assert choose_plays(book, no_cell, act, matrix=MATRIX).isna().all()
    assert choose_plays(book.iloc[:0], no_cell[:0], act[:0]).empty
