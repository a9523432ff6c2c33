"""Each account's bundles as falling steps: the concave hull of value over minutes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np

from standfast.decision.columns import Floats, Ints
from standfast.decision.offers import Offers, allowed_bundles, keep_bonus, odds_factors
from standfast.decision.response import gains

_CHUNK = 1 << 14
"""Accounts per piece of work: twenty values of each stay in the processor's cache."""


@dataclass(frozen=True, eq=False)
class Steps:
    """Hull steps, one entry per step, ordered by account and then from steep to flat.

    Taking an account's first steps up to one gives it that step's ``bundle``; ``slope`` is money per minute.
    """

    account: Ints
    rank: Ints
    bundle: Ints
    minutes: Ints
    value: Floats
    slope: Floats

    def __len__(self) -> int:
        """Count the steps."""
        return len(self.account)

    def take(self, places: Ints) -> "Steps":
        """Return the steps at these places."""
        return Steps(**{f.name: getattr(self, f.name)[places] for f in fields(self)})


@dataclass(frozen=True, eq=False)
class Hull:
    """The steps of all accounts, and the best bundle that takes no minutes, with its value."""

    steps: Steps
    free_bundle: Ints
    free_value: Floats


def build_hull(offers: Offers, *, threads: int = 2) -> Hull:
    """Return every account's hull; the same whatever the number of threads."""
    free_bundle, free_value = np.zeros(len(offers), dtype=np.int64), np.zeros(len(offers))
    pieces = list(_pieces(offers))
    with ThreadPoolExecutor(threads) as workers:
        hulls = list(workers.map(lambda piece: _piece_hull(offers, *piece), pieces))
    for (_, accounts), hull in zip(pieces, hulls, strict=True):
        free_bundle[accounts], free_value[accounts] = hull.free_bundle, hull.free_value
    steps = _joined([hull.steps for hull in hulls])
    return Hull(
        steps.take(np.argsort(steps.account * 64 + steps.rank, kind="stable")), free_bundle, free_value
    )


def _pieces(offers: Offers) -> Iterator[tuple[int, Ints]]:
    """Cut the book in pieces of one cell, where a bundle takes the same minutes, and of the same limits."""
    for cell in range(len(offers.table.matrix.cells)):
        for accounts in _alike(offers, cell, np.flatnonzero(offers.cell == cell)):
            for start in range(0, len(accounts), _CHUNK):
                yield cell, accounts[start : start + _CHUNK]


def _alike(offers: Offers, cell: int, accounts: Ints) -> list[Ints]:
    """Part a cell's accounts by the bundles that their limits leave of the cell's."""
    if offers.limits is None:
        return [accounts]
    left = offers.table.allowed[cell] & offers.limits.allowed
    _, of_class = np.unique(left, axis=0, return_inverse=True)
    classes = of_class[offers.limits.of_account[accounts]]
    accounts = accounts[np.argsort(classes, kind="stable")]
    return np.split(accounts, np.cumsum(np.bincount(classes))[:-1])


def _piece_hull(offers: Offers, cell: int, accounts: Ints) -> Hull:
    """Return the hull of accounts that share a cell and the same limits."""
    table = offers.table
    allowed = np.flatnonzero(allowed_bundles(offers, cell, accounts))
    allowed = allowed[np.argsort(table.minutes[cell, allowed], kind="stable")]
    minutes = table.minutes[cell, allowed]
    values = _values(offers, cell, accounts, allowed)
    free = np.argmax(values[minutes == 0], axis=0)
    steps = _climb(values, minutes, free)
    return Hull(
        Steps(
            accounts[steps.account],
            steps.rank,
            allowed[steps.bundle],
            steps.minutes,
            steps.value,
            steps.slope,
        ),
        allowed[free],
        values[free, np.arange(len(accounts))],
    )


def _values(offers: Offers, cell: int, accounts: Ints, bundles: Ints) -> Floats:
    """Return what each bundle (rows) counts for each account (columns): v(n), and the bonus for the last."""
    p, q, kept, added = (part[accounts] for part in (offers.p, offers.q, offers.kept, offers.added))
    table, values = offers.table, np.empty((len(bundles), len(accounts)))
    for row, bundle in enumerate(bundles):
        churn_shift, expand_shift = odds_factors(offers, accounts, bundle)
        earned = gains(p, q, kept, added, churn_shift=churn_shift, expand_shift=expand_shift)
        values[row] = earned.save + earned.expand - table.cost[cell, bundle]
        values[row] += keep_bonus(offers, values[row], accounts, bundle)
    return values


def _climb(values: Floats, minutes: Ints, start: Ints) -> Steps:
    """Go up from the start by the steepest line to a bundle with more minutes, until no line rises.

    Bundles (rows) come in order of minutes; of two equally steep lines the shorter is taken first.
    """
    ahead = minutes[None, :] > minutes[:, None]
    per_minute = np.where(ahead, 1.0 / np.where(ahead, minutes[None, :] - minutes[:, None], 1), 0.0)
    found: list[Steps] = []
    here, account = start, np.arange(values.shape[1])
    limit = np.full(len(account), np.inf)
    while len(account):
        level = values[here, np.arange(len(account))]
        slope, there = np.zeros(len(account)), np.full(len(account), -1)
        for row in range(len(minutes)):
            line = (values[row] - level) * per_minute[here, row]
            steeper = line > slope
            np.copyto(slope, line, where=steeper)
            np.copyto(there, row, where=steeper)
        up = np.flatnonzero(there >= 0)
        values, account, here, there = values[:, up], account[up], here[up], there[up]
        slope = np.minimum(slope[up], limit[up])  # rounding must not make a later step look steeper
        gained = values[there, np.arange(len(up))] - level[up]
        rank = np.full(len(up), len(found))
        found.append(Steps(account, rank, there, minutes[there] - minutes[here], gained, slope))
        here, limit = there, slope
    return _joined(found)


def _joined(parts: list[Steps]) -> Steps:
    """Return the steps of all parts, one after the other."""
    none, some = np.empty(0, dtype=np.int64), np.empty(0)
    parts = [Steps(none, none, none, none, some, some), *parts]
    return Steps(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Steps)})
