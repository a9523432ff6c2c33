"""The hours there are, and which accounts may use which of them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge
from typing_extensions import Doc

from standfast.decision.columns import Ints
from standfast.decision.owner_limits import OwnerLimits, refuse_strangers
from standfast.errors import InputError

TEAM = "team"
SHARED_POOL = "shared pool"
MOST_HOURS = 1e9
"""More than any team works; beyond it a number is a slip, and whole minutes would not add up exactly."""
NO_LIMIT = 1 << 40
"""More accounts and visits than anybody has."""


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """Hours of the team for one horizon, and what an hour costs."""

    hours: Annotated[
        float,
        Ge(0),
        Doc("Hours of the whole team per horizon; what owners leave of them is the shared pool."),
    ] = 400.0
    hourly_cost: Annotated[float, Ge(0), Doc("Money that one hour of outreach costs.")] = 125.0
    owners: Annotated[
        Mapping[str, float] | None, Doc("Hours per owner and horizon; without them the team is one pool.")
    ] = None
    csm_hours: Annotated[
        float, Ge(0), Doc("Hours a year that one more CSM would bring: 1,800 less 35 % overhead.")
    ] = 1170.0
    most_accounts: Annotated[
        int | None, Doc("Most accounts that one owner gives time to in a horizon; no limit if left out.")
    ] = None
    most_in_person: Annotated[
        int | None, Doc("Most visits and reviews of one owner in a horizon; no limit if left out.")
    ] = None
    limits: Annotated[
        Mapping[str, OwnerLimits] | None,
        Doc('Of single owners: {Ada = {channels = ["call"], most_accounts = 40, most_in_person = 6}}.'),
    ] = None

    def __post_init__(self) -> None:
        """Refuse hours that nobody can work."""
        for whose, hours in (("the team", self.hours), *(self.owners or {}).items()):
            if not 0 <= hours <= MOST_HOURS:
                raise InputError(
                    f"hours of {whose} are {hours}; give hours per horizon, from 0 to {MOST_HOURS:,.0f}"
                )
        if not (math.isfinite(self.hourly_cost) and self.hourly_cost >= 0):
            raise InputError(f"hourly_cost is {self.hourly_cost}; give money per hour, 0 or more")
        for name in ("most_accounts", "most_in_person"):
            told = getattr(self, name)
            if told is not None and told < 0:
                raise InputError(f"{name} is {told}; give how many an owner may have, 0 or more")

    @property
    def owned_hours(self) -> float:
        """Hours that belong to a named owner."""
        return math.fsum((self.owners or {}).values())

    def most(self, what: str, owner: str) -> int:
        """Return how many an owner may have: ``what`` is ``most_accounts`` or ``most_in_person``."""
        own = (self.limits or {}).get(owner, OwnerLimits())
        told = [n for n in (getattr(own, what), getattr(self, what)) if n is not None]
        return told[0] if told else NO_LIMIT


@dataclass(frozen=True, eq=False)
class Pools:
    """Whose hours each account uses: names and whole minutes per pool, and the pool of each account.

    ``most_accounts`` and ``most_in_person`` are what an owner may have beside; None where nobody is limited.
    ``fixed`` are minutes per pool that fixed work has taken already; ``minutes`` are those that are left.
    """

    names: tuple[str, ...]
    minutes: Ints
    of_account: Ints
    most_accounts: Ints | None = None
    most_in_person: Ints | None = None
    fixed: Ints | None = None

    @property
    def fixed_minutes(self) -> Ints:
        """Minutes of each pool that fixed work takes."""
        return np.zeros(len(self.names), dtype=np.int64) if self.fixed is None else self.fixed

    def after(self, fixed: Ints) -> "Pools":
        """Return the pools with what fixed work leaves of them."""
        return replace(self, minutes=self.minutes - fixed, fixed=self.fixed_minutes + fixed)


def assign_pools(owner: pd.Series | None, *, capacity: Capacity, n_accounts: int) -> Pools:
    """Return each account's pool: its owner's hours, else the shared pool.

    Accounts without owner, or whose owner has no hours of their own, share what ``hours`` leaves after the
    owners. Without owners the team is one pool; it never has less than the owners' hours together.

    Examples
    --------
    >>> pools = assign_pools(pd.Series(["Ada", "Bo", None]), n_accounts=3,
    ...                      capacity=Capacity(hours=100, owners={"Ada": 60.0}))
    >>> pools.names, pools.minutes.tolist(), pools.of_account.tolist()
    (('Ada', 'shared pool'), [3600, 2400], [0, 1, 1])
    """
    _refuse_limits_without_owners(capacity)
    if owner is None or not capacity.owners:
        hours = max(capacity.hours, capacity.owned_hours)
        return Pools((TEAM,), _whole_minutes([hours]), np.zeros(n_accounts, dtype=np.int64))
    names = tuple(sorted(capacity.owners))
    shared = max(0.0, capacity.hours - capacity.owned_hours)
    place = pd.Index(names).get_indexer(pd.Index(owner_names(owner)))
    return Pools(
        (*names, SHARED_POOL),
        _whole_minutes([*(capacity.owners[name] for name in names), shared]),
        np.where(place < 0, len(names), place).astype(np.int64),
        *(_most(what, names, capacity=capacity) for what in ("most_accounts", "most_in_person")),
    )


def _refuse_limits_without_owners(capacity: Capacity) -> None:
    """Refuse limits on how much owners do where nobody knows whose hours there are."""
    capped = {
        name: own
        for name, own in (capacity.limits or {}).items()
        if own.most_accounts is not None or own.most_in_person is not None
    }
    refuse_strangers(capped, capacity.owners or {})
    for what in ("most_accounts", "most_in_person"):
        if getattr(capacity, what) is not None and not capacity.owners:
            raise InputError(
                f"[capacity] {what} = {getattr(capacity, what)} limits each owner, but no owner has hours of "
                "their own; give them under [capacity.owners] or in the team table"
            )


def _most(what: str, names: tuple[str, ...], *, capacity: Capacity) -> Ints | None:
    """Return the limit of each owner, and none of the shared pool; None where nobody has one."""
    most = np.array([*(capacity.most(what, name) for name in names), NO_LIMIT], dtype=np.int64)
    return most if (most < NO_LIMIT).any() else None


def owner_names(owner: pd.Series) -> pd.Series:
    """Return owners as text; numbers that empty cells turned into fractions are whole again: 7, not 7.0."""
    if pd.api.types.is_float_dtype(owner.dtype) and (owner.dropna() % 1 == 0).all():
        owner = owner.astype("Int64")
    return owner.astype("str")


def _whole_minutes(hours: list[float]) -> Ints:
    """Round down to minutes: whole numbers add up exactly, so hours are never exceeded by rounding."""
    return np.floor(np.array(hours) * 60 + 1e-6).astype(np.int64)
