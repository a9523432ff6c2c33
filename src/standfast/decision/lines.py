"""The plan as a table: one line per account, planned or left with its reason."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.columns import Bools, Floats, Ints, codes_of, flags, texts
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.offering import start_dates
from standfast.decision.play_choice import choose_plays
from standfast.decision.plays import PLAYS, Play
from standfast.decision.response import Gains
from standfast.decision.tally import Tally
from standfast.schema import PLAN_COLUMNS

UNKNOWN = -1


def plan_lines(
    scores: pd.DataFrame,
    tally: Tally,
    *,
    why: pd.Series,
    horizon_days: int,
    as_of: Any,
    plays: Sequence[Play] = PLAYS,
) -> pd.DataFrame:
    """Return the plan's columns, exactly those of the schema, for the scores row by row."""
    index, touched, hours = scores.index, tally.touched, tally.minutes / 60
    matrix = tally.offers.table.matrix
    place = codes_of(scores, "cell", matrix.cell_names)
    in_person, call, email, digital = tally.counts.T
    personal = in_person + call + email > 0
    is_here = ~flags(scores, "churned")[0]
    columns = {
        "account_id": scores["account_id"],
        "owner": scores["owner"] if "owner" in scores else texts((), np.full(len(scores), UNKNOWN), index),
        "segment": texts(matrix.segments, place, index),
        "cell": texts(matrix.cell_names, place, index),
        "play": choose_plays(
            scores,
            np.where(is_here, place, UNKNOWN),
            action_codes(place, personal=personal, earned=tally.earned, matrix=matrix),
            plays=plays,
            matrix=matrix,
        ),
        "n_in_person": in_person,
        "n_call": call,
        "n_email": email,
        "n_digital": digital,
        "hours": hours,
        "expected_value": tally.expected_value,
        "conservative_value": tally.conservative_value,
        "value_per_hour": value_per_hour(tally.expected_value, hours),
        "first_touch_by": _due_dates(
            scores,
            place=place,
            wait_days=tally.wait_days * personal,
            horizon_days=horizon_days,
            as_of=as_of,
            matrix=matrix,
        ).where(touched),
        "held_out": flags(scores, "held_out")[0],
        "why": why.to_numpy(),
    }
    return pd.DataFrame(columns, index=index)[list(PLAN_COLUMNS)]


def value_per_hour(value: Floats, hours: Floats) -> Floats:
    """Return money per hour, empty where no hour is spent."""
    return np.where(hours > 0, value / np.where(hours > 0, hours, 1.0), np.nan)


def action_codes(place: Ints, *, personal: Bools, earned: Gains, matrix: Matrix = MATRIX) -> Ints:
    """Return the action's place in ``ACTIONS``: the larger part of the value names it.

    Growth is 'expand'; churn avoided is 'protect' in the low risk tier and 'save' elsewhere; an account that
    no person contacts, be it with automated messages, is left to itself ('leave').
    """
    is_low_risk = np.array([cell.risk_tier == "low" for cell in matrix.cells])[place]
    return np.select([~personal, earned.expand > earned.save, is_low_risk], [3, 1, 2], 0).astype(np.int64)


def _due_dates(
    scores: pd.DataFrame,
    *,
    place: Ints,
    wait_days: Ints,
    horizon_days: int,
    as_of: Any,
    matrix: Matrix,
) -> pd.Series:
    """Return the date by which the segment's promise falls due; empty where no date is known.

    It is never before the account may be contacted again, and never past the horizon.
    """
    promised = np.maximum(np.array([cell.sla_days for cell in matrix.cells])[place], wait_days)
    days = np.minimum(promised, horizon_days)
    due = start_dates(scores, as_of=as_of) + pd.Series(pd.to_timedelta(days, unit="D"), index=scores.index)
    return due.where(place != UNKNOWN)
