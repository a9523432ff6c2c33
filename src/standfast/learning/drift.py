"""Inputs, or scores, that moved more than a normal month moves them, corrected for how many are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standfast.learning.check import Step
from standfast.learning.distance import Floats, Places, Profile, profile
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.yardstick import Yardstick, measure_normal

MOVED, BLANK = "moved", "blank"
MONTH_BEFORE, LEARNED = "the month before", "the newest month learned from"


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
    since, day
        Which month it is compared with, in words, and its date.
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
    months: Months, *, learned: int | None, policy: MonitorPolicy
) -> tuple[tuple[Drift, ...], tuple[str, ...]]:
    """Give how far the newest month of each input lies from the one before and from what was learned from.

    Parameters
    ----------
    learned
        Place of the newest month that the model learned from; None where that is not among the months.

    Returns
    -------
    One drift per input, comparison and kind that could be judged; and what could not be, in words.
    """
    lags = {MONTH_BEFORE: 1} | ({LEARNED: len(months.days) - 1 - learned} if learned is not None else {})
    lags = {since: lag for since, lag in lags.items() if lag >= 1 and (since == MONTH_BEFORE or lag > 1)}
    untold = []
    compared = []
    for since, lag in lags.items():
        n_pairs = _last_normal(months, since, learned) + 1 - lag
        if n_pairs < policy.least_months:
            untold.append(_too_few(since, n_pairs, lag, policy))
            continue
        compared += [(since, lag, n_pairs, what) for what in (MOVED, BLANK)]
    n_used = int((months.weights >= policy.input_share).sum())
    chance = policy.family_alarms / max(1, n_used * len(compared))
    watch = policy.family_watches / max(1, len(months.names) * len(compared))
    found = [
        drift
        for since, lag, n_pairs, what in compared
        for drift in _compared(months, since, lag, n_pairs, what, chance=chance, watch=watch, policy=policy)
    ]
    return tuple(found), tuple(untold)


def _compared(
    months: Months,
    since: str,
    lag: int,
    n_pairs: int,
    what: str,
    *,
    chance: float,
    watch: float,
    policy: MonitorPolicy,
) -> list[Drift]:
    newest = len(months.days) - 1
    before = np.arange(newest - lag + 1)
    far = np.column_stack(
        [(one.moved if what == MOVED else one.blanker)(before, before + lag) for one in months.profiles]
    )
    usual = int(np.median(months.n_accounts[: newest + 1]))
    normal = measure_normal(far[:n_pairs], n_accounts=usual, overlap=lag)
    return [
        Drift(
            name=name, what=what, since=since, day=months.days[newest - lag],
            value=float(far[-1, place]), normal=float(normal.size[place]), bound=bound,
            weight=float(months.weights[place]),
            step=_step(float(far[-1, place]), bound, beyond, float(months.weights[place]), policy),
        )
        for place, (name, bound, beyond) in enumerate(
            zip(months.names, _bounds(normal, chance, policy.shift), normal.bound(watch), strict=True)
        )
        if not np.isnan(far[-1, place])
    ]  # fmt: skip


def _last_normal(months: Months, since: str, learned: int | None) -> int:
    """Give the newest month that tells what is normal: the one before, or the newest learned from."""
    return learned if since == LEARNED and learned is not None else len(months.days) - 2


def _bounds(normal: Yardstick, chance: float, shift: float) -> list[float]:
    """Give what must be passed: the edge of a normal month, and a size that matters."""
    return [float(bound) for bound in np.fmax(normal.bound(chance), shift)]


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
