"""A2: who is short of room to grow."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.room import room_of


@pytest.mark.parametrize(
    ("seats", "limit", "room"),
    [(0.8, np.nan, 0), (0.79, np.nan, 1), (0.1, 0.95, 0), (np.nan, 0.2, 1), (np.nan, np.nan, 2)],
)
def test_the_fuller_of_seats_and_limit_decides_the_room(seats, limit, room):
    """A2's bound, at the bound."""
    book = pd.DataFrame({"seat_utilisation": [seats], "usage_limit_share": [limit]})
    assert room_of(book).tolist() == [room]
