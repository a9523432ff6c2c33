"""Stability from plan to plan: the bundle an account got last time, so that it can count for more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.bundles import Bundle
from standfast.decision.columns import Ints
from standfast.errors import InputError

NOTHING_KEPT = -1
"""Place of an account that the last plan did not hold, or gave touches that are offered no more."""
TOUCH_COUNTS = ["n_in_person", "n_call", "n_email", "n_digital"]


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
    missing = [name for name in ("account_id", *TOUCH_COUNTS) if name not in last_plan]
    if missing:
        raise InputError(f"the last plan lacks columns {missing}; give a plan as standfast wrote it")
    had = last_plan.set_index(last_plan["account_id"].astype(str))[TOUCH_COUNTS]
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


@dataclass(frozen=True)
class Kept:
    """How much of a plan is as in the one before it.

    Parameters
    ----------
    n_kept
        Accounts with hours that get the same touches as then, of ``n_planned``.
    hours_moved
        Share of the hours that go where they did not go then.
    """

    n_planned: int
    n_kept: int
    hours_moved: float

    def in_words(self, day: Any) -> str:
        """Return a note that tells it of the plan of a day."""
        return (
            f"{self.n_kept:,} of {self.n_planned:,} planned accounts keep the touches of the plan of {day}; "
            f"{100 * self.hours_moved:.0f} % of the hours moved"
        )


def kept_of(lines: pd.DataFrame, last_plan: pd.DataFrame) -> Kept:
    """Return how much of the plan's lines is as the last plan had it.

    Examples
    --------
    >>> last = pd.DataFrame({"account_id": ["a", "b"], "n_in_person": 0, "n_call": [2, 0], "n_email": 0,
    ...                      "n_digital": 0, "hours": [2.0, 0.0]})
    >>> kept_of(last.assign(n_call=[2, 1], hours=[2.0, 1.0]), last).in_words("2026-01-05")
    '1 of 2 planned accounts keep the touches of the plan of 2026-01-05; 33 % of the hours moved'
    """
    columns = [*TOUCH_COUNTS, "hours"]
    had = last_plan.set_index(last_plan["account_id"].astype(str))[columns]
    before = had.reindex(lines["account_id"].astype(str)).to_numpy(dtype=np.float64)
    after = lines[columns].to_numpy(dtype=np.float64)
    hours = after[:, -1]
    planned = hours > 0
    same = planned & (after[:, :-1] == before[:, :-1]).all(axis=1)
    moved = np.maximum(hours - np.nan_to_num(before[:, -1]), 0.0).sum()
    return Kept(int(planned.sum()), int(same.sum()), float(moved / hours.sum()) if planned.any() else 0.0)
