"""Stability from plan to plan: the bundle an account got last time, so that it can count for more."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from standfast.decision.bundles import Bundle
from standfast.decision.columns import Ints
from standfast.errors import InputError

NOTHING_KEPT = -1
"""Place of an account that the last plan did not hold, or gave touches that are offered no more."""
_TOUCHES = ["n_in_person", "n_call", "n_email", "n_digital"]


def last_bundles(account_ids: pd.Series, last_plan: pd.DataFrame, *, bundles: Sequence[Bundle]) -> Ints:
    """Return the place in ``bundles`` of what the last plan gave each account, else ``NOTHING_KEPT``.

    Raises
    ------
    InputError
        The last plan lacks a column, or holds an account twice.

    Examples
    --------
    >>> last = pd.DataFrame({"account_id": ["b"], "n_in_person": 0, "n_call": 2, "n_email": 1,
    ...                      "n_digital": 0})
    >>> offered = [Bundle(), Bundle(n_call=2, n_email=1)]
    >>> last_bundles(pd.Series(["a", "b"]), last, bundles=offered).tolist()
    [-1, 1]
    """
    missing = [name for name in ("account_id", *_TOUCHES) if name not in last_plan]
    if missing:
        raise InputError(f"the last plan lacks columns {missing}; give a plan as standfast wrote it")
    had = last_plan.set_index(last_plan["account_id"].astype(str))[_TOUCHES]
    twice = had.index[had.index.duplicated()]
    if len(twice):
        raise InputError(
            f"the last plan holds account {twice[0]!r} more than once; keep one line per account"
        )
    touches = had.reindex(account_ids.astype(str)).fillna(-1).astype(np.int64)
    offered = {bundle.counts: place for place, bundle in reversed(list(enumerate(bundles)))}
    places = pd.Series(list(offered.values()), index=pd.MultiIndex.from_tuples(list(offered)))
    found = places.reindex(pd.MultiIndex.from_frame(touches)).fillna(NOTHING_KEPT)
    return np.asarray(found, dtype=np.int64)
