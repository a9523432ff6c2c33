"""The order in which a plain cadence is cut when hours run out, stage by stage, as whole touches."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from standfast.decision.bundles import Channels
from standfast.decision.columns import Bools, Floats, Ints
from standfast.decision.matrix import MATRIX, Matrix
from standfast.schema import RISK_TIERS

VISIT, REVIEW, CALL, EMAIL, DIGITAL = range(5)
SAVE = 0
"""Place of the cell of the highest priority, whose touches are cut last."""

Change = Callable[[Ints, Ints], Ints]
"""Takes the touches, (accounts, 5), and the calls each account is to keep; returns fewer or cheaper ones."""


@dataclass(frozen=True)
class Stage:
    """One kind of cut: what it is called, how it changes touches, and whose."""

    words: str
    change: Change
    risk_tiers: tuple[str, ...] = RISK_TIERS
    is_save: bool = False

    def concerns(self, cell: Ints, *, matrix: Matrix = MATRIX) -> Bools:
        """Return which accounts the stage may cut."""
        risk = np.array([one.risk_tier in self.risk_tiers for one in matrix.cells])
        return np.asarray(risk[cell] & ((cell == SAVE) == self.is_save))


def automate_emails(touches: Ints, least: Ints) -> Ints:  # noqa: ARG001  (as its siblings)
    """Return the touches with automated messages in place of personal e-mails."""
    return _with(touches, digital=touches[:, DIGITAL] + touches[:, EMAIL], email=0)


def call_not_visit(touches: Ints, least: Ints) -> Ints:  # noqa: ARG001
    """Return the touches with calls in place of visits."""
    return _with(touches, call=touches[:, CALL] + touches[:, VISIT], visit=0)


def call_not_review(touches: Ints, least: Ints) -> Ints:  # noqa: ARG001
    """Return the touches with calls in place of business reviews."""
    return _with(touches, call=touches[:, CALL] + touches[:, REVIEW], review=0)


def lose_calls(touches: Ints, least: Ints) -> Ints:
    """Return the touches without the calls beyond the one human touch a year."""
    return _with(touches, call=np.minimum(touches[:, CALL], least))


def lose_people(touches: Ints, least: Ints) -> Ints:  # noqa: ARG001
    """Return no human touch at all: there are no hours even for the one a year."""
    return _with(touches, visit=0, review=0, call=0)


def lose_all(touches: Ints, least: Ints) -> Ints:  # noqa: ARG001
    """Return no touches."""
    return np.zeros_like(touches)


STAGES: tuple[Stage, ...] = (
    Stage("automated messages replace personal e-mail", automate_emails),
    Stage("calls replace visits", call_not_visit),
    Stage("calls replace business reviews", call_not_review),
    Stage("low-risk cells lose calls", lose_calls, ("low",)),
    Stage("medium-risk cells lose calls", lose_calls, ("medium",)),
    Stage("high-risk cells lose calls", lose_calls, ("high",)),
    Stage("Save: automated messages replace personal e-mail", automate_emails, is_save=True),
    Stage("Save: calls replace visits", call_not_visit, is_save=True),
    Stage("Save: calls replace business reviews", call_not_review, is_save=True),
    Stage("Save loses calls", lose_calls, is_save=True),
    Stage("not even one human touch a year", lose_people),
    Stage("Save: not even one human touch a year", lose_people, is_save=True),
    Stage("no automated messages either", lose_all),
    Stage("Save: no automated messages either", lose_all, is_save=True),
)
"""The order of cuts. The last four break the floor of one human touch a year, since hours are never exceeded;
the last two matter only where an automated message takes minutes."""


def minutes_of(touches: Ints, cell: Ints, *, channels: Channels, matrix: Matrix = MATRIX) -> Ints:
    """Return the minutes that the touches of each account take; calls of the low value tier are short."""
    call = np.array([channels.call_of(one.value_tier).minutes for one in matrix.cells])[cell]
    fixed = np.array(
        [
            channels.in_person.minutes,
            channels.review.minutes,
            channels.email.minutes,
            channels.digital.minutes,
        ]
    )
    others = touches[:, [VISIT, REVIEW, EMAIL, DIGITAL]] @ fixed
    return np.asarray(others + touches[:, CALL] * call)


def whole_touches(yearly: Floats, *, first_day: Ints, horizon_days: int, chance: Floats) -> Ints:
    """Return the whole touches of a horizon whose average over the horizons of a year is ``yearly``.

    Each account has its own phase, ``chance`` from 0 to 1: an account with one call a year gets it in one
    horizon of the year, a quarter of such accounts in each quarter, and two horizons that follow each other
    leave none out.

    Examples
    --------
    >>> days = np.arange(0, 360, 90)
    >>> whole_touches(np.full(4, 1.0), first_day=days, horizon_days=90, chance=np.full(4, 0.5)).tolist()
    [0, 0, 1, 0]
    """
    start, end = first_day / 365 + chance, (first_day + horizon_days) / 365 + chance
    return np.asarray((np.floor(yearly * end + 1e-9) - np.floor(yearly * start + 1e-9)).astype(np.int64))


def _with(touches: Ints, **counts: Ints | int) -> Ints:
    names = ("visit", "review", "call", "email", "digital")
    columns = [counts.get(name, touches[:, place]) for place, name in enumerate(names)]
    counted = np.column_stack([np.broadcast_to(column, len(touches)) for column in columns])
    return counted.astype(touches.dtype)
