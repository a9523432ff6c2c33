"""The rarer outcome's accounts decide the model (U6)."""

import numpy as np
import pytest

from standfast.propensity.ladder import count_events, rung_for, warning_for
from standfast.propensity.recipe import Recipe


@pytest.mark.parametrize(
    ("n_events", "rung"),
    [(0, "scorecard"), (19, "scorecard"), (20, "logistic"), (99, "logistic"), (100, "blend")],
)
def test_rungs_turn_at_their_bounds(n_events, rung):
    """U6."""
    assert rung_for(n_events, Recipe()) == rung


def test_the_bounds_are_policy():
    assert rung_for(30, Recipe(scorecard_below=40)) == "scorecard"


def test_the_rarer_outcome_counts_even_when_it_is_staying():
    y = np.r_[np.ones(90), np.zeros(10)]
    assert count_events(y, np.arange(100)) == 10
    assert count_events(y, np.r_[np.arange(90), np.full(10, 95)]) == 1


def test_small_books_get_a_warning_with_the_numbers_and_large_ones_none():
    assert "only 19 accounts" in (warning_for(19, Recipe()) or "")
    assert "99 accounts" in (warning_for(99, Recipe()) or "")
    assert warning_for(100, Recipe()) is None
