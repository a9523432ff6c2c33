"""C1, R4: a play for every segment and action."""

from itertools import product

from standfast.decision.matrix import SEGMENTS
from standfast.decision.plays import ACTIONS, PLAY_NAMES, PLAY_OF, PLAYS


def test_every_segment_and_action_has_exactly_one_play():
    assert sorted((play.segment, play.action) for play in PLAYS) == sorted(product(SEGMENTS, ACTIONS))


def test_names_stand_at_segment_times_actions_plus_action():
    place = SEGMENTS.index("Steer") * len(ACTIONS) + ACTIONS.index("expand")
    assert PLAY_NAMES[place] == PLAY_OF["Steer", "expand"].name


def test_every_play_has_goal_steps_and_an_owning_function():
    """R4."""
    assert all(play.name and play.goal and play.steps for play in PLAYS)
    assert {play.owner_function for play in PLAYS} <= {"CS", "sales", "finance", "executive"}


def test_no_two_plays_share_a_name():
    assert len({play.name for play in PLAYS}) == len(PLAYS)
