"""The circle in a small made-up book: plan, hold out, see, learn, plan again (U5)."""

import pytest
from bench.loop import COST_BOUND, loop
from bench.worlds import MANY_DOGS

pytestmark = pytest.mark.integration
SMALL = 120


def test_a_small_book_learns_too_little_to_leave_the_default_and_loses_nothing():
    """With two or three accounts held out a quarter the default stands, and the plan is its plan."""
    looped = loop(MANY_DOGS, 3, SMALL)
    assert looped.response.is_default
    assert 0 < looped.response.n_rows < 200
    assert looped.learned == looped.default
    assert "the default response stands" in " ".join(looped.response.sentences)
    assert len(looped.costs) == 8
    assert looped.costs == loop(MANY_DOGS, 3, SMALL).costs
    assert COST_BOUND == 1.0
