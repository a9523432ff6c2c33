"""The plain cadence per cell: whole touches, cut to the hours in a fixed order (C1, C2, C3)."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.bundles import Channel, Channels
from standfast.decision.cadence import Cadence, fit_cadence
from standfast.decision.cadence_plan import plan_cadence
from standfast.decision.cadence_stages import EMAIL, SAVE, STAGES, minutes_of, whole_touches
from standfast.decision.capacity import Capacity, assign_pools
from standfast.decision.default_touches import CELL_TOUCHES
from standfast.decision.matrix import CELL_NAMES
from standfast.decision.outreach import Plan
from standfast.decision.plan_policy import PlanPolicy
from standfast.errors import InputError
from standfast.schema import PLAN_COLUMNS

BOOKS = st.tuples(st.integers(1, 80), st.integers(0, 1000))
HOURS = st.floats(0, 200)


def by_cadence(scores: pd.DataFrame, *, hours: float, as_of: Any = None, **policy: Any) -> Plan:
    given_policy = {"capacity": Capacity(hours=hours), **policy}
    return plan_cadence(scores, policy=PlanPolicy(**given_policy), as_of=as_of)


def fitted(scores: pd.DataFrame, *, hours: float, **policy: Any) -> Cadence:
    pools = assign_pools(None, capacity=Capacity(hours=hours), n_accounts=len(scores))
    cell = pd.Index(CELL_NAMES).get_indexer(scores["cell"]).astype(np.int64)
    return fit_cadence(scores, cell, pools, **{"channels": Channels(), "horizon_days": 90, **policy})


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, hours=HOURS, share=st.floats(0, 1))
def test_hours_are_never_exceeded_for_any_owner(make_book: Callable[..., pd.DataFrame], book, hours, share):
    """C2."""
    scores = make_book(book[0], seed=book[1])
    scores["owner"] = np.where(np.arange(len(scores)) % 2, "Ada", None)
    plan = by_cadence(scores, hours=hours, capacity=Capacity(hours=hours, owners={"Ada": hours * share}))
    lines, is_ada = plan.lines, plan.lines["owner"].eq("Ada").to_numpy(dtype=bool)
    assert list(lines.columns) == list(PLAN_COLUMNS)
    assert lines.loc[is_ada, "hours"].sum() <= hours * share + 1e-6
    assert lines.loc[~is_ada, "hours"].sum() <= hours * (1 - share) + 1e-6


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, hours=HOURS, more=st.floats(0, 100))
def test_more_hours_never_cut_more(make_book, book, hours, more):
    """C2."""
    scores = make_book(book[0], seed=book[1])
    assert (fitted(scores, hours=hours).n_stages >= fitted(scores, hours=hours + more).n_stages).all()


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, hours=HOURS)
def test_cuts_come_in_their_order_and_save_is_cut_last(make_book, book, hours):
    """C2: a stage begins once the stages before it have cut all that they may."""
    scores = make_book(book[0], seed=book[1])
    cadence, least = fitted(scores, hours=hours), fitted(scores, hours=0)
    n_cut, most = np.array(cadence.n_cut), np.array(least.n_cut)
    begun = np.flatnonzero(n_cut)
    assert (n_cut <= most).all()
    if len(begun):
        assert (n_cut[: begun[-1]] == most[: begun[-1]]).all()
        assert (n_cut[begun[-1] + 1 :] == 0).all()


def test_a_touch_of_many_years_is_cut_like_any_other(make_book):
    """C2: a misread unit in the settings, and no minutes below zero from it."""
    scores = make_book(40, seed=2)
    endless = Channels(call=Channel(minutes=3_000_000_000), low_value_call=Channel(minutes=3_000_000_000))
    touches = fitted(scores, hours=200, channels=endless).touches
    cell = pd.Index(CELL_NAMES).get_indexer(scores["cell"]).astype(np.int64)
    assert 0 < minutes_of(touches, cell, channels=endless).sum() <= 200 * 60


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, hours=HOURS)
def test_nobody_gets_email_alone(make_book, book, hours):
    """C3, also after scaling."""
    lines = by_cadence(make_book(book[0], seed=book[1]), hours=hours).lines
    assert not ((lines["n_email"] > 0) & (lines["n_call"] + lines["n_in_person"] == 0)).any()


def test_one_human_touch_a_year_is_left_to_everyone_where_the_hours_reach(make_book):
    """C2, C3: in a horizon of 90 days it comes to those whose turn it is, over a year to all."""
    scores = make_book(300)
    met = np.zeros(len(scores), dtype=np.int64)
    for quarter in range(5):
        first_day = np.full(len(scores), 20_000 + 73 * quarter)
        cadence = fitted(scores, hours=75, first_day=first_day, horizon_days=73)
        assert not any(cadence.n_cut[place] for place, one in enumerate(STAGES) if "human touch" in one.words)
        met += cadence.touches[:, :EMAIL].sum(axis=1)
    assert (met >= 1).all()


def test_the_table_is_given_in_full_where_hours_are_ample(make_book):
    """C1: a year in one horizon is the table itself."""
    scores = make_book(400)
    touches = fitted(scores, hours=100_000, horizon_days=365).touches
    for cell, yearly in CELL_TOUCHES.items():
        given_there = np.unique(touches[scores["cell"].eq(cell).to_numpy()], axis=0)
        asked = [yearly.visits, yearly.reviews, yearly.calls, yearly.emails, yearly.digital]
        assert given_there.tolist() in ([], [asked])


def test_save_keeps_a_call_in_each_horizon_while_anyone_has_the_call_of_a_year(make_book):
    """C2."""
    scores = make_book(300)
    cell = pd.Index(CELL_NAMES).get_indexer(scores["cell"])
    for hours in (20, 40, 60):
        calls = fitted(scores, hours=hours).touches[:, :EMAIL].sum(axis=1)
        assert (calls[cell == SAVE] >= 1).all() or (calls[cell != SAVE] == 0).all()


@given(yearly=st.integers(0, 30), chance=st.floats(0, 0.999), first_day=st.integers(0, 30_000))
def test_whole_touches_of_a_years_horizons_add_up_to_the_table(yearly, chance, first_day):
    """C1."""
    starts = np.array([first_day, first_day + 100, first_day + 300])
    lengths = np.array([100, 200, 65])
    given_ = [
        whole_touches(np.array([yearly * 1.0]), first_day=start, horizon_days=days, chance=np.array([chance]))
        for start, days in zip(starts, lengths, strict=True)
    ]
    assert np.sum(given_) == yearly


def test_a_channel_whose_messages_take_minutes_is_cut_too(make_book):
    """C2: hours are not exceeded by automated messages that someone has to send."""
    scores = make_book(50)
    slow = Channels(digital=Channel(minutes=5), email=Channel(minutes=3))
    cadence = fitted(scores, hours=1, channels=slow)
    cell = pd.Index(CELL_NAMES).get_indexer(scores["cell"]).astype(np.int64)
    assert minutes_of(cadence.touches, cell, channels=slow).sum() <= 60


def test_held_out_and_churned_accounts_get_nothing(make_book):
    """U5."""
    plan = by_cadence(make_book(3, held_out=[True, False, False], churned=[False, True, False]), hours=1000)
    assert plan.lines["hours"].iloc[:2].tolist() == [0, 0]


def test_a_cadence_says_what_was_cut_and_claims_no_price_of_an_hour(make_book):
    plan = by_cadence(make_book(60), hours=20)
    assert plan.summary.notes[0].startswith("cut 1: automated messages replace personal e-mail, ")
    assert (plan.summary.by, plan.summary.lambda_) == ("cadence", 0.0)
    assert plan.lines["why"].str.startswith("the cadence of ").all()
    assert by_cadence(make_book(60), hours=100_000).summary.notes == ("nothing was cut",)


def test_rows_in_another_order_give_the_same_cadence(make_book):
    scores = make_book(90)
    turned = by_cadence(scores.sample(frac=1, random_state=1), hours=30).lines.sort_index()
    pd.testing.assert_frame_equal(by_cadence(scores, hours=30).lines, turned)


def test_unplaced_scores_are_refused(make_book):
    with pytest.raises(InputError, match="no column 'cell'"):
        by_cadence(make_book(3).drop(columns="cell"), hours=3)
