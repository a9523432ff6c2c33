"""The contracts' lives over the period: who signs, renews, leaves, grows, shrinks or comes back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.sample.accounts import Roster
from standfast.sample.hazards import engagement
from standfast.sample.health import Health
from standfast.sample.months import Month, draw_month, settle_month
from standfast.sample.period import Period
from standfast.sample.standing import Standing
from standfast.sample.streams import Flags, Floats, Whole, stream


@dataclass(frozen=True)
class Contracts:
    """What happened per account and month, when contracts began and ended, and the log (``events``)."""

    seats: Floats
    users: Floats
    churn_hazard: Floats
    expansion_propensity: Floats
    churned: Flags
    expanded: Flags
    begins: Whole
    ends: Whole
    plan: Whole
    events: pd.DataFrame

    @property
    def utilisation(self) -> Floats:
        """Share of the seats in use."""
        return self.users / self.seats

    def alive(self, account: Whole, day: Whole) -> Flags:
        """Tell for accounts and days (arrays of one shape) whether a contract was in force."""
        inside = (self.begins[account] <= day[..., None]) & (day[..., None] < self.ends[account])
        return np.asarray(inside.any(axis=-1), dtype=np.bool_)


def live_contracts(roster: Roster, health: Health, *, period: Period, seed: int) -> Contracts:
    """Live the contracts' months one after the other; within a month all accounts are drawn at once."""
    rng = stream(seed, "contracts")
    demand = _demand(roster, health, stream(seed, "demand"))
    standing = Standing.of(roster)
    standing.import_the_present()
    months: list[Month] = []
    seats = np.zeros(demand.shape)
    for number in range(period.n_months):
        standing.sign_this_month(roster.joined_month, period.day_at(number, roster.billing_day), number)
        seats[:, number] = standing.seats
        used = np.minimum(demand[:, number] / standing.seats, 1.0)
        month = draw_month(
            standing, number=number, roster=roster, health=health, period=period, utilisation=used, rng=rng
        )
        settle_month(standing, month, price_rise=health.price_rise[:, number], rng=rng)
        months.append(month)
    return _told(standing, months, seats=seats, users=np.minimum(demand, seats))


def _told(standing: Standing, months: list[Month], *, seats: Floats, users: Floats) -> Contracts:
    """Gather the months into one value."""
    return Contracts(
        seats=seats,
        users=users,
        churn_hazard=np.stack([month.churn_hazard for month in months], axis=1),
        expansion_propensity=np.stack([month.expansion_propensity for month in months], axis=1),
        churned=np.stack([month.leaves for month in months], axis=1),
        expanded=np.stack([month.grows for month in months], axis=1),
        begins=standing.begins,
        ends=standing.ends,
        plan=standing.plan,
        events=pd.concat(standing.log, ignore_index=True),
    )


def _demand(roster: Roster, health: Health, rng: np.random.Generator) -> Floats:
    """Give the people who would use the product if seats allowed: need times engagement, slow at first."""
    shape = health.level.shape
    age = np.arange(shape[1]) - roster.joined_month[:, None]
    steps = roster.growth[:, None] + 0.008 * health.level + rng.normal(0.0, 0.035, shape)
    need = roster.seats * rng.uniform(0.75, 1.2, shape[0])
    grown = need[:, None] * np.exp(np.cumsum(np.where(age > 0, steps, 0.0), axis=1))
    ramp = np.clip((age + 1) / 3.0, 0.0, 1.0)
    return np.asarray(np.maximum(grown * engagement(health.level) * ramp, 0.5), dtype=np.float64)
