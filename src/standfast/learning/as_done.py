"""The same rows by what was done instead of by what chance said: kept apart, for it is no fair comparison."""

import numpy as np
import pandas as pd

from standfast.learning.holdout import HELD_OUT, PLANNED
from standfast.learning.outcomes import column
from standfast.learning.tally import contacted


def by_what_was_done(rows: pd.DataFrame, *, is_holdout: bool) -> pd.DataFrame:
    """Return rows in the arm of what was done; rows without a record are left out, never read as "not done".

    In the holdout, whoever a person contacted counts as planned and all others as held out. In a test of
    plays only those who were contacted have got their play. Who is contacted is chosen by people, so no
    chance belongs to these arms: they all weigh the same.

    Examples
    --------
    >>> rows = pd.DataFrame({"arm": ["planned", "held_out", "planned"], "is_recorded": [True, True, False],
    ...     "arm_probability": [0.9, 0.1, 0.9], "done_call": [0, 1, None]})
    >>> by_what_was_done(rows, is_holdout=True)["arm"].tolist()
    ['held_out', 'planned']
    """
    known: pd.DataFrame = rows[column(rows, "is_recorded") == 1]
    touched = contacted(known)
    if not is_holdout:
        return pd.DataFrame(known[touched]).assign(arm_probability=1.0)
    return known.assign(arm=np.where(touched, PLANNED, HELD_OUT), arm_probability=1.0)
