"""Do groups of accounts really behave differently? Rates, differences and a test, by account (S7, S8).

An account is seen at several dates, so rows are no independent cases: every spread here is taken over
accounts. A difference is one under past practice, and not a cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Ge, Interval
from scipy.special import chdtrc, ndtri
from typing_extensions import Doc

from standfast.decision.columns import Floats, Ints


@dataclass(frozen=True, kw_only=True)
class EvidencePolicy:
    """When a difference counts as found, and when as absent."""

    confidence: Annotated[float, Interval(gt=0.5, lt=1), Doc("confidence of intervals and verdicts")] = 0.95
    min_accounts: Annotated[int, Ge(2), Doc("accounts a group needs to be compared")] = 20
    min_events: Annotated[int, Ge(1), Doc("accounts with the outcome that a comparison needs")] = 10
    alike_share: Annotated[
        float, Interval(gt=0, lt=1),
        Doc("differences surely within this share of the book's rate are not worth acting on"),
    ] = 0.25  # fmt: skip


@dataclass(frozen=True)
class Rate:
    """How often an outcome followed, in the rows of one group, with its interval."""

    group: str
    n_accounts: int
    n_rows: int
    n_events: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class Contrast:
    """A group's rate less that of all others, with an interval that holds for all groups at once."""

    group: str
    difference: float
    low: float
    high: float
    other_rate: float


@dataclass(frozen=True)
class Comparison:
    """The groups of one dimension against one outcome.

    Parameters
    ----------
    n_events
        Accounts with the outcome, among the groups compared.
    p_value
        Chance of differences this large if all groups were alike; NaN where nothing can be tested.
    too_small
        Groups left out of the test, because they hold too few accounts.
    """

    outcome: str
    rates: tuple[Rate, ...]
    contrasts: tuple[Contrast, ...]
    too_small: tuple[str, ...]
    n_accounts: int
    n_events: int
    overall: float
    p_value: float


@dataclass(frozen=True, eq=False)
class _Cells:
    """Rows and events of each account in each group."""

    n: Floats
    e: Floats

    @property
    def rates(self) -> Floats:
        return np.asarray(self.e.sum(axis=0) / self.n.sum(axis=0))

    @property
    def residuals(self) -> Floats:
        """What each account adds to the error of each group's rate."""
        return np.asarray((self.e - self.rates * self.n) / self.n.sum(axis=0))


def compare_groups(
    rows: pd.DataFrame, groups: pd.Series, *, outcome: str, policy: EvidencePolicy
) -> Comparison:
    """Return how often the outcome followed in each group, and whether that differs beyond chance.

    ``rows`` has an ``account_id`` and the outcome, empty where it is not known. Rows without a group are
    left out. The test is a chi-square whose spread is taken over accounts.
    """
    known = (rows[outcome].notna() & groups.notna()).to_numpy()
    account, _ = pd.factorize(rows["account_id"][known])
    code, names = pd.factorize(groups[known].astype("str"), sort=True)
    event = rows[outcome][known].to_numpy(dtype=np.float64)
    cells = _cells(account, code, event, n_groups=len(names))
    present = cells.n > 0
    big = np.flatnonzero(present.sum(axis=0) >= policy.min_accounts)
    kept = _Cells(cells.n[:, big], cells.e[:, big])
    kept_names = [str(name) for name in names[big]]
    is_tested = len(big) > 1
    return Comparison(
        outcome=outcome,
        rates=_group_rates(cells, names, policy=policy),
        contrasts=_contrasts(kept, kept_names, policy=policy) if is_tested else (),
        too_small=tuple(str(names[g]) for g in range(len(names)) if g not in big),
        n_accounts=int((kept.n.sum(axis=1) > 0).sum()),
        n_events=int((kept.e.sum(axis=1) > 0).sum()),
        overall=float(kept.e.sum() / kept.n.sum()) if kept.n.sum() else float("nan"),
        p_value=_chi_square_test(kept) if is_tested else float("nan"),
    )


def _cells(account: Ints, code: Ints, event: Floats, *, n_groups: int) -> _Cells:
    n_accounts = int(account.max()) + 1 if len(account) else 0
    place, size = account * n_groups + code, n_accounts * n_groups
    shape = (n_accounts, n_groups)
    counted = np.bincount(place, minlength=size).astype(np.float64).reshape(shape)
    happened = np.bincount(place, weights=event, minlength=size).astype(np.float64)
    return _Cells(counted, happened.reshape(shape))


def _chi_square_test(cells: _Cells) -> float:
    """Return the p-value of: all groups have the rate of the whole.

    Pearson's chi-square, divided by how much more the counts spread over accounts than over rows that
    were independent (Rao and Scott 1981, first order; pooled over groups, so that rare outcomes bear it).
    """
    n, e = cells.n, cells.e
    sizes, p = n.sum(axis=0), e.sum() / n.sum()
    freedom = len(sizes) - 1
    if not 0 < p < 1:
        return float("nan")
    error = e - p * n
    own = error - sizes / sizes.sum() * error.sum(axis=1, keepdims=True)
    expected = p * (1 - p) * sizes
    design = float(((own**2).sum(axis=0) / expected).sum()) / freedom * len(n) / max(1, len(n) - 1)
    return float(chdtrc(freedom, float((own.sum(axis=0) ** 2 / expected).sum()) / design))


def _group_rates(cells: _Cells, names: pd.Index, *, policy: EvidencePolicy) -> tuple[Rate, ...]:
    low, high = _intervals(cells, z=normal_z(policy.confidence))
    return tuple(
        Rate(
            group=str(name),
            n_accounts=int((cells.n[:, g] > 0).sum()),
            n_rows=int(cells.n[:, g].sum()),
            n_events=int((cells.e[:, g] > 0).sum()),
            rate=float(cells.rates[g]),
            low=float(low[g]),
            high=float(high[g]),
        )
        for g, name in enumerate(names)
    )


def _contrasts(cells: _Cells, names: Sequence[str], *, policy: EvidencePolicy) -> tuple[Contrast, ...]:
    """Compare each group with all others; with more than two, at a level that holds for all at once."""
    n_told = len(names) if len(names) > 2 else 1
    z = normal_z(1 - (1 - policy.confidence) / n_told)
    return tuple(_contrast(cells, g, name, z=z) for g, name in enumerate(names))


def _contrast(cells: _Cells, g: int, name: str, *, z: float) -> Contrast:
    """Difference of two rates by Newcombe's method, for groups that may share accounts."""
    rest = [column for column in range(cells.n.shape[1]) if column != g]
    pair = _Cells(*(np.column_stack([part[:, g], part[:, rest].sum(axis=1)]) for part in (cells.n, cells.e)))
    low, high = _intervals(pair, z=z)
    (one, other), error = pair.rates, pair.residuals
    sizes = np.sqrt((error**2).sum(axis=0))
    together = float(error[:, 0] @ error[:, 1] / sizes.prod()) if sizes.all() else 0.0
    down, up = (one - low[0], high[1] - other), (high[0] - one, other - low[1])
    return Contrast(
        name, float(one - other), float(one - other) - _length(down, together),
        float(one - other) + _length(up, together), float(other),
    )  # fmt: skip


def _length(sides: tuple[float, float], together: float) -> float:
    a, b = sides
    return float(np.sqrt(max(0.0, a * a + b * b - 2 * together * a * b)))


def _intervals(cells: _Cells, *, z: float) -> tuple[Floats, Floats]:
    """Wilson's interval of each rate, on as many cases as the spread over accounts is worth."""
    return wilson_interval(cells.rates, cells.n.sum(axis=0) / _design(cells), z=z)


def wilson_interval(rates: Floats, worth: Floats, *, z: float) -> tuple[Floats, Floats]:
    """Return Wilson's interval of rates that rest on so many independent cases."""
    middle = (rates + z * z / (2 * worth)) / (1 + z * z / worth)
    half = z / (1 + z * z / worth) * np.sqrt(rates * (1 - rates) / worth + z * z / (4 * worth * worth))
    return np.maximum(0.0, middle - half), np.minimum(1.0, middle + half)


def _design(cells: _Cells) -> Floats:
    """Return how many rows are worth one independent case: each group's own, at least that of all groups.

    A group with few events shows too little spread by chance; without any events, an account is one case.
    """
    sizes, n_accounts = cells.n.sum(axis=0), (cells.n > 0).sum(axis=0)
    spread = ((cells.residuals * sizes) ** 2).sum(axis=0) * n_accounts / np.maximum(1, n_accounts - 1)
    expected = sizes * cells.rates * (1 - cells.rates)
    if not expected.sum() > 0:
        return np.asarray(sizes / n_accounts)
    own = spread / np.where(expected > 0, expected, np.inf)
    return np.asarray(np.maximum(own, spread.sum() / expected.sum()))


def normal_z(confidence: float) -> float:
    """Return how many standard errors an interval of that confidence reaches either way."""
    return float(ndtri((1 + confidence) / 2))
