"""How much revenue changes when it changes: what expansions added and contractions took, with quantiles."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, Ints, numbers
from standfast.decision.room import room_of

PRIOR_ACCOUNTS = 20
"""So many accounts that changed weigh as much as what is believed beforehand."""
ROOMS = ("short of room", "with room to grow", "of unknown room")
VALUES = ("large", "middling", "small")
TAILS = (0.1, 0.5, 0.9)
TOP_SHARE, MIDDLE_SHARE = 0.1, 0.4
"""Shares of the accounts that changed which count as large and as middling (T2)."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """Revenue that a change moves, as shares of revenue before: the mean, and three quantiles."""

    share: float
    low: float
    middle: float
    high: float
    n_accounts: int


@dataclass(frozen=True, kw_only=True)
class ChangeSizes:
    """Sizes of all changes of one kind, and of each group drawn to them as few accounts speak for it.

    ``bounds``: least revenue of a large and of a middling account, where groups are by value.
    """

    whole: Size
    groups: tuple[Size, ...]
    bounds: tuple[float, ...] = ()

    def group_of(self, rows: pd.DataFrame) -> Ints:
        """Return each account's group: by its revenue where there are bounds, else by its room to grow."""
        return by_value(numbers(rows, "annual_revenue"), self.bounds) if self.bounds else room_of(rows)

    def shares_of(self, rows: pd.DataFrame) -> Floats:
        """Return the mean share of each account's group."""
        return np.array([group.share for group in self.groups])[self.group_of(rows)]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "ChangeSizes":
        """Read back what ``to_dict`` gave."""
        groups = tuple(Size(**group) for group in values["groups"])
        return cls(whole=Size(**values["whole"]), groups=groups, bounds=tuple(values["bounds"]))


def by_value(revenue: Floats, bounds: Sequence[float]) -> Ints:
    """Return 0 for large, 1 for middling, 2 for small accounts; an unknown revenue counts as small."""
    return np.asarray(np.select([revenue >= bounds[0], revenue >= bounds[1]], [0, 1], 2))


def learn_expansion_sizes(expansions: pd.DataFrame, *, upsell_share: float) -> ChangeSizes | None:
    """Return what expansions added, by room to grow; None where there were none.

    Parameters
    ----------
    expansions
        A row per expansion: account_id, annual_revenue, revenue_after, and the columns of ``room_of``.
    """
    return _learn(expansions, room_of(expansions), prior=upsell_share, sign=1)


def learn_contraction_sizes(contractions: pd.DataFrame, *, contraction_share: float) -> ChangeSizes | None:
    """Return what contractions took, by the value of the account; None where there were none.

    Examples
    --------
    >>> cut = pd.DataFrame({"account_id": [f"A{n}" for n in range(80)], "annual_revenue": 1000.0,
    ...                     "revenue_after": [800.0] * 40 + [500.0] * 40})
    >>> whole = learn_contraction_sizes(cut, contraction_share=0.25).whole
    >>> round(whole.share, 3), round(whole.low, 3), round(whole.high, 3), whole.n_accounts
    (0.33, 0.2, 0.5, 80)
    """
    if contractions.empty:
        return None
    revenue = numbers(contractions, "annual_revenue")
    ends = np.quantile(revenue, [1 - TOP_SHARE, 1 - TOP_SHARE - MIDDLE_SHARE], method="higher")
    bounds = (float(ends[0]), float(ends[1]))
    return _learn(contractions, by_value(revenue, bounds), prior=contraction_share, sign=-1, bounds=bounds)


def _learn(
    changes: pd.DataFrame, groups: Ints, *, prior: float, sign: int, bounds: tuple[float, ...] = ()
) -> ChangeSizes | None:
    if changes.empty:
        return None
    raw = _size(changes, sign=sign)
    whole = Size(
        share=_drawn(raw.share, prior, raw.n_accounts),
        low=raw.low, middle=raw.middle, high=raw.high, n_accounts=raw.n_accounts,
    )  # fmt: skip
    parts = tuple(_drawn_size(_size(changes[groups == place], sign=sign), whole) for place in range(3))
    return ChangeSizes(whole=whole, groups=parts, bounds=bounds)


def _size(changes: pd.DataFrame, *, sign: int) -> Size:
    """Return the sizes as they were seen: a ratio of sums, and quantiles in which an account counts once."""
    ordered = changes.sort_values(["account_id", "annual_revenue", "revenue_after"], kind="stable")
    before, after = numbers(ordered, "annual_revenue"), numbers(ordered, "revenue_after")
    if not len(before):
        return Size(share=np.nan, low=np.nan, middle=np.nan, high=np.nan, n_accounts=0)
    moved = np.maximum(0.0, sign * (after - before))
    rows_of = ordered.groupby("account_id")["account_id"].transform("size").to_numpy(dtype=np.float64)
    ends = _quantiles(moved / before, 1 / rows_of)
    return Size(
        share=max(0.0, float(sign * (after - before).sum() / before.sum())),
        low=ends[0], middle=ends[1], high=ends[2], n_accounts=int(ordered["account_id"].nunique()),
    )  # fmt: skip


def _quantiles(values: Floats, weight: Floats) -> list[float]:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    places = np.searchsorted(reached, np.array(TAILS) * reached[-1] - 1e-9)
    return [float(value) for value in values[order][np.minimum(places, len(values) - 1)]]


def _drawn_size(size: Size, whole: Size) -> Size:
    parts = {
        name: _drawn(getattr(size, name), getattr(whole, name), size.n_accounts)
        for name in ("share", "low", "middle", "high")
    }
    return Size(**parts, n_accounts=size.n_accounts)


def _drawn(value: float, to: float, n: int) -> float:
    """Return a figure of ``n`` accounts drawn to what is known without them."""
    return (n * value + PRIOR_ACCOUNTS * to) / (n + PRIOR_ACCOUNTS) if n else to
