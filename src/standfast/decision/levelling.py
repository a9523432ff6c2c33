"""Level an owner's weeks: each touch takes the emptiest week that its window allows."""

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, Ints


def level_days(touches: pd.DataFrame, *, week_of_day: Ints, load: Floats) -> Ints:
    """Return the working day of each touch, within its window from ``earliest`` to ``latest``.

    The touch that can move least chooses first, then the longest; it takes the week that is least full per
    working day, there the emptiest day, of equal ones the first.

    Parameters
    ----------
    touches
        owner (a number each), earliest, latest, minutes, tie: the last says who goes first among equals.
    week_of_day
        The week of each working day, from 0 on.
    load
        Minutes that are taken already, by owner and working day.

    Examples
    --------
    >>> touches = pd.DataFrame({"owner": 0, "earliest": [0, 0, 0], "latest": [1, 9, 9],
    ...                         "minutes": [60, 60, 10], "tie": ["a", "b", "c"]})
    >>> level_days(touches, week_of_day=np.repeat([0, 1], 5), load=np.zeros((1, 10))).tolist()
    [0, 5, 1]
    """
    days = np.zeros(len(touches), dtype=np.int64)
    if touches.empty:
        return days
    by_day, n_days = load.astype(np.float64).copy(), np.bincount(week_of_day)
    by_week = np.stack([by_day[:, week_of_day == week].sum(axis=1) for week in range(len(n_days))], axis=1)
    for turn in _turns(touches):
        one = touches.iloc[turn]
        owner, minutes = one["owner"].to_numpy(), one["minutes"].to_numpy(dtype=np.float64)
        fullness = ((by_week[owner] + minutes[:, None]) / n_days)[:, week_of_day]
        chosen = _emptiest(fullness, by_day[owner], one["earliest"].to_numpy(), one["latest"].to_numpy())
        days[turn] = chosen
        by_day[owner, chosen] += minutes
        by_week[owner, week_of_day[chosen]] += minutes
    return days


def _turns(touches: pd.DataFrame) -> list[Ints]:
    """Return who chooses together: one touch of every owner, the least movable first."""
    room = touches["latest"] - touches["earliest"]
    asked = touches.assign(room=room, short=-touches["minutes"], at=np.arange(len(touches)))
    asked = asked.sort_values(["owner", "room", "short", "tie"], kind="stable")
    turn = asked.groupby("owner").cumcount().to_numpy()
    at = asked["at"].to_numpy(dtype=np.int64)
    order = np.argsort(turn, kind="stable")
    return list(np.split(at[order], np.cumsum(np.bincount(turn))[:-1]))


def _emptiest(fullness: Floats, by_day: Floats, earliest: Ints, latest: Ints) -> Ints:
    """Return the first of the emptiest days in the emptiest week, row by row."""
    day = np.arange(fullness.shape[1])
    outside = (day < earliest[:, None]) | (day > latest[:, None])
    weekly = np.where(outside, np.inf, fullness)
    in_best = weekly <= weekly.min(axis=1, keepdims=True) + 1e-9
    return np.asarray(np.where(in_best, by_day, np.inf).argmin(axis=1), dtype=np.int64)
