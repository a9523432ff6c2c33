"""What fixed work needs to know of each account: its dates, its cell, and what it may be touched for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.calendar_policy import KINDS, FixedKind
from standfast.decision.columns import Bools, Ints, codes_of
from standfast.decision.guards import HELD_OUT, OPEN, REASONS, UNTOUCHED
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.play_choice import plays_of_kind
from standfast.decision.plays import PLAYS_OF_KIND, Play
from standfast.schema import CALENDAR_DATES, VALUE_TIERS

Days = npt.NDArray[np.datetime64]
DATES = (*CALENDAR_DATES, "alert_opened_on")
"""Columns of the scores that fixed work is made from, each where it is known."""


@dataclass(frozen=True, eq=False)
class CalendarBook:
    """One entry per account: days (empty where unknown), cell and value tier (-1 where it has none).

    ``has_contract_work``, ``may_be_answered`` (its alerts, by a call) and ``may_be_called`` are False where
    nothing of that kind may be done; ``knows_touches`` says whether past touches are known at all;
    ``chance`` is a number that stays with the account's id. ``play_minutes`` are what each account's play of
    a kind takes in all, 0 where the calendar's own settings tell.
    """

    start: Days
    end: Days
    started: Days
    renews: Days
    touched: Days
    alerted: Days
    alert_reason: npt.NDArray[np.object_]
    cell: Ints
    tier: Ints
    has_contract_work: Bools
    may_be_answered: Bools
    may_be_called: Bools
    chance: npt.NDArray[np.uint64]
    knows_touches: bool
    play_minutes: Mapping[FixedKind, Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the accounts."""
        return len(self.cell)


def has_calendar(scores: pd.DataFrame) -> bool:
    """Say whether the scores hold a date that fixed work can be made from."""
    return any(name in scores for name in DATES)


def calendar_book(
    scores: pd.DataFrame,
    closed: Ints,
    start: pd.Series,
    *,
    horizon_days: int,
    matrix: Matrix = MATRIX,
    plays: Sequence[Play] = PLAYS_OF_KIND,
) -> CalendarBook:
    """Return the calendar's view of placed scores; ``closed`` are the codes of ``closed_to_outreach``."""
    first = days_of(start)
    cell = codes_of(scores, "cell", matrix.cell_names)
    tiers = np.array([*(VALUE_TIERS.index(one.value_tier) for one in matrix.cells), -1])
    is_dated = ~np.isnat(first) & (cell >= 0)
    stopped = np.isin(closed, [REASONS.index(reason) for reason in UNTOUCHED])
    ids = scores["account_id"].astype(str).to_numpy(dtype=object)
    reason = scores["alert_reason"] if "alert_reason" in scores else pd.Series("", index=scores.index)
    dates = {name: _dates(scores, name) for name in DATES}
    return CalendarBook(
        start=first,
        end=first + np.timedelta64(horizon_days, "D"),
        started=dates["started_on"],
        renews=dates["renews_on"],
        touched=dates["last_human_touch_on"],
        alerted=dates["alert_opened_on"],
        alert_reason=reason.fillna("").astype("str").to_numpy(dtype=object),
        cell=cell,
        tier=tiers[cell],
        has_contract_work=is_dated & ~stopped,
        may_be_answered=is_dated & np.isin(closed, (OPEN, HELD_OUT)),
        may_be_called=is_dated & (closed == OPEN),
        chance=pd.util.hash_array(ids, categorize=False),
        knows_touches="last_human_touch_on" in scores,
        play_minutes={kind: _play_minutes(scores, kind, plays, matrix) for kind in KINDS},
    )


def _play_minutes(scores: pd.DataFrame, kind: FixedKind, plays: Sequence[Play], matrix: Matrix) -> Ints:
    """Return the minutes of each account's play of a kind."""
    offered, place = plays_of_kind(scores, kind, plays=plays, matrix=matrix)
    return np.array([*(play.minutes for play in offered), 0], dtype=np.int64)[place]


def days_of(dates: pd.Series) -> Days:
    """Return dates as whole days; what is no date is empty."""
    moments = pd.to_datetime(dates, errors="coerce")
    if moments.dt.tz is not None:
        moments = moments.dt.tz_localize(None)
    return moments.to_numpy(dtype="datetime64[s]").astype("datetime64[D]")


def _dates(scores: pd.DataFrame, name: str) -> Days:
    return days_of(scores[name]) if name in scores else np.full(len(scores), np.datetime64("NaT", "D"))
