"""Inputs, or scores, that moved more than a normal month moves them, corrected for how many are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from standfast.learning.arrays import Floats, Places
from standfast.learning.check import Step
from standfast.learning.distance import Profile, profile
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.yardstick import Yardstick, measure_normal

MOVED, BLANK = "moved", "blank"
_LEAST_CHANCE = 1e-6
"""Of an input that raises no alarm: its bound is only shown."""
MONTHS_BEFORE, LEARNED = "the months before", "the newest month learned from"


@dataclass(frozen=True, eq=False)
class Months:
    """What each input held in each month, the oldest first.

    Parameters
    ----------
    days
        The observation date of each month.
    weights
        Share of each input in what moves the probabilities.
    """

    days: tuple[str, ...]
    n_accounts: NDArray[np.intp]
    names: tuple[str, ...]
    profiles: tuple[Profile, ...]
    weights: Floats

    def until(self, month: int) -> "Months":
        """Give the months up to and with this one."""
        return Months(
            self.days[: month + 1], self.n_accounts[: month + 1], self.names, self.profiles, self.weights
        )


@dataclass(frozen=True, kw_only=True)
class Drift:
    """How far one input lies from an earlier month.

    Parameters
    ----------
    what
        moved: values lie elsewhere; blank: another share of cells is empty.
    since, day, n_before
        Which months it is compared with, in words, the date of the newest of them, and how many they are.
    normal
        How far such months normally lie apart.
    bound
        Beyond this it is no normal month.
    """

    name: str
    what: str
    since: str
    day: str
    value: float
    normal: float
    bound: float
    weight: float
    step: Step
    n_before: int = 1


def months_of(
    matrix: Floats,
    month: Places,
    *,
    days: Sequence[str],
    names: Sequence[str],
    is_ordered: Sequence[bool],
    weights: Sequence[float],
) -> Months:
    """Give what each column of a matrix held in each month."""
    n_months = len(days)
    return Months(
        tuple(days),
        np.bincount(month, minlength=n_months),
        tuple(names),
        tuple(
            profile(matrix[:, place], month, n_months=n_months, is_ordered=ordered)
            for place, ordered in enumerate(is_ordered)
        ),
        np.asarray(weights, dtype=np.float64),
    )


def judge_drift(
    months: Months, *, learned: int | None, policy: MonitorPolicy, family: str = "inputs"
) -> tuple[tuple[Drift, ...], tuple[str, ...]]:
    """Give how far the newest month of each input lies from those before and from what was learned from.

    The mean of several months before wobbles less than one of them, so what moves stands out further, and a
    month in which it is overlooked is not the measure of the next.

    Parameters
    ----------
    learned
        Place of the newest month that the model learned from; None where that is not among the months.
    family
        inputs or scores: whose share of the false alarms these may give.

    Returns
    -------
    One drift per input, comparison and kind that could be judged; and what could not be, in words.
    """
    lags = {MONTHS_BEFORE: 1} | ({LEARNED: len(months.days) - 1 - learned} if learned is not None else {})
    lags = {since: lag for since, lag in lags.items() if lag >= 1 and (since == MONTHS_BEFORE or lag > 1)}
    untold = []
    compared = []
    for since, lag in lags.items():
        n_normal = _last_normal(months, since, learned) + 1
        known_lag = min(lag, n_normal - policy.least_months)
        if known_lag < 1:
            untold.append(_too_few(since, n_normal - lag, lag, policy))
            continue
        n_before = _n_before(since, n_normal, policy)
        compared += [(since, lag, known_lag, n_normal, n_before, what) for what in (MOVED, BLANK)]
    chance = _chances(months.weights, policy) * policy.alarms_of(family) / max(1, len(compared))
    watch = policy.watches_of(family) / max(1, len(months.names) * len(compared))
    found = [
        drift
        for since, lag, known_lag, n_normal, n_before, what in compared
        for drift in _compared(
            months,
            since,
            what,
            lag=lag,
            known_lag=known_lag,
            n_normal=n_normal,
            n_before=n_before,
            chance=chance,
            watch=watch,
            policy=policy,
        )
    ]
    return tuple(found), tuple(untold)


def _chances(weights: Floats, policy: MonitorPolicy) -> Floats:
    """Share the false alarms among the inputs that can raise one: half alike, half by what they move."""
    used = np.where(weights >= policy.input_share, weights, 0.0)
    n_used = max(1, int((used > 0).sum()))
    return np.asarray(((used > 0) / n_used + used / max(float(used.sum()), 1e-12)) / 2)


def _compared(
    months: Months,
    since: str,
    what: str,
    *,
    lag: int,
    known_lag: int,
    n_normal: int,
    n_before: int,
    chance: Floats,
    watch: float,
    policy: MonitorPolicy,
) -> list[Drift]:
    """Compare the newest month with the mean of ``n_before`` months, the last of them ``lag`` months before.

    What such a stretch normally changes is known of ``n_normal`` months for stretches of ``known_lag``; a
    longer one is allowed as much more as it is longer, which is what a steady trend would make of it.
    """
    newest = len(months.days) - 1
    usual = int(np.median(months.n_accounts))
    normal = measure_normal(
        _far(months, what, np.arange(n_before - 1, n_normal - known_lag), known_lag, n_before),
        n_accounts=usual,
        overlap=known_lag,
    )
    normal = replace(normal, size=normal.size * lag / known_lag)
    bounds, beyond = _bounds(normal, chance, policy.shift), normal.bound(watch)
    found = _far(months, what, np.array([newest - lag]), lag, n_before)[0]
    return [
        Drift(
            name=name, what=what, since=since, day=months.days[newest - lag], value=float(found[place]),
            normal=float(normal.size[place]), bound=bounds[place], weight=float(months.weights[place]),
            step=_step(
                float(found[place]), bounds[place], float(beyond[place]), float(months.weights[place]), policy
            ),
            n_before=n_before,
        )
        for place, name in enumerate(months.names)
        if not np.isnan(found[place])
    ]  # fmt: skip


def _far(months: Months, what: str, before: Places, lag: int, n_before: int) -> Floats:
    """Give the distances of pairs of months, shape (pairs, inputs)."""
    return np.column_stack(
        [
            (one.moved if what == MOVED else one.blanker)(before, before + lag, n_before=n_before)
            for one in months.profiles
        ]
    )


def _n_before(since: str, n_normal: int, policy: MonitorPolicy) -> int:
    """Give how many months the newest is compared with: as many as leave pairs enough to judge by."""
    if since == LEARNED:
        return 1
    return int(np.clip(n_normal - policy.least_months, 1, policy.months_before))


def _last_normal(months: Months, since: str, learned: int | None) -> int:
    """Give the newest month that tells what is normal: the one before, or the newest learned from."""
    return learned if since == LEARNED and learned is not None else len(months.days) - 2


def _bounds(normal: Yardstick, chance: Floats, shift: float) -> list[float]:
    """Give what must be passed: the edge of a normal month, and a size that matters."""
    return [float(bound) for bound in np.fmax(normal.bound(np.maximum(chance, _LEAST_CHANCE)), shift)]


def _step(value: float, bound: float, beyond: float, weight: float, policy: MonitorPolicy) -> Step:
    if value > bound and weight >= policy.input_share:
        return "retrain"
    return "watch" if value > max(beyond, policy.shift / 2) else "nothing"


def _too_few(since: str, n_pairs: int, lag: int, policy: MonitorPolicy) -> str:
    stretch = "a month" if lag == 1 else f"{lag} months"
    return (
        f"not compared with {since}: what {stretch} normally change is known of {max(n_pairs, 0)} pairs of "
        f"past months, and {policy.least_months} are needed ([monitor] least_months)"
    )
