"""Whether a test should go on: harm, enough evidence, or its end (by intervals that hold at all looks)."""

from dataclasses import dataclass
from typing import Literal

from standfast.learning.readout import Comparison, ReadOut

AdviceKind = Literal["go on", "harm", "enough", "ended", "waiting"]


@dataclass(frozen=True)
class Advice:
    """What a test's figures say about going on.

    Parameters
    ----------
    kind
        harm: an arm surely makes more accounts leave, or complain, than its control; enough: what it was made
        to show is surely so, or surely less than worth knowing; ended: its time is over; waiting: nothing has
        matured yet, or too little to be read.
    """

    kind: AdviceKind
    arm: str | None = None

    @property
    def stops(self) -> bool:
        """Whether to stop."""
        return self.kind in {"harm", "enough", "ended"}


def advise(read: ReadOut, *, least_accounts: int, is_over: bool) -> Advice:
    """Return what to do; harm goes first and looks at intervals that hold at all looks, whatever was agreed.

    Parameters
    ----------
    least_accounts
        Accounts that each arm needs before the test is read as enough.
    is_over
        Whether the day that was settled beforehand has come.
    """
    for one in read.by_chance:
        if one.effect.outcome in {"churned", "complained"} and one.effect.always_gain.high < 0:
            return Advice("harm", one.effect.arm)
    told = [one for one in read.decisive if _is_read(one, least_accounts)]
    if found := next((one for one in told if one.finding != "too small"), None):
        return Advice("enough", found.effect.arm)
    if is_over:
        return Advice("ended")
    return Advice("go on" if told else "waiting")


def _is_read(one: Comparison, least_accounts: int) -> bool:
    return min(one.effect.n_rows, one.effect.n_control) >= least_accounts
