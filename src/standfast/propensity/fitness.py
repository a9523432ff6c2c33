"""How good a propensity is for each group of accounts, and whether it errs more there than elsewhere."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from annotated_types import Ge, Interval
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri
from typing_extensions import Doc

from standfast.propensity.evaluation import Estimate
from standfast.propensity.ladder import count_events
from standfast.propensity.metrics import Floats, figures, sort_rows
from standfast.propensity.noise import design_effect, noise_floor


@dataclass(frozen=True, kw_only=True)
class FitnessPolicy:
    """By what groups each model is judged, and when a difference counts."""

    by: Annotated[
        tuple[str, ...], Doc("Dimensions, or columns of your own, whose groups each model is judged in.")
    ] = ("industry", "revenue", "country", "plan", "start_year")
    least_events: Annotated[
        int, Ge(5), Doc("Accounts of the rarer outcome that a group, and the rest, need to be judged.")
    ] = 20
    confidence: Annotated[
        float, Interval(gt=0.5, lt=1), Doc("Confidence of intervals, and of what is called a difference.")
    ] = 0.95


@dataclass(frozen=True, kw_only=True)
class GroupFitness:
    """One group on unseen rows: how many, the level promised and met, the order, the calibration error.

    Parameters
    ----------
    n_events
        Accounts of the group with the outcome.
    level
        Event rate less mean probability: above zero the model promised too little.
    level_p, order_p
        Chance of a level, an order (AUC) so far from that of the rest, were the model alike everywhere; NaN
        where there are too few events. ``judge`` corrects them for how many were tried.
    findings
        What differs beyond chance; "too few" where nothing could be judged.
    """

    dimension: str
    group: str
    n_rows: int
    n_accounts: int
    n_events: int
    mean_probability: float
    event_rate: float
    level: Estimate
    auc: Estimate
    auc_of_rest: float
    ece: float
    ece_noise: float
    level_p: float
    order_p: float
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Rows:
    """Outcomes, probabilities and accounts (0 to ``n_accounts``) of some rows."""

    y: Floats
    p: Floats
    account: NDArray[np.intp]
    n_accounts: int
    design: float

    def take(self, chosen: NDArray[np.bool_]) -> "_Rows":
        return _Rows(self.y[chosen], self.p[chosen], self.account[chosen], self.n_accounts, self.design)

    @property
    def n_rarer(self) -> float:
        """Accounts of the rarer outcome, as they came or as they were promised, whichever are more."""
        came = count_events(self.y, self.account)
        per_account = len(self.y) / max(1, len(np.unique(self.account)))
        promised = min(float(self.p.sum()), float((1 - self.p).sum())) / per_account
        return max(float(came), promised)


@dataclass(frozen=True, eq=False)
class _Figure:
    """A figure, and what each account moves it by."""

    value: float
    influence: Floats
    least_variance: float = 0.0

    @property
    def error(self) -> float:
        return float(np.sqrt(max(float((self.influence**2).sum()), self.least_variance)))


def measure_groups(
    y: Floats,
    p: Floats,
    account: NDArray[np.int64],
    groups: NDArray[np.object_],
    *,
    dimension: str,
    policy: FitnessPolicy,
) -> tuple[GroupFitness, ...]:
    """Give each group's figures beside those of all other rows; spreads are taken over accounts.

    Parameters
    ----------
    groups
        Name of each row's group; rows without a name (None) belong to none, and to no rest.
    """
    named = np.array([isinstance(name, str) for name in groups], dtype=bool)
    _, codes = np.unique(account[named], return_inverse=True)
    y, p, names = y[named], p[named], groups[named].astype(str)
    if not len(y):
        return ()
    rows = _Rows(y, p, codes, int(codes.max()) + 1, design_effect(sort_rows(y, p, codes)))
    told = dict.fromkeys(np.sort(names).tolist())
    # Of so many groups, one in twenty would lie beyond its noise by chance.
    noise_level = 1 - 2 * (1 - policy.confidence) / len(told)
    return tuple(
        _measured(
            rows.take(names == name), rows.take(names != name), dimension, name,
            policy=policy, noise_level=noise_level,
        )
        for name in told
    )  # fmt: skip


def order_with_error(y: Floats, p: Floats, account: NDArray[np.int64]) -> tuple[float, float]:
    """Give the AUC of rows of accounts 0 to n, and its standard error over accounts."""
    order = _order(_Rows(y, p, account, int(account.max()) + 1, 1.0))
    return order.value, order.error


def _measured(
    own: _Rows, rest: _Rows, dimension: str, name: str, *, policy: FitnessPolicy, noise_level: float
) -> GroupFitness:
    z = float(ndtri((1 + policy.confidence) / 2))
    level, order = _level(own), _order(own)
    has_rest = len(rest.y) > 0
    is_judged = has_rest and min(own.n_rarer, rest.n_rarer) >= policy.least_events
    is_ordered = count_events(own.y, own.account) >= policy.least_events
    order_of_rest = _order(rest) if has_rest else None
    rows = sort_rows(own.y, own.p, own.account)
    return GroupFitness(
        dimension=dimension,
        group=name,
        n_rows=len(own.y),
        n_accounts=len(np.unique(own.account)),
        n_events=len(np.unique(own.account[own.y > 0])),
        mean_probability=float(own.p.mean()),
        event_rate=float(own.y.mean()),
        level=Estimate(level.value, level.value - z * level.error, level.value + z * level.error),
        auc=_auc_interval(order, z=z),
        auc_of_rest=order_of_rest.value if order_of_rest else float("nan"),
        ece=figures(rows, np.ones(len(own.y)))["ece"] if is_ordered else float("nan"),
        ece_noise=noise_floor(rows, level=noise_level)[2] if is_ordered else float("nan"),
        level_p=_chance(level, _level(rest)) if is_judged else float("nan"),
        order_p=_chance(order, order_of_rest) if is_judged and is_ordered and order_of_rest else float("nan"),
    )


def _level(rows: _Rows) -> _Figure:
    """Give event rate less mean probability; its variance is never below that of true probabilities."""
    gap = rows.y - rows.p
    value = float(gap.mean())
    influence = _by_account(rows, (gap - value) / len(gap))
    return _Figure(value, influence, rows.design * float((rows.p * (1 - rows.p)).sum()) / len(gap) ** 2)


def _order(rows: _Rows) -> _Figure:
    """Give the AUC, and what each account moves it by (DeLong 1988, Obuchowski 1997: sums over accounts)."""
    is_event = rows.y > 0
    events, others = rows.p[is_event], rows.p[~is_event]
    if not len(events) or not len(others):
        return _Figure(float("nan"), np.zeros(rows.n_accounts))
    above = _share_below(events, others)
    below = 1 - _share_below(others, events)
    value = float(above.mean())
    place = np.empty(len(rows.y))
    place[is_event], place[~is_event] = (above - value) / len(events), (below - value) / len(others)
    return _Figure(value, _by_account(rows, place))


def _by_account(rows: _Rows, values: Floats) -> Floats:
    summed = np.bincount(rows.account, weights=values, minlength=rows.n_accounts)
    return np.asarray(summed, dtype=np.float64)


def _share_below(values: Floats, others: Floats) -> Floats:
    """Give the share of the others below each value, ties counting half."""
    ranked = np.sort(others)
    sides = [np.searchsorted(ranked, values, side=side) for side in ("left", "right")]
    return np.asarray((sides[0] + sides[1]) / (2 * len(others)), dtype=np.float64)


def _auc_interval(order: _Figure, *, z: float) -> Estimate:
    """Give the AUC with an interval that is symmetric on the log-odds scale; none at its very ends."""
    if not 0 < order.value < 1 or order.error == 0:
        return Estimate(order.value, float("nan"), float("nan"))
    reach = z * order.error / (order.value * (1 - order.value))
    low, high = expit(logit(order.value) + np.array([-reach, reach]))
    return Estimate(order.value, float(low), float(high))


def _chance(one: _Figure, other: _Figure) -> float:
    """Give the chance of so large a difference of two figures that are the same in truth."""
    least = one.least_variance + other.least_variance
    error = float(np.sqrt(max(float(((one.influence - other.influence) ** 2).sum()), least)))
    return float(2 * ndtr(-abs(one.value - other.value) / error)) if error > 0 else float("nan")
