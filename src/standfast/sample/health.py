"""Latent health: what really moves an account, month by month, and what no export shows."""

from dataclasses import dataclass

import numpy as np

from standfast.sample.accounts import PRODUCTS, Roster
from standfast.sample.period import Period
from standfast.sample.streams import Flags, Floats, Whole, happens, stream

_KEPT = 0.93
"""Share of last month's slow health that is still there this month."""
_SLOW_SPREAD = 0.75
_SHOCK_KEPT = 0.82
_SPONSOR_SHOCK, _INCIDENT_SHOCK, _PRICE_SHOCK = -0.9, -0.5, -0.5
_CARE_GAIN = 0.08
PRICE_RISE = 0.09
"""A rise that hurts; it stays below the ten percent that would count as an expansion."""


@dataclass(frozen=True)
class Health:
    """Per account and month: the level (about 0 with spread 1, high is good) and what moved it."""

    level: Floats
    sponsor_gap: Flags
    incident: Floats
    price_rise: Floats
    care: Whole
    care_at_random: Flags

    def felt_before(self, month: int) -> Floats:
        """Health on which a decision in ``month`` rests: the mean of the two months before."""
        return np.asarray(self.level[:, max(0, month - 2) : max(1, month)].mean(axis=1), dtype=np.float64)


def live_health(roster: Roster, *, period: Period, seed: int) -> Health:
    """Live the accounts' health: a slow walk around each account's fit, shocks that fade, care that helps."""
    shape = (roster.n_accounts, period.n_months)
    rng = stream(seed, "health")
    gap = _sponsor_gaps(shape, stream(seed, "sponsors"))
    incident = _incidents(roster, shape, stream(seed, "incidents"))
    rise = _price_rises(roster, shape, stream(seed, "prices"))
    leaving = gap & ~np.roll(gap, 1, axis=1)
    leaving[:, 0] = gap[:, 0]
    shocks = _SPONSOR_SHOCK * leaving + _INCIDENT_SHOCK * incident + _PRICE_SHOCK * (rise >= PRICE_RISE)
    at_random = np.repeat(happens(0.1, (shape[0], -(-shape[1] // 3)), rng), 3, axis=1)[:, : shape[1]]
    level, care = _walk(roster, shocks, at_random, rng)
    return Health(level, gap, incident, rise, care, at_random)


def _walk(roster: Roster, shocks: Floats, at_random: Flags, rng: np.random.Generator) -> tuple[Floats, Whole]:
    """Step through the months: care follows last month's health, save where it was drawn at random."""
    n, n_months = shocks.shape
    steps = rng.normal(0.0, _SLOW_SPREAD * np.sqrt(1.0 - _KEPT**2), shocks.shape)
    value = np.argsort(np.argsort(roster.revenue, kind="stable"), kind="stable") / n
    level, care = np.zeros(shocks.shape), np.zeros(shocks.shape, dtype=np.int64)
    slow: Floats = rng.normal(0.0, _SLOW_SPREAD, (n,))
    shock: Floats = np.zeros(n)
    before: Floats = roster.fit + slow
    for month in range(n_months):
        worry = np.where(at_random[:, month], 0.3, before < -0.5)
        care[:, month] = rng.poisson(0.08 + 0.25 * value + 0.5 * value * worry)
        slow = _KEPT * slow + steps[:, month]
        shock = _SHOCK_KEPT * shock + shocks[:, month] + _CARE_GAIN * np.minimum(care[:, month], 2)
        before = level[:, month] = roster.fit + slow + shock
    return level, care


def _sponsor_gaps(shape: tuple[int, int], rng: np.random.Generator) -> Flags:
    """Months without a sponsor: one leaves about every five years, a new one comes after some months."""
    leaves = happens(0.018, shape, rng)
    months_away = 1 + rng.geometric(0.35, shape)
    away, gap = np.zeros(shape[0], dtype=np.int64), np.zeros(shape, dtype=np.bool_)
    for month in range(shape[1]):
        away = np.where(leaves[:, month] & (away == 0), months_away[:, month], np.maximum(away - 1, 0))
        gap[:, month] = away > 0
    return gap


def _incidents(roster: Roster, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Product incidents, felt by some of the accounts that use the product, by some more than by others."""
    strikes = happens(0.08, (len(PRODUCTS), shape[1]), rng)[roster.product]
    felt = np.where(happens(0.6, shape, rng), rng.uniform(0.4, 1.6, shape), 0.0)
    return np.asarray(strikes * felt, dtype=np.float64)


def _price_rises(roster: Roster, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Price changes on each account's anniversary: mostly small, one in four a rise that hurts."""
    months = np.arange(shape[1]) - roster.joined_month[:, None]
    anniversary = (months > 0) & (months % 12 == 0)
    change = np.where(happens(0.25, shape, rng), PRICE_RISE, np.round(rng.uniform(0.0, 0.03, shape), 3))
    return np.where(anniversary, change, 0.0)
