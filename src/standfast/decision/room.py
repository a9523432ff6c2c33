"""Room an account has to grow: how full its seats and its usage limits are (R1, A2)."""

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, Ints, numbers

TIGHT_FROM = 0.8
"""Share of paid seats, or of a usage limit, from which an account is short of room (A2)."""


def room_of(rows: pd.DataFrame) -> Ints:
    """Return 0 where an account is short of room, 1 where it has some, 2 where that is unknown.

    The fuller of seats and usage limit decides.
    """
    return room_at(numbers(rows, "seat_utilisation"), numbers(rows, "usage_limit_share"))


def room_at(seats: Floats, limit: Floats) -> Ints:
    """Return the same for each use of seats and of the limit; NaN where it is unknown."""
    fullest = np.fmax(seats, limit)
    return np.select([np.isnan(fullest), fullest >= TIGHT_FROM], [2, 0], 1)
