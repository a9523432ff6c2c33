"""Why a probability is what it is, what moved it and what would: signed terms that add up to log-odds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from scipy.special import expit

SMALL = 0.005
"""An effect below this shows as zero, and is told only in the sum of the rest."""


@dataclass(frozen=True)
class Reason:
    """What one feature adds to the log-odds, against the average account, beside its peers' value.

    ``value`` and ``peers`` are plain: a number, a word, or None where nothing is known.
    """

    feature: str
    value: Any
    effect: float
    family: str
    peers: float | None
    name: str
    unit: str


@dataclass(frozen=True)
class Reasons:
    """All reasons of one account, the strongest first: base + effects = calibrated log-odds."""

    base: float
    every: tuple[Reason, ...]

    @property
    def log_odds(self) -> float:
        """What base and effects add up to."""
        return fsum([self.base, *(reason.effect for reason in self.every)])

    @property
    def probability(self) -> float:
        """The calibrated probability that the reasons are of."""
        return float(expit(self.log_odds))

    def by_family(self) -> dict[str, tuple[Reason, ...]]:
        """Give the reasons of each family, the family that moves the probability most first."""
        families = dict.fromkeys(reason.family for reason in self.every)
        grouped = {f: tuple(reason for reason in self.every if reason.family == f) for f in families}
        return dict(sorted(grouped.items(), key=lambda group: (-abs(total(group[1])), group[0])))


@dataclass(frozen=True)
class Move:
    """What one feature did to the log-odds between two dates: its value and effect then and now."""

    feature: str
    family: str
    then: Any
    now: Any
    effect_then: float
    effect_now: float
    name: str
    unit: str

    @property
    def change(self) -> float:
        """How much the feature moved the log-odds."""
        return self.effect_now - self.effect_then


@dataclass(frozen=True)
class Moves:
    """What changed between two dates, the largest move first: base + changes = change in log-odds.

    ``base`` is zero between two dates under one model.
    """

    base: float
    every: tuple[Move, ...]
    probability_then: float

    @property
    def change(self) -> float:
        """How much the log-odds moved."""
        return fsum([self.base, *(move.effect_now for move in self.every),
                     *(-move.effect_then for move in self.every)])  # fmt: skip


@dataclass(frozen=True)
class Reached:
    """The probability the model would give if one feature were otherwise and all else as it is."""

    feature: str
    family: str
    value: float
    goal: float
    what: str
    probability: float
    name: str
    unit: str


@dataclass(frozen=True)
class Reach:
    """What an account could change, the lowest probability first, and all nearest goals together.

    ``together`` is None where fewer than two features have a goal.
    """

    probability: float
    every: tuple[Reached, ...]
    together: float | None


def total(reasons: Sequence[Reason]) -> float:
    """Add up some reasons' effects."""
    return fsum(reason.effect for reason in reasons)


def moves_between(then: Reasons, now: Reasons) -> Moves:
    """Give what each feature did between two dates.

    A feature that one of the two models does not see has no value and no effect there.
    """
    before = {reason.name: reason for reason in then.every}
    after = {reason.name: reason for reason in now.every}
    found = []
    for name in {**after, **before}:
        one = after.get(name) or before[name]
        old, new = before.get(name), after.get(name)
        found.append(
            Move(
                feature=one.feature,
                family=one.family,
                then=old.value if old else None,
                now=new.value if new else None,
                effect_then=old.effect if old else 0.0,
                effect_now=new.effect if new else 0.0,
                name=name,
                unit=one.unit,
            )
        )
    ranked = sorted(found, key=lambda move: (-abs(move.change), move.name))
    return Moves(now.base - then.base, tuple(ranked), then.probability)
