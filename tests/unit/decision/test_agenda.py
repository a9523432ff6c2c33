"""What to talk about (C4)."""

from typing import get_args

import pandas as pd
import pytest

from standfast.decision.agenda import (
    ACTION_QUESTIONS,
    FAMILY_QUESTIONS,
    WATCHED,
    AgendaPolicy,
    changes_since,
    questions_for,
)
from standfast.decision.plays import ACTIONS
from standfast.features.catalogue import CATALOGUE, Family

REASONS = [("usage", True), ("support", True), ("commercial", True), ("product", False)]


def changed(policy=None, **before_and_after):
    now = pd.DataFrame({"account_id": ["a"], **{name: [pair[1]] for name, pair in before_and_after.items()}})
    then = pd.DataFrame({"account_id": ["a"], **{name: [pair[0]] for name, pair in before_and_after.items()}})
    return changes_since(now, then, policy=policy or AgendaPolicy())["feature"].tolist()


def test_every_family_and_action_has_a_question():
    assert set(FAMILY_QUESTIONS) == {(family, way) for family in get_args(Family) for way in (True, False)}
    assert set(ACTION_QUESTIONS) == set(ACTIONS)


def test_what_is_watched_is_in_the_catalogue():
    assert set(WATCHED) <= set(CATALOGUE)


@pytest.mark.parametrize("reasons", [[], REASONS[:1], REASONS, REASONS * 3])
@pytest.mark.parametrize("most", [3, 5, 7])
@pytest.mark.parametrize("action", [*ACTIONS, None])
def test_an_agenda_asks_three_to_five_questions_and_none_twice(reasons, most, action):
    asked = questions_for(reasons, action=action, most=most)
    assert 3 <= len(asked) <= most
    assert len(set(asked)) == len(asked)


def test_fixed_work_asks_its_own_question():
    assert any("renewal" in question for question in questions_for(REASONS, action=None, kind="renewal"))


@pytest.mark.parametrize(("after", "told"), [(8.1, []), (8.0, ["usage_30d"]), (12.0, ["usage_30d"])])
def test_use_is_told_from_a_fifth_on(after, told):
    """At the bound: a fifth less is told."""
    assert changed(usage_30d=(10.0, after)) == told


@pytest.mark.parametrize(("after", "told"), [(0.59, []), (0.6, ["seat_utilisation"])])
def test_a_share_is_told_from_a_tenth_on(after, told):
    assert changed(seat_utilisation=(0.5, after)) == told


def test_counts_and_states_are_told_at_any_change():
    assert changed(plan=("Pro", "Basic"), tickets_open=(1.0, 2.0), seats=(5.0, 5.0)) == [
        "plan",
        "tickets_open",
    ]


def test_what_was_or_is_unknown_is_no_change():
    assert changed(tickets_open=(float("nan"), 2.0), plan=(None, "Pro"), nps_state=("silent", None)) == []


def test_the_most_telling_changes_are_kept():
    assert changed(AgendaPolicy(n_changes=1), usage_30d=(1.0, 9.0), plan=("a", "b")) == ["plan"]


def test_an_account_that_was_not_there_has_no_changes():
    now = pd.DataFrame({"account_id": ["a"], "seats": [1.0]})
    assert changes_since(now, now.iloc[:0], policy=AgendaPolicy()).empty
    assert changes_since(now, pd.DataFrame({"account_id": []}), policy=AgendaPolicy()).empty
