"""Plan lines as touches: one row per visit, review, call, e-mail and message, in the order to make them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from standfast.decision.bundles import Channels
from standfast.decision.columns import Bools, Ints, codes_of, numbers
from standfast.decision.matrix import MATRIX, Matrix
from standfast.errors import InputError

ORDER = ("review", "call", "in_person", "email", "digital")
"""Which goes first of two touches that fall on the same place."""

OFFSETS = {"review": 0.5, "call": 0.0, "in_person": 0.75, "email": 0.75, "digital": 0.5}
"""Where the k-th of n touches stands between the horizon's beginning and its end: (k + offset) / n. A call
opens, the review lies in the middle, a visit goes late, and an e-mail follows what was said."""


def line_touches(lines: pd.DataFrame, *, channels: Channels, matrix: Matrix = MATRIX) -> pd.DataFrame:
    """Return a row per touch: the ``place`` of its line, ``channel``, ``step`` among its likes, ``minutes``.

    ``step`` counts what a person does and what runs by itself apart. The minutes of a line's touches add up
    to its hours.

    Raises
    ------
    InputError
        The hours of a line are not what its touches take.

    Examples
    --------
    >>> lines = pd.DataFrame({"account_id": ["a"], "cell": ["high risk, high value"], "n_in_person": [1],
    ...     "n_call": [1], "n_email": [2], "n_digital": [0], "hours": [260 / 60]})
    >>> line_touches(lines, channels=Channels())[["channel", "minutes"]].values.tolist()
    [['call', 60], ['email', 10], ['review', 180], ['email', 10]]
    """
    minutes = _minutes(lines, channels, matrix)
    counts = _counts(lines, channels, minutes)
    parts = [_of_channel(name, counts[name], minutes[name]) for name in ORDER]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.sort_values(["place", "is_automated", "position", "rank"], kind="stable", ignore_index=True)
    step = rows.groupby(["place", "is_automated"]).cumcount().to_numpy(dtype=np.int64)
    return rows.assign(step=step)[["place", "channel", "is_automated", "step", "minutes"]]


def _of_channel(name: str, count: Ints, minutes: Ints) -> pd.DataFrame:
    """Return the touches of one channel, with where each stands in its account's horizon."""
    place = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    return pd.DataFrame(
        {
            "place": place,
            "channel": pd.Series([name] * len(place), dtype="str"),
            "is_automated": name == "digital",
            "position": (nth + OFFSETS[name]) / np.maximum(count[place], 1),
            "rank": ORDER.index(name),
            "minutes": minutes[place],
        }
    )


def _counts(lines: pd.DataFrame, channels: Channels, minutes: Mapping[str, Ints]) -> dict[str, Ints]:
    """Return how many touches of each channel a line has; its hours tell reviews from visits."""
    told = {name: numbers(lines, f"n_{name}").astype(np.int64) for name in ("in_person", "call", "email")}
    digital = numbers(lines, "n_digital").astype(np.int64)
    others = told["call"] * minutes["call"] + told["email"] * minutes["email"] + digital * minutes["digital"]
    planned = np.rint(numbers(lines, "hours") * 60).astype(np.int64)
    reviews = _reviews(told["in_person"], planned - others, channels)
    visits = told["in_person"] - reviews
    taken = visits * minutes["in_person"] + reviews * minutes["review"] + others
    _refuse_other_hours(lines, planned != taken, taken)
    return {**told, "in_person": visits, "review": reviews, "digital": digital}


def _reviews(in_person: Ints, left: Ints, channels: Channels) -> Ints:
    """Return how many in-person touches are reviews, by the minutes that are left for both."""
    longer = channels.in_person.minutes - channels.review.minutes
    if longer == 0:
        return np.minimum(in_person, 1)  # a review comes once a horizon
    visits = (left - in_person * channels.review.minutes) // longer
    return np.asarray(in_person - np.clip(visits, 0, in_person))


def _minutes(lines: pd.DataFrame, channels: Channels, matrix: Matrix) -> dict[str, Ints]:
    """Return the minutes of one touch of each channel, line by line."""
    own = {name: getattr(channels, name).minutes for name in ORDER}
    minutes = {name: np.full(len(lines), own[name], dtype=np.int64) for name in ORDER}
    by_cell = [channels.call_of(cell.value_tier).minutes for cell in matrix.cells]
    cell = codes_of(lines, "cell", matrix.cell_names)
    return {**minutes, "call": np.array([*by_cell, channels.call.minutes], dtype=np.int64)[cell]}


def _refuse_other_hours(lines: pd.DataFrame, wrong: Bools, taken: Ints) -> None:
    if wrong.any():
        line = lines[wrong].iloc[0]
        raise InputError(
            f"the plan gives account {line['account_id']!r} {line['hours']:g} hours, but its touches take "
            f"{taken[wrong][0] / 60:g} by the minutes under [channels]; plan again with these settings"
        )
