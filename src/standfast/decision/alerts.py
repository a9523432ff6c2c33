"""Alerts from an account's own history: they open on a change, close when it ends, and are not repeated.

The readings of one account follow each other by date. A condition holds, does not hold, or is unknown; an
unknown one neither opens nor closes (U4). Once an account has no row, it has left, and its alerts close. What
is told of a date rests on that date and earlier ones alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.alert_policy import ALERT_TYPES, AlertPolicy, AlertSetting, AlertType
from standfast.decision.columns import Bools, Floats, Ints, numbers
from standfast.decision.truth import Truth
from standfast.decision.words import number_words
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE

ALERT_COLUMNS = (
    ACCOUNT_ID, "type", "severity", "owner_function", "opened_on", "closed_on", "value", "reason", "action",
)  # fmt: skip
_NEVER = -1
_NO_DAY = -(10**6)


@dataclass(frozen=True)
class TypeState:
    """How many accounts of the newest date have an alert of a type, or are not known well enough.

    Parameters
    ----------
    n_before
        Accounts whose condition has held as long as they were looked at: no change, so no alert.
    n_unknown
        Accounts of which nobody can tell, because the feature is missing.
    """

    n_open: int
    n_before: int
    n_unknown: int


@dataclass(frozen=True, eq=False)
class Alerts:
    """Every alert of the history, one row each; ``closed_on`` is empty while it is open."""

    frame: pd.DataFrame
    states: Mapping[str, TypeState]

    @property
    def open(self) -> pd.DataFrame:
        """The alerts that are open at the newest date."""
        return self.frame[self.frame["closed_on"].isna()]


def raise_alerts(history: pd.DataFrame, *, policy: AlertPolicy) -> Alerts:
    """Return the alerts of a history: one row per account and observation date, in any order (A1).

    An alert opens where its condition was known not to hold, and then holds. It closes at the first date at
    which the condition is known to have ended. At most one is open per account and type, and the next opens
    ``cooldown_days`` after the last was closed at the earliest.

    Examples
    --------
    >>> weeks = pd.to_datetime(["2025-01-02", "2025-01-09", "2025-01-16", "2025-01-23"])
    >>> history = pd.DataFrame(
    ...     {"account_id": "A-1", "observation_date": weeks, "tickets_30d": [0, 4, 3, 1]}
    ... )
    >>> found = raise_alerts(history, policy=AlertPolicy()).frame
    >>> found[["type", "opened_on", "closed_on", "reason"]].astype(str).values.tolist()
    [['tickets_many', '2025-01-09', '2025-01-23', '4 tickets in 30 days']]
    """
    grid = _Grid.of(history)
    holds = {
        name: _holds(grid, history, ALERT_TYPES[name], setting) for name, setting in policy.enabled.items()
    }
    frames, states = [], {}
    for name, setting in policy.enabled.items():
        truth = _without_stricter(holds, name)
        opened = _open_and_close(truth, grid.days, cooldown_days=policy.cooldown_days)
        frames.append(_rows(grid, history, name, setting, opened))
        states[name] = _state(grid, truth, opened)
    frame = pd.concat(frames, ignore_index=True) if frames else _no_rows()
    order = ["opened_on", ACCOUNT_ID, "type"]
    return Alerts(frame.sort_values(order, kind="stable", ignore_index=True), states)


@dataclass(frozen=True, eq=False)
class _Grid:
    """Accounts by dates: the row of each, -1 where there is none; ``days`` counts from any day."""

    accounts: pd.Index
    dates: pd.DatetimeIndex
    row: Ints

    @classmethod
    def of(cls, history: pd.DataFrame) -> "_Grid":
        account, accounts = pd.factorize(history[ACCOUNT_ID].astype("str"), sort=True)
        date, dates = pd.factorize(pd.to_datetime(history[OBSERVATION_DATE]), sort=True)
        row = np.full((len(accounts), len(dates)), -1, dtype=np.int64)
        row[account, date] = np.arange(len(history))
        return cls(pd.Index(accounts), pd.DatetimeIndex(dates), row)

    @property
    def days(self) -> Ints:
        return np.asarray((self.dates - pd.Timestamp(0)).days, dtype=np.int64)

    @property
    def gone(self) -> Bools:
        """Where an account that has been in the book is not in it."""
        is_here = self.row >= 0
        return np.asarray(np.logical_or.accumulate(is_here, axis=1) & ~is_here)

    def spread(self, values: Floats) -> Floats:
        """Return the values by account and date, NaN where there is no row."""
        return np.append(values, np.nan)[self.row]


@dataclass(frozen=True, eq=False)
class _Opened:
    """Alerts of one type: place of the account, of the date opened, of the date closed or -1."""

    account: Ints
    opened: Ints
    closed: Ints
    was_false: Bools


def _holds(grid: _Grid, history: pd.DataFrame, kind: AlertType, setting: AlertSetting) -> Truth:
    """Return where the condition has held at so many readings in a row, by account and date."""
    value = grid.spread(_measure(history, kind.measure))
    past = value < setting.threshold if kind.is_below else value >= setting.threshold
    known = ~np.isnan(value)
    now = Truth(past & known, (~past & known) | grid.gone)
    return reduce(and_, (_earlier(now, weeks) for weeks in range(setting.weeks_running)))


def _earlier(truth: Truth, dates: int) -> Truth:
    """Return what it was so many dates before; unknown before the first."""
    lead = np.zeros((len(truth.true), dates), dtype=bool)
    true, false = (np.hstack([lead, part])[:, : part.shape[1]] for part in (truth.true, truth.false))
    return Truth(true, false)


def _without_stricter(holds: Mapping[str, Truth], name: str) -> Truth:
    """Return where the condition holds and none that tells the same more strongly does."""
    stricter = (~holds[other] for other in ALERT_TYPES[name].stricter if other in holds)
    return reduce(and_, stricter, holds[name])


def _open_and_close(truth: Truth, days: Ints, *, cooldown_days: int) -> _Opened:
    """Walk over the dates, all accounts at once."""
    n = len(truth.true)
    opened, closed_day = np.full(n, _NEVER), np.full(n, _NO_DAY)
    was_false = np.zeros(n, dtype=bool)
    found: list[tuple[Ints, Ints, Ints]] = []
    for place, day in enumerate(days):
        true, false = truth.true[:, place], truth.false[:, place]
        ends = np.flatnonzero((opened != _NEVER) & false)
        found.append((ends, opened[ends], np.full(len(ends), place)))
        opened[ends], closed_day[ends] = _NEVER, day
        begins = (opened == _NEVER) & true & was_false & (day - closed_day >= cooldown_days)
        opened[begins] = place
        was_false |= false
    still = np.flatnonzero(opened != _NEVER)
    found.append((still, opened[still], np.full(len(still), _NEVER)))
    account, first, last = (np.concatenate(part) for part in zip(*found, strict=True))
    return _Opened(account, first, last, was_false)


def _state(grid: _Grid, truth: Truth, opened: _Opened) -> TypeState:
    """Count the accounts of the newest date."""
    if not len(grid.dates):
        return TypeState(0, 0, 0)
    here = grid.row[:, -1] >= 0
    return TypeState(
        n_open=int((opened.closed == _NEVER).sum()),
        n_before=int((here & truth.true[:, -1] & ~opened.was_false).sum()),
        n_unknown=int((here & truth.unknown[:, -1]).sum()),
    )


def _rows(
    grid: _Grid, history: pd.DataFrame, name: str, setting: AlertSetting, opened: _Opened
) -> pd.DataFrame:
    """Return one row per alert of a type, with its words."""
    kind = ALERT_TYPES[name]
    row = grid.row[opened.account, opened.opened]
    value = _measure(history, kind.measure)[row]
    closed = grid.dates.take(np.maximum(opened.closed, 0)).where(opened.closed != _NEVER)
    rows = pd.DataFrame(
        {
            ACCOUNT_ID: grid.accounts.take(opened.account),
            "opened_on": grid.dates.take(opened.opened),
            "closed_on": closed,
            "value": value,
            "reason": _reason(kind, value),
        }
    )
    return rows.assign(
        type=name, severity=setting.severity, owner_function=setting.owner_function, action=kind.action
    )[list(ALERT_COLUMNS)]


def _no_rows() -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(ALERT_COLUMNS), dtype="str")
    return empty.astype({"opened_on": "datetime64[us]", "closed_on": "datetime64[us]", "value": "float64"})


def _reason(kind: AlertType, value: Floats) -> npt.NDArray[np.object_]:
    before, after = kind.reason.split("{value}")
    return (before + number_words(value * kind.scale) + after).to_numpy(dtype=object)


def _measure(history: pd.DataFrame, name: str) -> Floats:
    """Return what a type looks at, one number per row, NaN where it is not known."""
    if name == "usage_fall":  # the trend is a logarithm to six digits
        return np.asarray(np.round(-np.expm1(numbers(history, "usage_trend_30d")), 5))
    if name == "activity_place":
        return _activity_place(history)
    return numbers(history, name)


def _activity_place(history: pd.DataFrame) -> Floats:
    """Return the share of the date's accounts that are more active per seat: 0 for the most active."""
    seats = numbers(history, "seats")
    per_seat = pd.Series(numbers(history, "usage_30d") / np.where(seats > 0, seats, np.nan))
    date = history[OBSERVATION_DATE].to_numpy()
    by_date = per_seat.groupby(date)
    ahead = by_date.rank(ascending=False, method="min") - 1
    return (ahead / by_date.transform("count")).to_numpy(dtype=np.float64)
