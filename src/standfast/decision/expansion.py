"""What an expansion is worth, learned from the accounts that expanded, by their room to grow (R1)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from standfast.decision.change_sizes import learn_expansion_sizes
from standfast.decision.columns import Floats, numbers
from standfast.decision.room import TIGHT_FROM, room_at


@dataclass(frozen=True, kw_only=True)
class UpsellShares:
    """Revenue that an expansion adds, as a share of revenue, by room; ``n_accounts`` showed it."""

    tight: float
    roomy: float
    unknown: float
    n_accounts: int

    def of(self, rows: pd.DataFrame) -> Floats:
        """Return each account's share."""
        return self.at(numbers(rows, "seat_utilisation"), numbers(rows, "usage_limit_share"))

    def at(self, seats: Floats, limit: Floats) -> Floats:
        """Return the share at each use of seats and of the limit; NaN where it is unknown."""
        return np.array([self.tight, self.roomy, self.unknown])[room_at(seats, limit)]

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


def learn_upsell_shares(expansions: pd.DataFrame, *, upsell_share: float) -> UpsellShares | None:
    """Return the mean shares by room from accounts that expanded, or None where there are none.

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
    sizes = learn_expansion_sizes(expansions, upsell_share=upsell_share)
    if sizes is None:
        return None
    tight, roomy, unknown = (group.share for group in sizes.groups)
    return UpsellShares(tight=tight, roomy=roomy, unknown=unknown, n_accounts=sizes.whole.n_accounts)
