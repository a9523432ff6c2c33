"""One month of the contracts: what each account draws, and how that is written into where it stands."""

from dataclasses import dataclass

import numpy as np

from standfast.sample.accounts import PLANS, SEAT_PRICES, Roster
from standfast.sample.hazards import churn_hazard, contraction_propensity, expansion_propensity
from standfast.sample.health import Health
from standfast.sample.period import Period
from standfast.sample.standing import Standing
from standfast.sample.streams import Flags, Floats, Whole, happens

RETURN_SHARE = 0.1
"""Of those that leave, so many come back, two to seven months later."""
LAPSE_DAYS = (5, 25)
"""A late signature: shorter than the gap of 30 days that still counts as staying. Usage goes on meanwhile."""
_LAPSE_YEARLY, _LAPSE_MONTHLY = 0.025, 0.004


@dataclass(frozen=True)
class Month:
    """What was drawn for one month, an entry per account."""

    number: int
    day: Whole
    renews: Flags
    leaves: Flags
    lapses: Flags
    grows: Flags
    shrinks: Flags
    churn_hazard: Floats
    expansion_propensity: Floats


def draw_month(
    standing: Standing,
    *,
    number: int,
    roster: Roster,
    health: Health,
    period: Period,
    utilisation: Floats,
    rng: np.random.Generator,
) -> Month:
    """Draw what each account does this month; an account that has just signed does nothing yet."""
    n = (roster.n_accounts,)
    renews = _renewals(standing, roster, number)
    acts = standing.active & (standing.opened_month < number) | renews
    hazard, growth, shrinking = _chances(
        roster, health, number=number, renews=renews, acts=acts, utilisation=utilisation
    )
    leaves = happens(hazard, n, rng)
    grows = happens(growth, n, rng) & ~leaves
    late = happens(np.where(roster.yearly, _LAPSE_YEARLY, _LAPSE_MONTHLY), n, rng)
    return Month(
        number=number,
        day=period.day_at(number, np.where(renews, roster.billing_day, rng.integers(2, 29, n))),
        renews=renews,
        leaves=leaves,
        lapses=renews & late & ~leaves & (number < period.n_months - 1),
        grows=grows,
        shrinks=happens(shrinking, n, rng) & ~leaves & ~grows,
        churn_hazard=hazard,
        expansion_propensity=growth,
    )


def settle_month(standing: Standing, month: Month, *, price_rise: Floats, rng: np.random.Generator) -> None:
    """Write a month into the contracts: endings and possible returns, new seats and prices, new rows."""
    n = len(price_rise)
    comes_back = month.leaves & happens(RETURN_SHARE, (n,), rng) & (standing.returns_in > month.number)
    standing.returns_in[comes_back] = (month.number + rng.integers(2, 8, n))[comes_back]
    leavers = np.flatnonzero(month.leaves)
    standing.leave(leavers, day=month.day[leavers])
    _change_plans_and_seats(standing, month, rng)
    standing.seat_price[month.renews] *= 1.0 + price_rise[month.renews]
    lapsed = np.flatnonzero(month.lapses)
    standing.close_rows(lapsed, day=month.day[lapsed], kind="lapse")
    late = month.lapses * rng.integers(LAPSE_DAYS[0], LAPSE_DAYS[1] + 1, n)
    stays = np.flatnonzero((month.renews & ~month.leaves) | month.grows)
    standing.open_rows(
        stays,
        day=(month.day + late)[stays],
        month=month.number + month.lapses[stays].astype(np.int64),
        kind=np.where(month.renews, "renewal", "upgrade")[stays],
    )


def _renewals(standing: Standing, roster: Roster, number: int) -> Flags:
    """Tell whose term ends this month: the anniversary of a yearly contract, any month of a monthly one."""
    age = number - standing.anchor
    step = np.where(roster.yearly, 12, 1)
    return np.asarray(standing.active & (age > 0) & (age % step == 0), dtype=np.bool_)


def _chances(
    roster: Roster, health: Health, *, number: int, renews: Flags, acts: Flags, utilisation: Floats
) -> tuple[Floats, Floats, Floats]:
    """Give the chances to leave, to grow and to shrink; zero for those that cannot act."""
    felt = health.felt_before(number)
    leaving = churn_hazard(
        felt,
        yearly=roster.yearly,
        renews=renews,
        auto_renew=roster.auto_renew,
        sponsor_gap=health.sponsor_gap[:, max(0, number - 1)],
        price_rise=health.price_rise[:, number],
    )
    growing = expansion_propensity(felt, utilisation=utilisation, renews_yearly=renews & roster.yearly)
    shrinking = contraction_propensity(felt, utilisation=utilisation, renews=renews, yearly=roster.yearly)
    return leaving * acts, growing * acts, shrinking


def _change_plans_and_seats(standing: Standing, month: Month, rng: np.random.Generator) -> None:
    """Give growing accounts seats (a few the next plan instead) and take seats from shrinking ones."""
    n = len(standing.seats)
    moves_up = month.grows & happens(0.15, (n,), rng) & (standing.plan < len(PLANS) - 1)
    standing.plan[moves_up] += 1
    dearer = SEAT_PRICES[standing.plan] / SEAT_PRICES[np.maximum(standing.plan - 1, 0)]
    standing.seat_price[moves_up] *= np.minimum(dearer, 1.4)[moves_up]
    more = np.ceil(standing.seats * (1.12 + rng.exponential(0.22, n)))
    fewer = np.maximum(1.0, np.floor(standing.seats * rng.uniform(0.55, 0.88, n)))
    wider = month.grows & ~moves_up
    standing.seats[wider] = more[wider]
    standing.seats[month.shrinks] = fewer[month.shrinks]
