"""The plan's columns."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.lines import action_codes, value_per_hour
from standfast.decision.matrix import SEGMENTS
from standfast.decision.plays import ACTIONS
from standfast.decision.response import Gains
from standfast.schema import PLAN_COLUMNS


def test_value_per_hour_is_empty_where_hours_are_zero():
    np.testing.assert_array_equal(value_per_hour(np.array([10.0, 5.0]), np.array([2.0, 0.0])), [5.0, np.nan])


@pytest.mark.parametrize(
    ("segment", "touched", "save", "expand", "action"),
    [
        ("Save", True, 10.0, 5.0, "save"), ("Save", True, 5.0, 10.0, "expand"),
        ("Nurture", True, 10.0, 5.0, "protect"),
        ("Watch", True, 5.0, 5.0, "save"), ("Save", False, 0.0, 0.0, "leave"),
    ],
)  # fmt: skip
def test_the_larger_part_of_the_value_names_the_play(segment, touched, save, expand, action):
    earned = Gains(np.array([save]), np.array([expand]))
    code = action_codes(np.array([SEGMENTS.index(segment)]), personal=np.array([touched]), earned=earned)
    assert ACTIONS[code.item()] == action


def test_lines_have_exactly_the_columns_of_the_contract(make_book, plan_book):
    assert tuple(plan_book(make_book(20)).lines.columns) == PLAN_COLUMNS


def test_the_first_touch_is_due_within_the_segments_promise(make_book, plan_book):
    """Save is contacted within 48 hours."""
    lines = plan_book(make_book(300)).lines
    saves = lines[(lines["segment"] == "Save") & (lines["hours"] > 0)]
    assert len(saves)
    assert (saves["first_touch_by"] == pd.Timestamp("2026-01-03")).all()


def test_as_of_goes_before_the_observation_date(make_book, plan_book):
    lines = plan_book(make_book(300), as_of="2026-03-01").lines
    assert lines.loc[lines["segment"] == "Save", "first_touch_by"].dropna().unique() == pd.Timestamp(
        "2026-03-03"
    )


def test_without_a_date_nothing_is_due(make_book, plan_book):
    lines = plan_book(make_book(50).drop(columns="observation_date")).lines
    assert lines["first_touch_by"].isna().all()


def test_where_nothing_is_planned_nothing_is_due(make_book, plan_book):
    lines = plan_book(make_book(50).assign(churned=True)).lines
    assert lines["first_touch_by"].isna().all()


def test_a_promise_never_reaches_beyond_the_horizon(make_book, plan_book):
    lines = plan_book(make_book(100), horizon_days=7).lines
    assert lines["first_touch_by"].max() <= pd.Timestamp("2026-01-08")
