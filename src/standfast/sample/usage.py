"""Usage by day: how many people logged in and what they did; days without use have no row."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.sample.accounts import Roster
from standfast.sample.contracts import Contracts
from standfast.sample.health import Health
from standfast.sample.period import Period
from standfast.sample.streams import Flags, Floats, Whole, stream

EVENTS = ("login", "report_run", "export", "api_call")
QUOTAS = np.array([2_000.0, 20_000.0, 200_000.0])
"""Calls a day that each plan allows."""
_SEASON = np.array([1.05, 1.03, 1.06, 1.0, 1.0, 0.97, 0.88, 0.8, 1.05, 1.06, 1.04, 0.85])
_WEEKDAY = np.array([1.05, 1.1, 1.1, 1.05, 0.9, 0.12, 0.1])

Singles = npt.NDArray[np.float32]


@dataclass(frozen=True)
class _Use:
    """Per account and day: the chance that anybody comes, and how many people that would be."""

    chance: Singles
    people: Singles
    month: Whole


@dataclass(frozen=True)
class _Rows:
    """Rows of one event: place (account and day in one number), quantity and limit."""

    place: Whole
    quantity: Whole
    limit: Floats


def usage_table(
    roster: Roster, contracts: Contracts, health: Health, *, period: Period, seed: int
) -> pd.DataFrame:
    """Give the telemetry export, ordered by account, day and event."""
    use = _daily_use(roster, contracts, health, period, stream(seed, "usage"))
    alive = _alive(contracts, period)
    parts = (
        _logins(use, alive, contracts, stream(seed, "login")),
        _actions(use, alive, 0.4, 3.0, stream(seed, "report_run")),
        _actions(use, alive, 0.12, 1.5, stream(seed, "export")),
        _api_calls(roster, use, alive, stream(seed, "api_call")),
    )
    place = np.concatenate([part.place for part in parts])
    event = np.repeat(np.arange(len(parts)), [len(part.place) for part in parts])
    order = np.argsort(place * len(parts) + event, kind="stable")
    account, day = np.divmod(place[order], period.n_days)
    return pd.DataFrame(
        {
            "account_id": pd.array(roster.account_id, dtype="str").take(account),
            "day": period.dates(day),
            "event": pd.array(EVENTS, dtype="str").take(event[order]),
            "quantity": np.concatenate([part.quantity for part in parts])[order],
            "limit": np.concatenate([part.limit for part in parts])[order],
        }
    )


def _daily_use(
    roster: Roster, contracts: Contracts, health: Health, period: Period, rng: np.random.Generator
) -> _Use:
    """Spread each month's users over its days: weekends are quiet, the summer and the year's end are slow."""
    month = period.month_of(np.arange(period.n_days))
    noise = np.exp(rng.normal(0.0, 0.12, health.level.shape)) * roster.busyness[:, None]
    habit = 0.28 * noise * np.exp(0.45 * health.level) * contracts.users**0.3
    people = contracts.users * np.clip(0.45 * noise, 0.05, 0.95)
    calendar_month = (period.first_day.astype("datetime64[M]").astype(np.int64) + month) % 12
    rhythm = (_WEEKDAY[period.weekdays()] * _SEASON[calendar_month]).astype(np.float32)
    chance = 1.0 - np.exp(-habit.astype(np.float32)[:, month] * rhythm)
    return _Use(chance, people.astype(np.float32)[:, month] * np.minimum(rhythm, 1.0), month)


def _alive(contracts: Contracts, period: Period) -> Flags:
    """Tell for each account and day whether a contract was in force."""
    days = np.arange(period.n_days)[None, None, :]
    inside = (contracts.begins[:, :, None] <= days) & (days < contracts.ends[:, :, None])
    return np.asarray(inside.any(axis=1), dtype=np.bool_)


def _logins(use: _Use, alive: Flags, contracts: Contracts, rng: np.random.Generator) -> _Rows:
    """Give the people who logged in, against the seats paid for at the month's start."""
    account, day = np.nonzero(alive & (rng.random(alive.shape, dtype=np.float32) < use.chance))
    seats = contracts.seats[account, use.month[day]]
    people = 1 + rng.poisson(use.people[account, day])
    return _Rows(account * alive.shape[1] + day, np.minimum(people, seats).astype(np.int64), seats)


def _actions(use: _Use, alive: Flags, share: float, per_person: float, rng: np.random.Generator) -> _Rows:
    """Give the things people do on a share of the days; no limit applies."""
    chance = share * use.chance
    account, day = np.nonzero(alive & (rng.random(alive.shape, dtype=np.float32) < chance))
    quantity = 1 + rng.poisson(per_person * use.people[account, day])
    return _Rows(account * alive.shape[1] + day, quantity, np.full(len(account), np.nan))


def _api_calls(roster: Roster, use: _Use, alive: Flags, rng: np.random.Generator) -> _Rows:
    """Give the calls by machine of integrated accounts: at weekends too, up to the plan's quota."""
    integrated = rng.random(roster.n_accounts) < 0.2 + 0.15 * roster.plan
    chance = np.where(integrated, 0.3, 0.0).astype(np.float32)[:, None]
    account, day = np.nonzero(alive & (rng.random(alive.shape, dtype=np.float32) < chance))
    quota = QUOTAS[roster.plan[account]]
    calls = (1.0 + use.people[account, day]) * np.exp(rng.normal(3.5, 0.8, len(account)))
    quantity = np.minimum(np.ceil(calls), quota).astype(np.int64)
    return _Rows(account * alive.shape[1] + day, quantity, quota)
