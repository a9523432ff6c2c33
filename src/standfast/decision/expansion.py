"""What an expansion is worth, learned from the accounts that expanded, by their room to grow (R1)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, Ints, numbers

TIGHT_FROM = 0.8
"""Share of paid seats, or of a usage limit, from which an account is short of room (A2)."""
PRIOR_ACCOUNTS = 20
"""So many accounts that expanded weigh as much as what is believed beforehand."""


@dataclass(frozen=True, kw_only=True)
class UpsellShares:
    """Revenue that an expansion adds, as a share of revenue, by room; ``n_accounts`` showed it."""

    tight: float
    roomy: float
    unknown: float
    n_accounts: int

    def of(self, rows: pd.DataFrame) -> Floats:
        """Return each account's share."""
        return self.by_room(room_of(rows))

    def by_room(self, room: Ints) -> Floats:
        """Return the share of each room's code."""
        return np.array([self.tight, self.roomy, self.unknown])[room]

    @property
    def sentence(self) -> str:
        """Say what was learned."""
        return (
            f"an expansion is worth {self.roomy:.0%} of revenue, and {self.tight:.0%} where {TIGHT_FROM:.0%} "
            f"of seats or of a limit are in use ({self.unknown:.0%} where that is unknown): learned from "
            f"{self.n_accounts:,} accounts that expanded"
        )

    def to_dict(self) -> dict[str, float]:
        """Plain values for a JSON file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, float]) -> "UpsellShares":
        """Read back what ``to_dict`` gave."""
        tight, roomy, unknown = (float(values[name]) for name in ("tight", "roomy", "unknown"))
        return cls(tight=tight, roomy=roomy, unknown=unknown, n_accounts=int(values["n_accounts"]))


def room_of(rows: pd.DataFrame) -> Ints:
    """Return 0 where an account is short of room, 1 where it has some, 2 where that is unknown.

    The fuller of seats and usage limit decides.
    """
    return room_codes(numbers(rows, "seat_utilisation"), numbers(rows, "usage_limit_share"))


def room_codes(seats: Floats, limit: Floats) -> Ints:
    """Return ``room_of`` from plain arrays: shares of seats and of a usage limit in use."""
    fullest = np.fmax(seats, limit)
    return np.select([np.isnan(fullest), fullest >= TIGHT_FROM], [2, 0], 1)


def learn_upsell_shares(expansions: pd.DataFrame, *, upsell_share: float) -> UpsellShares | None:
    """Return the shares from accounts that expanded, or None where there are none.

    Shares are ratios of sums: revenue added by revenue before. Each room's is drawn to that of all
    expansions, and that to ``upsell_share``, as strongly as few accounts speak for it.

    Parameters
    ----------
    expansions
        A row per expansion: account_id, annual_revenue, revenue_after, and the columns of ``room_of``.

    Examples
    --------
    >>> grown = pd.DataFrame({"account_id": [f"A{n}" for n in range(80)], "annual_revenue": 1000.0,
    ...                       "revenue_after": [1500.0] * 40 + [1300.0] * 40,
    ...                       "seat_utilisation": [0.95] * 40 + [0.5] * 40})
    >>> shares = learn_upsell_shares(grown, upsell_share=0.2)
    >>> round(shares.tight, 3), round(shares.roomy, 3), round(shares.unknown, 3)
    (0.453, 0.32, 0.36)
    """
    if expansions.empty:
        return None
    room = room_of(expansions)
    overall = _drawn(expansions, to=upsell_share)
    tight, roomy, unknown = (_drawn(expansions[room == place], to=overall) for place in range(3))
    n_accounts = int(expansions["account_id"].nunique())
    return UpsellShares(tight=tight, roomy=roomy, unknown=unknown, n_accounts=n_accounts)


def _drawn(expansions: pd.DataFrame, *, to: float) -> float:
    """Return revenue added by revenue before, drawn to what is believed; never below zero."""
    n = expansions["account_id"].nunique()
    before, after = (np.sort(numbers(expansions, name)) for name in ("annual_revenue", "revenue_after"))
    share = (after.sum() - before.sum()) / before.sum() if n else to
    return max(0.0, float((n * share + PRIOR_ACCOUNTS * to) / (n + PRIOR_ACCOUNTS)))
