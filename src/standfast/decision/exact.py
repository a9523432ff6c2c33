"""The best plan of a small group: a multiple-choice knapsack, solved by dynamic programming over minutes."""

import numpy as np

from standfast.decision.columns import Bools, Floats, Ints

WORK_LIMIT = 50_000_000
"""Additions one dynamic programme may take, well under a second; beyond it the greedy plan stands."""
_NEVER = 1 << 40
"""More minutes than any bundle takes."""
_FIRST_LOOK = 1 / 64
"""Share of the gap that the first look allows an account to lose; most often the best plan is found there."""


def best_choice(
    values: Floats, minutes: Ints, *, capacity: int, price: float, gap: float, work_limit: int = WORK_LIMIT
) -> tuple[Ints | None, bool]:
    """Return the bundle of each account that makes the group's value largest within its minutes.

    A bundle that loses more, against the account's best at the price, than separates a known plan
    from the dual bound cannot be part of the best plan. So the search looks at bundles of small loss first,
    and is done when the plan found is no farther from the bound than the loss it allowed.

    Parameters
    ----------
    values, minutes
        Of shape (accounts, bundles); a bundle that is not allowed has the value -inf.
    price
        A minute's price (the dual solution); any price is right, a good one makes the work small.
    gap
        Money between the dual bound at that price and a plan already known.

    Returns
    -------
    The best plan found, None where even the first look is too much work; and whether it is the best there is.

    Examples
    --------
    >>> values = np.array([[0.0, 90.0], [0.0, 60.0], [0.0, 50.0]])
    >>> minutes = np.array([[0, 60], [0, 30], [0, 30]])
    >>> choice, is_best = best_choice(values, minutes, capacity=60, price=1.5, gap=100.0)
    >>> choice.tolist(), is_best
    ([0, 1, 1], True)
    """
    priced = values - price * minutes
    best = priced.max(axis=1, keepdims=True)
    bound, loss = float(best.sum()) + price * capacity, best - priced
    tolerance = 1e-9 * (1.0 + float(np.abs(best).max(initial=0.0)))
    found, allowed = None, gap * _FIRST_LOOK
    possible = np.isfinite(values) & (loss <= gap + tolerance)
    _drop_dominated(possible, values, minutes)
    while True:
        kept = possible & (loss <= allowed + tolerance)
        least = np.where(kept, minutes, _NEVER).min(axis=1)
        if int(least.sum()) <= capacity:
            choice = _best_among(values, minutes, kept, least, capacity=capacity, work_limit=work_limit)
            if choice is None:
                return found, False
            found, gap = choice, min(gap, bound - float(values[np.arange(len(values)), choice].sum()))
        if gap <= allowed + tolerance:
            return found, found is not None
        allowed = min(gap, 8 * allowed)


def _drop_dominated(possible: Bools, values: Floats, minutes: Ints) -> None:
    """Drop bundles that another possible one matches in value for as many minutes or fewer."""
    # most accounts only choose between nothing and automated messages: that is settled at once
    free = possible & (minutes == 0)
    best_free = np.where(free, values, -np.inf).argmax(axis=1)
    possible &= ~free | (np.arange(values.shape[1]) == best_free[:, None])
    several = np.flatnonzero(possible.sum(axis=1) > 1)
    values, minutes, kept = values[several], minutes[several], possible[several]
    places = np.arange(values.shape[1])
    for place in places:
        value, taken = values[:, [place]], minutes[:, [place]]
        better = (values > value) | (minutes < taken) | (places < place)
        possible[several, place] &= ~(kept & better & (values >= value) & (minutes <= taken)).any(axis=1)


def _best_among(
    values: Floats, minutes: Ints, kept: Bools, least: Ints, *, capacity: int, work_limit: int
) -> Ints | None:
    """Return the best plan of the bundles kept, or None where the work would be too much."""
    extra = np.where(kept, minutes - least[:, None], 0)
    room = min(capacity - int(least.sum()), int(extra.max(axis=1).sum()))
    unit = int(np.gcd.reduce(extra, axis=None)) or 1
    open_questions = np.flatnonzero(kept.sum(axis=1) > 1)
    if int(kept[open_questions].sum()) * (room // unit + 1) > work_limit:
        return None
    values, extra, few = values[open_questions], extra[open_questions], kept[open_questions]
    choice: Ints = kept.argmax(axis=1).astype(np.int64)
    choice[open_questions] = _fill(_whole_gains(values, extra, few), extra // unit, few, room // unit)
    return choice


def _whole_gains(values: Floats, extra: Ints, kept: Bools) -> Floats:
    """Return what each candidate gains over the account's lightest, in whole tiny units.

    Whole numbers add up exactly in any order, so that equal plans are equal and the first account wins.
    """
    lightest = np.where(kept & (extra == 0), values, -np.inf).max(axis=1, keepdims=True)
    gained = np.where(kept, values - lightest, 0.0)
    most = float(np.abs(gained).max(axis=1).sum())
    return np.rint(gained * 2.0 ** (50 - np.ceil(np.log2(most)))) if most > 0 else gained


def _fill(gained: Floats, weight: Ints, kept: Bools, room: int) -> Ints:
    """Return the best candidates of each account within ``room``: forward over accounts, then back.

    The loop is over the few accounts that the dual leaves undecided, never over the book.
    """
    best = np.zeros(room + 1)
    taken = np.zeros((len(gained), room + 1), dtype=np.int16)
    for account in range(len(gained)):
        ahead = np.full(room + 1, -np.inf)
        for bundle in _light_first(weight[account], kept[account]):
            w = int(weight[account, bundle])
            if w > room:
                continue
            offered = best[: room + 1 - w] + gained[account, bundle]
            better = offered > ahead[w:]
            np.copyto(ahead[w:], offered, where=better)
            np.copyto(taken[account, w:], bundle, where=better)
        best = ahead
    choice, left = np.zeros(len(gained), dtype=np.int64), room
    for account in range(len(gained) - 1, -1, -1):
        choice[account] = taken[account, left]
        left -= int(weight[account, choice[account]])
    return choice


def _light_first(weight: Ints, kept: Bools) -> Ints:
    """Return the candidates from light to heavy, so that of two equal plans the lighter is found first."""
    candidates = np.flatnonzero(kept)
    return candidates[np.argsort(weight[candidates], kind="stable")]
