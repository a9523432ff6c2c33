"""Where each contract stands while the months go by, and the log of all that opened and closed."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from standfast.sample.accounts import Roster
from standfast.sample.period import NEVER
from standfast.sample.streams import Flags, Floats, Whole


@dataclass
class Standing:
    """One entry per account, changed in place month by month; ``log`` is what the billing system holds.

    ``anchor`` is the month from which terms are counted; ``begins`` and ``ends`` hold day numbers of a first
    and a second life, because an account may come back once.
    """

    seats: Floats
    seat_price: Floats
    plan: Whole
    anchor: Whole
    opened_month: Whole
    begins: Whole
    ends: Whole
    active: Flags
    returns_in: Whole
    log: list[pd.DataFrame] = field(default_factory=list)

    @classmethod
    def of(cls, roster: Roster) -> "Standing":
        """Nobody has signed yet."""
        n = roster.n_accounts
        return cls(
            seats=roster.seats.copy(),
            seat_price=roster.seat_price.copy(),
            plan=roster.plan.copy(),
            anchor=roster.joined_month.copy(),
            opened_month=np.full(n, NEVER),
            begins=np.full((n, 2), NEVER),
            ends=np.full((n, 2), NEVER),
            active=np.zeros(n, dtype=np.bool_),
            returns_in=np.full(n, NEVER),
        )

    def import_the_present(self) -> None:
        """Open a row on day 0 for each contract already in force: the billing system came with the period.

        Earlier terms are in no export. They would show only accounts that survived until then.
        """
        chosen = np.flatnonzero(self.anchor < 0)
        self.begins[chosen, 0] = 0
        self.active[chosen] = True
        self.open_rows(chosen, day=np.zeros(len(chosen), dtype=np.int64), month=-1, kind="import")

    def sign_this_month(self, joined_month: Whole, day: Whole, number: int) -> None:
        """Let the month's newcomers and returners sign on their billing day."""
        for kind, turn, month in (("new", 0, joined_month), ("return", 1, self.returns_in)):
            chosen = np.flatnonzero(month == number)
            self.begins[chosen, turn] = day[chosen]
            self.active[chosen] = True
            self.anchor[chosen] = number
            self.open_rows(chosen, day=day[chosen], month=number, kind=kind)

    def leave(self, chosen: Whole, *, day: Whole) -> None:
        """Let accounts go; their open row closes and nothing follows."""
        turn = (self.begins[chosen, 1] != NEVER).astype(np.int64)
        self.ends[chosen, turn] = day
        self.active[chosen] = False
        self.close_rows(chosen, day=day, kind="churn")

    def open_rows(self, chosen: Whole, *, day: Whole, month: Whole | int, kind: Any) -> None:
        """Log a row with today's seats and price; it closes the row before it on the same day."""
        self.opened_month[chosen] = month
        self._log(chosen, day=day, opens=True, kind=kind)

    def close_rows(self, chosen: Whole, *, day: Whole, kind: Any) -> None:
        """Log the end of a row that has no next one on that day."""
        self._log(chosen, day=day, opens=False, kind=kind)

    def _log(self, chosen: Whole, *, day: Whole, opens: bool, kind: Any) -> None:
        row = {"account": chosen, "day": day, "opens": opens, "kind": kind}
        state = {name: getattr(self, name)[chosen] for name in ("plan", "seats", "seat_price", "anchor")}
        self.log.append(pd.DataFrame(row | state))
