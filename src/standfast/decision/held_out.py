"""Accounts that a plan leaves alone by chance: what that is expected to cost, and what it will teach (U5)."""

from dataclasses import dataclass

_DAYS_A_YEAR = 365
_LONG_YEARS = 3
_TOO_SMALL = (
    "; by itself it is too small: hold out more ([holdout] share, margin, value_tiers), or read it only "
    "together with what is known from elsewhere"
)


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """The holdout of a plan's cycle; money is an estimate, as all of a plan's.

    Parameters
    ----------
    cycle, until
        Its first day, and the last, as ISO text.
    n_held_out, n_planned
        Accounts that chance holds out, and those at the margin that it left in the plan.
    expected_cost, conservative_cost
        What the plan would be worth with nobody held out, less what it is worth.
    cost_share
        The expected cost as a share of what the plan would be worth with nobody held out.
    reduction
        The effect that is looked for: the share by which outreach lowers churn.
    n_cycles
        Cycles of this size until that effect would be seen; None where never.
    power
        With what chance it would be seen then.
    n_wanted, most_cost
        How many would be held out if that cost no more than this share of what the plan is worth; None where
        as many are held out as are wanted.
    """

    cycle: str
    until: str
    n_held_out: int
    n_planned: int
    expected_cost: float
    conservative_cost: float
    cost_share: float
    reduction: float
    n_cycles: int | None
    power: float = 0.8
    n_wanted: int | None = None
    most_cost: float = 1.0

    def sentences(self, currency: str, *, horizon_days: int) -> tuple[str, ...]:
        """Say who is held out, what that is expected to cost, and what it will teach."""
        n_all = self.n_held_out + self.n_planned
        who = (
            f"holdout: chance leaves {self.n_held_out:,} of {n_all:,} accounts at the margin of the plan "
            f"without outreach from {self.cycle} to {self.until}, to learn what outreach does; their "
            "contracts' work and answers to their alerts go on"
        )
        cautiously = _money(self.conservative_cost, currency)
        cost = (
            f"the holdout is expected to cost {_money(self.expected_cost, currency)} in this horizon, "
            f"{100 * max(self.cost_share, 0.0):.1f} % of what the plan is worth (cautiously {cautiously})"
        )
        return who, cost + self._fewer(), self._lesson(horizon_days)

    def _fewer(self) -> str:
        """Say that more would be held out, if it were not too dear, and that learning takes longer so."""
        if self.n_wanted is None:
            return ""
        longer = self.n_wanted / self.n_held_out
        return (
            f"; {self.n_wanted:,} would be held out if that cost no more than {100 * self.most_cost:.2g} % "
            f"([holdout] most_cost), so learning takes about {longer:.1f} times as long"
        )

    def _lesson(self, horizon_days: int) -> str:
        looked_for = f"that outreach lowers churn by {100 * self.reduction:.0f} %"
        if self.n_cycles is None:
            return f"the holdout cannot show {looked_for}: nobody there is expected to leave"
        years = self.n_cycles * horizon_days / _DAYS_A_YEAR
        return (
            f"the holdout would show {looked_for}, if it does, after {self.n_cycles:,} cycles of this size, "
            f"{years:,.1f} years (in {100 * self.power:.0f} % of cases)"
            + (_TOO_SMALL if years > _LONG_YEARS else "")
        )


def _money(amount: float, currency: str) -> str:
    return f"{amount:,.0f} {currency}" if amount >= 1 else "nothing"
