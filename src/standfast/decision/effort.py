"""What a campaign took and brought, list by list, and how two lists' efforts compare (O2, O3)."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtri

from standfast.decision.columns import numbers
from standfast.schema import ACCOUNT_ID

MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True)
class Tally:
    """What one list took and brought.

    Parameters
    ----------
    n_accounts, n_suppressed, n_contacted
        Accounts on the list, those held back at the last look, and those contacted.
    effort
        Money: hours at their cost and what was paid beside them; minutes where hours cost nothing.
    squares
        Sum of the squared revenues won per account: how much hangs on a few.
    """

    list: str
    n_accounts: int
    n_suppressed: int
    n_left: int
    n_contacted: int
    n_meetings: int
    n_sales: int
    n_refused: int
    minutes: float
    cost: float
    revenue: float
    effort: float
    squares: float

    @property
    def effort_per_revenue(self) -> float:
        """Effort for one unit of won revenue; infinite where effort won nothing, NaN where there was none."""
        if not self.effort > 0:
            return math.nan
        return self.effort / self.revenue if self.revenue > 0 else math.inf

    @property
    def mean_sale(self) -> float:
        """Revenue won per account that bought; 0 where none did."""
        return self.revenue / self.n_sales if self.n_sales else 0.0


@dataclass(frozen=True)
class EffortRatio:
    """Effort per won revenue of a list, as a multiple of the first list's, with its interval."""

    ratio: float
    low: float
    high: float


def tally_lists(
    accounts: pd.DataFrame, results: pd.DataFrame, *, lists: tuple[str, ...], hourly_cost: float
) -> tuple[Tally, ...]:
    """Return what each list took and brought (O2).

    Examples
    --------
    >>> accounts = pd.DataFrame({"account_id": ["x", "y"], "list": ["A", "A"],
    ...     "suppressed_because": [None, None]})
    >>> results = pd.DataFrame({"account_id": ["x"], "minutes": [60.0], "direct_cost": [25.0],
    ...     "result": ["sale"], "revenue": [3000.0]})
    >>> tally = tally_lists(accounts, results, lists=("A",), hourly_cost=125.0)[0]
    >>> tally.n_contacted, tally.cost, tally.effort_per_revenue
    (1, 150.0, 0.05)
    """
    found = results.merge(accounts[[ACCOUNT_ID, "list"]], on=ACCOUNT_ID)
    cost = numbers(found, "minutes") / MINUTES_PER_HOUR * hourly_cost + numbers(found, "direct_cost")
    costs_money = math.fsum(cost) > 0
    found = found.assign(cost=cost, effort=cost if costs_money else numbers(found, "minutes"))
    return tuple(
        _tally(name, accounts[accounts["list"] == name], found[found["list"] == name]) for name in lists
    )


def _tally(name: str, accounts: pd.DataFrame, results: pd.DataFrame) -> Tally:
    contacted = set(results[ACCOUNT_ID])
    held = accounts["suppressed_because"].notna()
    untouched = ~accounts[ACCOUNT_ID].isin(contacted)
    won = results.groupby(ACCOUNT_ID)["revenue"].sum().to_numpy(dtype=np.float64)
    by_result = results.groupby("result")[ACCOUNT_ID].nunique()
    return Tally(
        list=name,
        n_accounts=len(accounts),
        n_suppressed=int((held & untouched).sum()),
        n_left=int((~held & untouched).sum()),
        n_contacted=len(contacted),
        n_meetings=int(by_result.get("meeting", 0)),
        n_sales=int(by_result.get("sale", 0)),
        n_refused=int(by_result.get("refused", 0)),
        minutes=math.fsum(numbers(results, "minutes")),
        cost=math.fsum(numbers(results, "cost")),
        revenue=math.fsum(won),
        effort=math.fsum(numbers(results, "effort")),
        squares=math.fsum(won**2),
    )


def effort_ratio(tally: Tally, first: Tally, *, confidence: float, times: float = 1.0) -> EffortRatio | None:
    """Return how many times the first list's effort this one needs per won revenue; None without effort.

    Revenue won per effort is a weighted sum of Poisson counts (a sale counts its revenue), so each list has
    the gamma interval of Fay and Feuer (1997), with the mean sale as the one that might have come on top
    (Tiwari, Clegg and Zou 2006); the two are melded into that of the ratio (Fay, Proschan and Brittain
    2015), a quantile of F. It holds without a single sale, too: what a list has not won is bounded by its
    effort and by what a sale would bring, for which the first list's mean sale stands.

    Parameters
    ----------
    times
        Had the list gone on as it did for so many times its effort.

    Examples
    --------
    >>> a = Tally("A", 50, 0, 0, 50, 20, 10, 0, 3000.0, 6000.0, 50_000.0, 6000.0, 2.5e8)
    >>> b = Tally("B", 99, 0, 0, 99, 20, 0, 0, 6000.0, 12_000.0, 0.0, 12_000.0, 0.0)
    >>> found = effort_ratio(b, a, confidence=0.9)
    >>> found.ratio, round(found.low, 1), found.high
    (inf, 5.7, inf)
    """
    if not (tally.effort > 0 and first.effort > 0):
        return None
    tail = (1 - confidence) / 2
    exposure = times * tally.effort / first.effort
    sale, first_sale = tally.mean_sale or first.mean_sale, first.mean_sale or tally.mean_sale
    low, high = 0.0, math.inf
    if first.revenue > 0:
        low = exposure * _quantile(_gamma(first, 0.0), _gamma(tally, sale, times), tail)
    if tally.revenue > 0:
        high = exposure * _quantile(_gamma(first, first_sale), _gamma(tally, 0.0, times), 1 - tail)
    return EffortRatio(exposure * _divided(first.revenue, times * tally.revenue), low, high)


def _gamma(tally: Tally, step: float, times: float = 1.0) -> tuple[float, float]:
    """Return shape and scale of the belief about won revenue, with one more sale of ``step`` in it."""
    revenue, squares = times * tally.revenue + step, times * tally.squares + step**2
    return revenue**2 / squares, squares / revenue


def _quantile(above: tuple[float, float], below: tuple[float, float], level: float) -> float:
    """Return a quantile of one gamma variable divided by another."""
    mean_ratio = above[0] * above[1] / (below[0] * below[1])
    return mean_ratio * float(fdtri(2 * above[0], 2 * below[0], level))


def _divided(a: float, b: float) -> float:
    if b > 0:
        return a / b
    return math.inf if a > 0 else math.nan
