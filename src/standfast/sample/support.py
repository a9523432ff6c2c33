"""Tickets and surveys: what unhappy accounts say, and what they leave unsaid."""

import numpy as np
import pandas as pd

from standfast.sample.accounts import Roster
from standfast.sample.contracts import Contracts
from standfast.sample.health import Health
from standfast.sample.period import Period
from standfast.sample.streams import Flags, Floats, Whole, happens, sigmoid, stream

PRIORITIES = ("low", "normal", "high", "urgent")
_SECONDS = 86_400
_WAVE_MONTHS = 6
"""Each account is asked twice a year."""


def tickets_table(
    roster: Roster, contracts: Contracts, health: Health, *, period: Period, seed: int
) -> pd.DataFrame:
    """Give the help desk's export: more tickets where many use the product, or where it fails them."""
    rng = stream(seed, "tickets")
    rate = (0.12 + 0.06 * contracts.users**0.6) * np.exp(-0.5 * health.level + 0.6 * health.incident)
    account, month = _repeat_places(rng.poisson(np.minimum(rate, 25.0)))
    day = period.day_at(month, rng.integers(1, 29, len(account)))
    kept = contracts.alive(account, day)
    account, month, day = account[kept], month[kept], day[kept]
    felt = health.level[account, month]
    escalated = happens(sigmoid(-2.9 - 1.0 * felt), felt.shape, rng)
    opened = day * _SECONDS + rng.integers(7 * 3600, 19 * 3600, len(day))
    closed = opened + (_SECONDS * rng.lognormal(0.6 + 0.7 * escalated - 0.15 * felt, 0.9)).astype(np.int64)
    tickets = pd.DataFrame(
        {
            "ticket_id": np.arange(len(day)),
            "account_id": roster.account_id[account],
            "opened_at": _times(opened, period),
            "closed_at": _times(closed, period),
            "priority": np.asarray(PRIORITIES, dtype=object)[_priority(felt, escalated, rng)],
            "escalated": escalated,
        }
    )
    tickets = tickets.sort_values(["opened_at", "account_id"], kind="stable", ignore_index=True)
    return tickets.assign(ticket_id=[f"T{number:07d}" for number in range(1, len(tickets) + 1)])


def surveys_table(
    roster: Roster, contracts: Contracts, health: Health, contacts: pd.DataFrame, *, period: Period, seed: int
) -> pd.DataFrame:
    """Give the NPS answers, 0 to 10: contacts are asked twice a year, and the unhappy rather keep silent."""
    rng = stream(seed, "surveys")
    person, month = _invitations(contacts, roster, period)
    account = contacts["account"].to_numpy()[person]
    day = period.day_at(month, rng.integers(1, 29, len(month)))
    there = (contacts["joins"].to_numpy()[person] <= day) & (day < contacts["leaves"].to_numpy()[person])
    felt = health.level[account, month]
    answers = happens(sigmoid(-1.1 + 0.4 * felt), felt.shape, rng) & there & contracts.alive(account, day)
    score = np.clip(np.round(7.2 + 1.2 * felt + rng.normal(0.0, 1.9, felt.shape)), 0, 10).astype(np.int64)
    moment = day * _SECONDS + rng.integers(7 * 3600, 19 * 3600, len(day))
    surveys = pd.DataFrame(
        {
            "account_id": roster.account_id[account],
            "answered_at": _times(moment, period),
            "score": score,
            "contact_id": contacts["contact_id"].to_numpy()[person],
        }
    )[answers]
    return surveys.sort_values(["answered_at", "account_id"], kind="stable", ignore_index=True)


def _invitations(contacts: pd.DataFrame, roster: Roster, period: Period) -> tuple[Whole, Whole]:
    """Pair each contact with the months in which the account's survey goes out."""
    account = contacts["account"].to_numpy()
    asked = (np.arange(period.n_months) - roster.joined_month[account][:, None]) % _WAVE_MONTHS == 3
    person, month = np.nonzero(asked)
    return person, month


def _priority(felt: Floats, escalated: Flags, rng: np.random.Generator) -> Whole:
    """Rank the ticket: worse where the account feels worse or has escalated."""
    burden = rng.normal(0.0, 1.0, felt.shape) - 0.2 * felt + 0.9 * escalated
    return np.digitize(burden, [-0.5, 0.9, 1.8]).astype(np.int64)


def _repeat_places(counts: Whole) -> tuple[Whole, Whole]:
    """Give account and month of each single event of a matrix of counts."""
    account, month = np.nonzero(counts)
    times = counts[account, month]
    return np.repeat(account, times), np.repeat(month, times)


def _times(second: Whole, period: Period) -> "pd.Series[pd.Timestamp]":
    """Turn seconds since the period's first day into times; what lies beyond its end is empty."""
    moments = pd.Series(period.first_day.astype("datetime64[s]") + second.astype("timedelta64[s]"))
    return moments.where(pd.Series(second < period.n_days * _SECONDS))
