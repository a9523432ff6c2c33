"""The best plan of an owner whose list is limited beside the hours: most accounts, most in-person touches."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from standfast.decision.columns import Bools, Floats, Ints

EXACT_CANDIDATES = 4_000
"""Bundles that may still be in the best plan, beyond which the priced plan stands."""
_MOST_NODES = 20_000
"""Branches the search may look at; a count, no clock, so that the same input gives the same plan."""
_HALVINGS = 24


@dataclass(frozen=True, eq=False)
class CappedPool:
    """Every bundle of one owner's accounts, (accounts, bundles), and the most of everything.

    ``values`` is -inf for a bundle that is not allowed.
    """

    values: Floats
    minutes: Ints
    in_person: Ints
    most_minutes: int
    most_accounts: int
    most_in_person: int

    def fits(self, choice: Ints) -> bool:
        """Say whether a plan keeps to hours, accounts and in-person touches."""
        minutes = self.minutes[np.arange(len(choice)), choice]
        return (
            int(minutes.sum()) <= self.most_minutes
            and int((minutes > 0).sum()) <= self.most_accounts
            and int(self.in_person[choice].sum()) <= self.most_in_person
        )

    def value(self, choice: Ints) -> float:
        """Return what a plan is worth."""
        return float(self.values[np.arange(len(choice)), choice].sum())


@dataclass(frozen=True, eq=False)
class CappedPlan:
    """A plan that keeps to every limit, the price of a minute, the bound no plan can pass, and how sure."""

    choice: Ints
    price: float
    bound: float
    is_exact: bool


@dataclass(frozen=True, eq=False)
class _Priced:
    """The plan at given prices of a minute and an in-person touch, and its dual bound.

    ``list_price`` is what a place on the owner's list is worth then: the gain of the last who gets one.
    """

    choice: Ints
    minute_price: float
    in_person_price: float
    list_price: float
    bound: float


def plan_capped(pool: CappedPool) -> CappedPlan:
    """Return the plan within hours, accounts and in-person touches that is worth most.

    Prices of a minute and of an in-person touch are halved in on until the plan fits; a place on the list
    goes to the accounts that gain most at them. Where few bundles can still be part of the best plan, it
    is found among them by an integer programme (HiGHS), else the priced plan stands, with its distance from
    the bound.

    Examples
    --------
    >>> pool = CappedPool(np.array([[0.0, 90.0], [0.0, 60.0], [0.0, 50.0]]),
    ...                   np.array([[0, 60], [0, 30], [0, 30]]), np.array([0, 0]),
    ...                   most_minutes=60, most_accounts=1, most_in_person=9)
    >>> plan = plan_capped(pool)
    >>> plan.choice.tolist(), plan.is_exact
    ([1, 0, 0], True)
    """
    best, tightest = _best_and_tightest(pool)
    choice, gap = best.choice, tightest.bound - pool.value(best.choice)
    found, is_exact = choice, True
    if gap > 1e-9 * (1 + abs(tightest.bound)):
        found, is_exact = _best_of_few(pool, tightest, choice)
    return CappedPlan(found, tightest.minute_price, tightest.bound, is_exact)


def _best_and_tightest(pool: CappedPool) -> tuple[_Priced, _Priced]:
    """Return, of all prices looked at, the plan that fits and is worth most, and the least bound."""
    tried = _tried_prices(pool)
    tightest = next(tried)
    best, most = tightest, pool.value(tightest.choice) if pool.fits(tightest.choice) else -np.inf
    for one in tried:
        tightest = one if one.bound < tightest.bound else tightest
        if pool.fits(one.choice) and pool.value(one.choice) > most:
            best, most = one, pool.value(one.choice)
    return best, tightest


def _tried_prices(pool: CappedPool) -> Iterator[_Priced]:
    """Give the plans of the prices looked at; the dearest, where nobody gets time, always fits."""
    dearest = 1.0 + float(np.where(np.isfinite(pool.values), np.abs(pool.values), 0.0).max(initial=0.0))
    yield _at_prices(pool, 2 * dearest, 0.0)
    free = yield from _within_hours(pool, 0.0, dearest)
    low, high = 0.0, dearest
    if _n_in_person(pool, free) <= pool.most_in_person:
        return
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        there = yield from _within_hours(pool, middle, dearest)
        fits = _n_in_person(pool, there) <= pool.most_in_person
        low, high = (low, middle) if fits else (middle, high)
    yield from _within_hours(pool, high, dearest)


def _within_hours(
    pool: CappedPool, in_person_price: float, dearest: float
) -> Generator[_Priced, None, _Priced]:
    """Give the plans looked at, and return that of the least price of a minute that keeps to the hours."""
    there = _at_prices(pool, 0.0, in_person_price)
    yield there
    low, high = 0.0, dearest
    if _minutes(pool, there) <= pool.most_minutes:
        return there
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        there = _at_prices(pool, middle, in_person_price)
        yield there
        fits = _minutes(pool, there) <= pool.most_minutes
        low, high = (low, middle) if fits else (middle, high)
    there = _at_prices(pool, high, in_person_price)
    yield there
    return there


def _at_prices(pool: CappedPool, minute_price: float, in_person_price: float) -> _Priced:
    """Return each account's best bundle at the prices, time only for those who gain most by it."""
    priced = pool.values - minute_price * pool.minutes - in_person_price * pool.in_person
    accounts = np.arange(len(priced))
    idle = np.where(pool.minutes == 0, priced, -np.inf).argmax(axis=1)
    best = priced.argmax(axis=1)
    gain = priced[accounts, best] - priced[accounts, idle]
    order = np.argsort(-gain, kind="stable")
    on_list = np.zeros(len(priced), dtype=bool)
    on_list[order[: pool.most_accounts]] = True
    choice = np.where(on_list & (pool.minutes[accounts, best] > 0) & (gain > 0), best, idle)
    beyond = gain[order[pool.most_accounts : pool.most_accounts + 1]]
    bound = (
        float(priced[accounts, idle].sum())
        + float(gain[on_list].sum())
        + minute_price * pool.most_minutes
        + in_person_price * pool.most_in_person
    )
    list_price = max(0.0, float(beyond.sum()))
    return _Priced(choice.astype(np.int64), minute_price, in_person_price, list_price, bound)


def _minutes(pool: CappedPool, priced: _Priced) -> int:
    return int(pool.minutes[np.arange(len(priced.choice)), priced.choice].sum())


def _n_in_person(pool: CappedPool, priced: _Priced) -> int:
    return int(pool.in_person[priced.choice].sum())


def _best_of_few(pool: CappedPool, priced: _Priced, choice: Ints) -> tuple[Ints, bool]:
    """Return the best plan of the bundles that can be part of it, and whether it is proved to be.

    A bundle that loses more at the prices than the known plan is behind the bound cannot be part of it.
    """
    loss = pool.values - priced.minute_price * pool.minutes - priced.in_person_price * pool.in_person
    loss = loss - priced.list_price * (pool.minutes > 0)
    loss = loss.max(axis=1, keepdims=True) - loss
    gap = priced.bound - pool.value(choice)
    possible = np.isfinite(pool.values) & (loss <= gap + 1e-9 * (1 + abs(priced.bound)))
    possible[np.arange(len(choice)), choice] = True
    if int(possible.sum()) > EXACT_CANDIDATES:
        return choice, False
    found, is_best = _integer_programme(pool, possible)
    if found is None or pool.value(found) < pool.value(choice):
        return choice, is_best
    return found, is_best


def _integer_programme(pool: CappedPool, possible: Bools) -> tuple[Ints | None, bool]:
    """Return the best choice among the bundles possible, as far as the search may go."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  (slow to import)
    from scipy.sparse import csr_array  # noqa: PLC0415

    account, bundle = np.nonzero(possible)
    minutes = pool.minutes[account, bundle].astype(np.float64)
    takes = np.array([minutes, minutes > 0, pool.in_person[bundle]], dtype=np.float64)
    most = [pool.most_minutes, pool.most_accounts, pool.most_in_person]
    one_each = csr_array((np.ones(len(account)), (account, np.arange(len(account)))))
    found = milp(
        -pool.values[account, bundle],
        integrality=np.ones(len(account), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(one_each, 1, 1), LinearConstraint(takes, 0, most)],
        options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES},
    )
    if found.x is None:
        return None, False
    taken = np.zeros(possible.shape)
    taken[account, bundle] = found.x
    choice = taken.argmax(axis=1).astype(np.int64)
    return (choice, bool(found.success)) if pool.fits(choice) else (None, False)
