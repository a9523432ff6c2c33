"""Bundles of touches an account can get in one horizon, what each costs, and which each cell allows."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import numpy as np
from annotated_types import Ge
from typing_extensions import Doc

from standfast.decision.columns import Bools, Floats, Ints
from standfast.decision.matrix import MATRIX, Cell, Matrix
from standfast.decision.response import Response, contacts, dose, fatigue, shifts
from standfast.errors import InputError
from standfast.schema import VALUE_TIERS


@dataclass(frozen=True)
class Bundle:
    """Touches of one account in one horizon; ``n_in_person`` counts visits and reviews together."""

    n_in_person: int = 0
    n_review: int = 0
    n_call: int = 0
    n_email: int = 0
    n_digital: int = 0

    def __post_init__(self) -> None:
        """Refuse counts that contradict each other."""
        if min(self.counts) < 0 or not 0 <= self.n_review <= self.n_in_person:
            raise ValueError(
                f"{self} is impossible: counts are 0 or more, and a review is an in-person touch"
            )

    @property
    def n_visit(self) -> int:
        """In-person touches that are no review."""
        return self.n_in_person - self.n_review

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Touches by response channel: in person, call, e-mail, digital."""
        return self.n_in_person, self.n_call, self.n_email, self.n_digital

    @property
    def is_email_only(self) -> bool:
        """Whether there is e-mail but neither call nor visit (C3 forbids it)."""
        return self.n_email > 0 and self.n_call + self.n_in_person == 0

    @property
    def is_personal(self) -> bool:
        """Whether a person touches the account, so that it uses hours."""
        return self.n_in_person + self.n_call + self.n_email > 0


BUNDLES: tuple[Bundle, ...] = tuple(
    Bundle(visits + reviews, reviews, calls, emails, digital)
    for visits, reviews, calls, emails, digital in (
        (0, 0, 0, 0, 0),
        (0, 0, 0, 0, 3),
        (0, 0, 1, 0, 3),
        (0, 0, 1, 1, 3),
        (0, 0, 2, 0, 3),
        (0, 0, 2, 1, 0),
        (0, 0, 2, 2, 0),
        (0, 0, 3, 1, 0),
        (0, 0, 3, 3, 0),
        (0, 0, 4, 2, 0),
        (0, 0, 6, 3, 0),
        (0, 1, 0, 0, 3),
        (0, 1, 1, 0, 0),
        (0, 1, 1, 2, 0),
        (0, 1, 2, 2, 0),
        (0, 1, 3, 1, 0),
        (1, 0, 2, 1, 0),
        (1, 1, 2, 0, 0),
        (1, 1, 3, 3, 0),
        (2, 1, 2, 2, 0),
    )
)
"""Visits, reviews, calls, e-mails, automated messages. Automated ones go along with up to two personal
contacts; beyond that a person does the talking. A review comes once a horizon: four a year."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """What one touch of a channel takes."""

    minutes: Annotated[int, Ge(0), Doc("Minutes of the owner's time per touch.")] = 0
    direct_cost: Annotated[float, Ge(0), Doc("Money per touch beside the minutes.")] = 0.0


@dataclass(frozen=True, kw_only=True)
class Channels:
    """What a touch takes, channel by channel."""

    in_person: Annotated[Channel, Doc("A visit, travel included.")] = Channel(minutes=240, direct_cost=150.0)
    review: Annotated[Channel, Doc("A business review; planned as in person.")] = Channel(minutes=180)
    call: Annotated[Channel, Doc("A check-in call in the high and medium value tiers.")] = Channel(minutes=60)
    low_value_call: Annotated[Channel, Doc("A phone call in the low value tier.")] = Channel(minutes=30)
    email: Annotated[Channel, Doc("A personal e-mail.")] = Channel(minutes=10)
    digital: Annotated[Channel, Doc("An automated message.")] = Channel(minutes=0)

    def __post_init__(self) -> None:
        """Refuse calls and visits that take no time: hours could not limit them."""
        for name in ("in_person", "review", "call", "low_value_call"):
            if getattr(self, name).minutes < 1:
                raise InputError(f"channel {name!r} takes 0 minutes; give the whole minutes of one touch")

    def call_of(self, value_tier: str) -> Channel:
        """Return what a call takes in a value tier: a short one in the low tier."""
        return self.low_value_call if value_tier == VALUE_TIERS[-1] else self.call


@dataclass(frozen=True, eq=False)
class BundleTable:
    """Every bundle in every cell: (cells, bundles) arrays, and what each does to the odds.

    ``dose``, ``tired`` and the two effects are what the shifts are made of, for accounts with their own.
    """

    bundles: tuple[Bundle, ...]
    minutes: Ints
    cost: Floats
    allowed: Bools
    churn_shift: Floats
    expand_shift: Floats
    dose: Floats
    tired: Floats
    save_effect: float
    expand_effect: float
    matrix: Matrix = MATRIX


def bundle_table(
    bundles: Sequence[Bundle] = BUNDLES,
    *,
    channels: Channels,
    response: Response,
    hourly_cost: float,
    matrix: Matrix = MATRIX,
) -> BundleTable:
    """Return what each bundle takes, costs and does, and where the matrix allows it.

    Examples
    --------
    >>> table = bundle_table(channels=Channels(), response=Response(), hourly_cost=125.0)
    >>> table.minutes[0, 18], table.cost[0, 18], table.allowed[:, 18].sum()  # 1 visit, 1 review, 3 calls...
    (np.int64(630), np.float64(1462.5), np.int64(1))
    """
    if not bundles or any(bundles[0].counts):
        raise ValueError("the first bundle must be 'do nothing', Bundle()")
    _check_finite(channels, name="channels")
    _check_finite(response, name="response")
    counts = np.array([bundle.counts for bundle in bundles])
    cells = matrix.cells
    minutes = np.array([[_minutes(b, cell, channels) for b in bundles] for cell in cells], dtype=np.int64)
    direct = np.array([[_direct_cost(b, cell, channels) for b in bundles] for cell in cells])
    allowed = np.array([[is_allowed(b, cell, response=response) for b in bundles] for cell in cells])
    churn_shift, expand_shift = shifts(counts, response=response)
    cost = minutes / 60 * hourly_cost + direct
    return BundleTable(
        tuple(bundles), minutes, cost, allowed, churn_shift, expand_shift,
        dose(counts, response=response), fatigue(counts, response=response),
        response.save_effect, response.expand_effect, matrix,
    )  # fmt: skip


def _check_finite(policy: Channels | Response, *, name: str) -> None:
    """Refuse numbers without end: values made of them could not be told apart."""
    for key, value in asdict(policy).items():
        for part in value.values() if isinstance(value, dict) else (value,):
            if not math.isfinite(part):
                raise InputError(f"{name}.{key} holds {part}; give a finite number under [{name}]")


def is_allowed(bundle: Bundle, cell: Cell, *, response: Response) -> bool:
    """Say whether the cell's ceilings and contact cap allow the bundle, which is never e-mail only (C3)."""
    ceiling = cell.ceiling
    return (
        not bundle.is_email_only
        and bundle.n_visit <= ceiling.visits
        and bundle.n_review <= ceiling.reviews
        and bundle.n_call <= ceiling.calls
        and bundle.n_email <= ceiling.emails
        and bundle.n_digital <= ceiling.digital
        and float(contacts(bundle.counts, response=response)) <= cell.contact_cap
    )


def _by_channel(bundle: Bundle, cell: Cell, channels: Channels) -> tuple[tuple[int, Channel], ...]:
    """Pair the touches with the channel they take their minutes and costs from."""
    return (
        (bundle.n_visit, channels.in_person),
        (bundle.n_review, channels.review),
        (bundle.n_call, channels.call_of(cell.value_tier)),
        (bundle.n_email, channels.email),
        (bundle.n_digital, channels.digital),
    )


def _minutes(bundle: Bundle, cell: Cell, channels: Channels) -> int:
    return sum(n * channel.minutes for n, channel in _by_channel(bundle, cell, channels))


def _direct_cost(bundle: Bundle, cell: Cell, channels: Channels) -> float:
    return sum(n * channel.direct_cost for n, channel in _by_channel(bundle, cell, channels))
