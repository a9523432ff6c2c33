"""Does an order of accounts put those first whom outreach helps most? Qini, AUUC and the first part of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from standfast.learning.arrays import Floats
from standfast.learning.clusters import Figure, clustered_error, clustered_mean, normal_interval
from standfast.learning.off_policy import Logged


@dataclass(frozen=True)
class UpliftQuality:
    """How an order does on randomised rows, in outcome per row.

    ``auuc`` is the area under the gain of treating the first share of accounts, over all shares; ``qini``
    what that is beyond an order by chance; ``top`` the uplift among the first ``share`` of accounts.
    """

    auuc: Figure
    qini: Figure
    top: Figure
    share: float


def uplift_quality(
    order: Floats, logged: Logged, *, share: float = 0.3, confidence: float = 0.95
) -> UpliftQuality:
    """Return how well treating accounts from the highest ``order`` on would have done.

    Each row's effect is told without bias by chance: its outcome over the chance of its arm, treated less
    left, each arm around its mean. The area weighs it by the share of accounts that come after it, so that
    all three figures are means over rows, and their intervals are those of means over accounts.

    Examples
    --------
    >>> treated = np.array([True, False] * 50)
    >>> logged = Logged(treated, np.full(100, 0.5), np.where(treated & (np.arange(100) < 50), 1.0, 0.0),
    ...                 np.arange(100))
    >>> quality = uplift_quality(-np.arange(100.0), logged, share=0.5)
    >>> round(quality.top.value, 2), round(quality.qini.value, 3)
    (1.0, 0.125)
    """
    effect = row_effects(logged)
    after = _share_after(order)
    first = _first(order, share)
    account, n = logged.account, max(1, len(effect))
    top = float((effect * first).sum() / max(1.0, float(first.sum())))
    top_error = clustered_error((effect - top) * first * n / max(1.0, float(first.sum())), account)
    return UpliftQuality(
        clustered_mean(effect * after, account, confidence=confidence),
        clustered_mean(effect * (after - 0.5), account, confidence=confidence),
        normal_interval(top, top_error, confidence=confidence),
        share,
    )


def paired_top(
    order: Floats, other: Floats, logged: Logged, *, share: float = 0.3, confidence: float = 0.95
) -> Figure:
    """Return how much more uplift one order has among its first accounts than another, on the same rows."""
    effect, n = row_effects(logged), len(logged)
    influence, tops = np.zeros(n), []
    for sign, one in ((1.0, order), (-1.0, other)):
        first = _first(one, share)
        size = max(1.0, float(first.sum()))
        tops.append(float((effect * first).sum() / size))
        influence += sign * (effect - tops[-1]) * first * n / size
    return normal_interval(
        tops[0] - tops[1], clustered_error(influence, logged.account), confidence=confidence
    )


def paired_qini(order: Floats, other: Floats, logged: Logged, *, confidence: float = 0.95) -> Figure:
    """Return the Qini of one order less that of another, on the same rows."""
    effect = row_effects(logged)
    later = _share_after(order) - _share_after(other)
    return clustered_mean(effect * later, logged.account, confidence=confidence)


def row_effects(logged: Logged) -> Floats:
    """Return an unbiased guess of each row's effect: wide for a row, right on the mean.

    Outcomes are taken around their arm's mean, or around what a model expects of it, which narrows them.
    """
    side = np.where(logged.treated, 1.0, -1.0) / logged.chance
    if logged.if_left is not None and logged.if_treated is not None:
        missed = logged.outcome - np.where(logged.treated, logged.if_treated, logged.if_left)
        return np.asarray(logged.if_treated - logged.if_left + side * missed)
    means = [_arm_mean(logged, arm) for arm in (False, True)]
    return np.asarray(means[1] - means[0] + side * (logged.outcome - np.where(logged.treated, *means[::-1])))


def _arm_mean(logged: Logged, arm: bool) -> float:
    weight = (logged.treated == arm) / logged.chance
    return float((weight * logged.outcome).sum() / weight.sum()) if weight.any() else 0.0


def _share_after(order: Floats) -> Floats:
    """Return for each row the share of rows from it on, highest first: how long it is in the treated part."""
    return 1 - (_rank(order) + 0.5) / max(1, len(order))


def _first(order: Floats, share: float) -> Floats:
    return (_rank(order) < round(share * len(order))).astype(np.float64)


def _rank(order: Floats) -> npt.NDArray[np.int64]:
    rank = np.empty(len(order), dtype=np.int64)
    rank[np.argsort(-order, kind="stable")] = np.arange(len(order))
    return rank
