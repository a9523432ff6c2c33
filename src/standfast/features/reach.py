"""What an account could change: the few features within reach, and how far others have come with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Literal

from annotated_types import Ge
from typing_extensions import Doc

Better = Literal["more", "less"]
"""Which way an account would want a feature to go."""

WITHIN_REACH: Mapping[str, Better] = MappingProxyType(
    {
        "usage_30d": "more",
        "active_days_30d": "more",
        "n_users_30d": "more",
        "n_event_kinds_30d": "more",
        "days_since_last_use": "less",
        "seat_utilisation": "more",
        "invoices_overdue": "less",
        "overdue_share": "less",
        "tickets_open": "less",
        "open_critical": "less",
        "days_since_nps": "less",
        "n_contacts": "more",
        "has_sponsor": "more",
    }
)
"""Features that an account and its team can move in weeks, each with the better direction."""

IDEALS: Mapping[str, float] = MappingProxyType(
    {"invoices_overdue": 0.0, "overdue_share": 0.0, "tickets_open": 0.0, "open_critical": 0.0,
     "has_sponsor": 1.0}
)  # fmt: skip
"""Where a feature can be brought to its end, that is the goal; elsewhere what others have reached."""


@dataclass(frozen=True, kw_only=True)
class ReasonPolicy:
    """How far back an account's reasons are compared, and what it could change."""

    look_back_days: Annotated[
        int, Ge(1), Doc("days before, for what has changed, where no earlier plan is kept")
    ] = 30
    within_reach: Annotated[
        Mapping[str, Better],
        Doc('further columns an account could change, and the better way: {logins = "more"}'),
    ] = field(default_factory=dict)

    @property
    def reachable(self) -> dict[str, Better]:
        """Every feature within reach, the team's own ones included."""
        return {**WITHIN_REACH, **self.within_reach}


@dataclass(frozen=True)
class Goal:
    """A value that a feature could move to, and what that value is."""

    value: float
    what: Literal["the best there is", "usual among peers", "usual in the book", "the best tenth of the book"]


def goals_within_reach(
    name: str, value: float, *, better: Better, usual: float, tenths: tuple[float, float]
) -> list[Goal]:
    """Give where a feature could go from ``value``, the nearest first; nothing where it is as good already.

    >>> [goal.value for goal in goals_within_reach("seats", 3, better="more", usual=5, tenths=(1, 9))]
    [5, 9]
    >>> goals_within_reach("invoices_overdue", 2, better="less", usual=1, tenths=(0, 4))
    [Goal(value=0.0, what='the best there is')]
    """
    if name in IDEALS:
        goals = [Goal(IDEALS[name], "the best there is")]
    else:
        far = tenths[1] if better == "more" else tenths[0]
        goals = [Goal(usual, "usual among peers"), Goal(far, "the best tenth of the book")]
    found: list[Goal] = []
    for goal in goals:
        before = found[-1].value if found else value
        if goal.value > before if better == "more" else goal.value < before:
            found.append(goal)
    return found
