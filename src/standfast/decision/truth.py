"""Answers of three kinds: true, false, and unknown where what is known does not settle it (U4)."""

from dataclasses import dataclass

from standfast.decision.columns import Bools


@dataclass(frozen=True, eq=False)
class Truth:
    """Where something is true and where it is false; elsewhere it is unknown.

    Kleene's logic: ``and`` is false as soon as one part is, whatever the other may turn out to be, and
    ``or`` is true as soon as one part is.

    Examples
    --------
    >>> import numpy as np
    >>> asked = Truth.where(np.array([True, False, True]), known=np.array([True, True, False]))
    >>> (asked | ~asked).true.tolist(), asked.unknown.tolist()
    ([True, True, False], [False, False, True])
    """

    true: Bools
    false: Bools

    @classmethod
    def where(cls, holds: Bools, *, known: Bools) -> "Truth":
        """Return what holds where it is known."""
        return cls(holds & known, ~holds & known)

    @property
    def unknown(self) -> Bools:
        """Where neither is settled."""
        return ~(self.true | self.false)

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(self.true & other.true, self.false | other.false)

    def __or__(self, other: "Truth") -> "Truth":
        return Truth(self.true | other.true, self.false & other.false)

    def __invert__(self) -> "Truth":
        return Truth(self.false, self.true)

    def or_else(self, other: "Truth") -> "Truth":
        """Return this answer, and the other one where this is unknown."""
        return Truth(self.true | (self.unknown & other.true), self.false | (self.unknown & other.false))
