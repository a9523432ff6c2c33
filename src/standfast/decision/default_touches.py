"""Default touches per account and year, cell by cell and list by list: what a team gives without a solver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from standfast.decision.bundles import Channels
from standfast.decision.columns import Floats
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.reward import DAYS_PER_YEAR
from standfast.schema import VALUE_TIERS


@dataclass(frozen=True, kw_only=True)
class YearlyTouches:
    """Touches of one account in a year; ``is_low_value`` makes its calls short ones."""

    visits: float = 0
    reviews: float = 0
    calls: float = 0
    emails: float = 0
    digital: float = 0
    is_low_value: bool = False


CELL_TOUCHES: Mapping[str, YearlyTouches] = {
    "high risk, high value": YearlyTouches(calls=24, reviews=4, visits=2, emails=12),
    "medium risk, high value": YearlyTouches(calls=12, reviews=4, visits=1, emails=12),
    "low risk, high value": YearlyTouches(calls=12, reviews=2, visits=1, emails=6),
    "high risk, medium value": YearlyTouches(calls=12, reviews=2, emails=12),
    "medium risk, medium value": YearlyTouches(calls=4, reviews=1, emails=6),
    "low risk, medium value": YearlyTouches(calls=2, reviews=1, emails=4),
    "high risk, low value": YearlyTouches(calls=2, emails=4, digital=12, is_low_value=True),
    "medium risk, low value": YearlyTouches(calls=1, digital=12, is_low_value=True),
    "low risk, low value": YearlyTouches(calls=1, digital=6, is_low_value=True),
}
"""Our own judgement, as no controlled evidence exists: attention rises with risk and with value."""

TIER_TOUCHES: Mapping[str, YearlyTouches] = {
    tier: CELL_TOUCHES[f"medium risk, {tier} value"] for tier in VALUE_TIERS
}
"""Spend tiers know no risk, so each gets what its cell at medium risk gets."""

LIST_TOUCHES: Mapping[str, YearlyTouches] = {
    "A": TIER_TOUCHES["high"],
    "B": YearlyTouches(calls=6, reviews=2, emails=8),
    "C": YearlyTouches(calls=2, emails=4),
    "D": TIER_TOUCHES["low"],
}
"""Four lists: the medium tier in two halves that take as much together as it does."""


@dataclass(frozen=True, eq=False)
class Touches:
    """What accounts get in one horizon if their turn comes, one entry per account.

    ``counts`` has shape (accounts, 4): in person, call, e-mail, digital; parts of a touch are averages.
    """

    counts: Floats
    hours: Floats
    cost: Floats

    @property
    def contact(self) -> Floats:
        """The share of such accounts that get a call or a visit: a call a year reaches a quarter of them."""
        return np.asarray(np.minimum(1.0, self.counts[:, :2].sum(axis=1)))

    def scaled_to(self, hours: float) -> "Touches":
        """Return the touches thinned out alike until they fit the hours; never more than there are."""
        total = float(self.hours.sum())
        part = min(1.0, hours / total) if total > 0 else 1.0
        return Touches(self.counts * part, self.hours * part, self.cost * part)


def touches_in_horizon(
    yearly: Sequence[YearlyTouches], *, channels: Channels, hourly_cost: float, horizon_days: int
) -> Touches:
    """Return what yearly touches come to, take and cost in one horizon.

    Examples
    --------
    >>> touches = touches_in_horizon([CELL_TOUCHES["high risk, high value"]], channels=Channels(),
    ...                           hourly_cost=125.0, horizon_days=365)
    >>> touches.counts.tolist(), touches.hours.tolist(), touches.cost.tolist()
    ([[6.0, 24.0, 12.0, 0.0]], [46.0], [6050.0])
    """
    counts = np.array([[y.visits, y.reviews, y.calls, y.emails, y.digital] for y in yearly], dtype=float)
    given = counts.reshape(-1, 5) * (horizon_days / DAYS_PER_YEAR)
    minutes, direct = np.zeros(len(given)), np.zeros(len(given))
    for place, one in enumerate(yearly):
        call = channels.low_value_call if one.is_low_value else channels.call
        used = (channels.in_person, channels.review, call, channels.email, channels.digital)
        minutes[place] = sum(n * channel.minutes for n, channel in zip(given[place], used, strict=True))
        direct[place] = sum(n * channel.direct_cost for n, channel in zip(given[place], used, strict=True))
    merged = np.column_stack([given[:, 0] + given[:, 1], given[:, 2:]])
    return Touches(merged, minutes / 60, minutes / 60 * hourly_cost + direct)


def cell_touches(matrix: Matrix = MATRIX) -> list[YearlyTouches]:
    """Return what each cell gets a year, in the order of the matrix."""
    return [CELL_TOUCHES[name] for name in matrix.cell_names]
