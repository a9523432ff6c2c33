"""Touches: the team's past work, most of it where the account was worth it or worrying."""

import numpy as np
import pandas as pd

from standfast.sample.accounts import Roster, blank_where
from standfast.sample.contracts import Contracts
from standfast.sample.health import Health
from standfast.sample.period import Period
from standfast.sample.streams import Flags, Floats, Whole, happens, sigmoid, stream

_CHANNELS = np.array(["in_person", "call", "email", "digital"], dtype=object)
_MINUTES = np.array([240.0, 60.0, 10.0, 0.0])
_OUTCOMES = np.array(["no answer", "reached"], dtype=object)
_PLAYS = np.array(
    ["business review", "check-in", "renewal", "adoption", "rescue", "newsletter"], dtype=object
)


def touches_table(
    roster: Roster,
    contracts: Contracts,
    health: Health,
    people: pd.DataFrame,
    *,
    period: Period,
    seed: int,
) -> pd.DataFrame:
    """Give the log of touches; those of randomised account-quarters say so, the others followed judgement."""
    rng = stream(seed, "touches")
    digital = rng.poisson(0.25, health.level.shape)
    account, month, automated = _places(health.care, digital)
    day = period.day_at(month, rng.integers(1, 29, len(month)))
    kept = contracts.alive(account, day)
    account, month, automated, day = account[kept], month[kept], automated[kept], day[kept]
    channel = np.where(automated, 3, _human_channel(roster, account, rng))
    felt = health.level[account, month]
    reached = happens(np.where(automated, 0.2, sigmoid(0.6 + 0.4 * felt)), felt.shape, rng)
    minutes = np.round(_MINUTES[channel] * rng.lognormal(0.0, 0.25, len(channel)) / 5) * 5
    touches = pd.DataFrame(
        {
            "account_id": roster.account_id[account],
            "day": period.dates(day),
            "channel": _CHANNELS[channel],
            "minutes": minutes.astype(np.int64),
            "play": _PLAYS[_play(channel, felt, rng)],
            "contact_id": _whom(people, account, day, rng),
            "outcome": blank_where(automated & ~reached, _OUTCOMES[reached.astype(np.int64)]),
            "assigned_at_random": health.care_at_random[account, month] & ~automated,
        }
    )
    return touches.sort_values(["day", "account_id"], kind="stable", ignore_index=True)


def _places(care: Whole, digital: Whole) -> tuple[Whole, Whole, Flags]:
    """Give account, month and kind (automated or by a person) of each touch."""
    account, month = (np.tile(axis.ravel(), 2) for axis in np.indices(care.shape))
    times = np.concatenate([care.ravel(), digital.ravel()])
    automated = np.arange(len(times)) >= care.size
    return np.repeat(account, times), np.repeat(month, times), np.repeat(automated, times)


def _human_channel(roster: Roster, account: Whole, rng: np.random.Generator) -> Whole:
    """Visits for the larger accounts, calls and e-mails for all."""
    draw = rng.random(len(account)) - 0.08 * roster.plan[account]
    return np.digitize(draw, [0.02, 0.45]).astype(np.int64)


def _play(channel: Whole, felt: Floats, rng: np.random.Generator) -> Whole:
    """Name the play: reviews in person, rescues where health is low, newsletters by machine."""
    usual = rng.integers(1, 4, len(channel))
    worried = (felt < -0.7) & (rng.random(len(channel)) < 0.6)
    return np.select([channel == 3, channel == 0, worried], [5, 0, 4], usual)


def _whom(people: pd.DataFrame, account: Whole, day: Whole, rng: np.random.Generator) -> "pd.Series[str]":
    """Pick one of the account's contacts at random; nobody where that person was not there on the day."""
    first = np.searchsorted(people["account"].to_numpy(), account, side="left")
    last = np.searchsorted(people["account"].to_numpy(), account, side="right")
    person = first + (rng.random(len(account)) * (last - first)).astype(np.int64)
    chosen = people.iloc[person].reset_index(drop=True)
    there = (chosen["joins"] <= day) & (day < chosen["leaves"])
    return chosen["contact_id"].where(there)
