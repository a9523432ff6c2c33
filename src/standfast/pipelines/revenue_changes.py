"""What expansions added and contractions took in this book, kept with the models and put in words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from standfast.decision.change_sizes import (
    ROOMS,
    VALUES,
    ChangeSizes,
    Size,
    learn_contraction_sizes,
    learn_expansion_sizes,
)
from standfast.pipelines.expansions import changes_of
from standfast.pipelines.observe import ObservedBook
from standfast.report.wording import counted, is_known, money, percent
from standfast.schema import ANNUAL_REVENUE
from standfast.settings import Settings


@dataclass(frozen=True, kw_only=True)
class RevenueChanges:
    """Sizes of expansions and of contractions; None where none were seen, or the book tells no revenue."""

    expanded: ChangeSizes | None = None
    contracted: ChangeSizes | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for a JSON file."""
        sizes = {"expanded": self.expanded, "contracted": self.contracted}
        return {name: size.to_dict() if size else None for name, size in sizes.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any] | None) -> "RevenueChanges":
        """Read back what ``to_dict`` gave; an older bundle tells nothing."""
        told = {name: ChangeSizes.from_dict(size) for name, size in (values or {}).items() if size}
        return cls(**told)

    @property
    def sentences(self) -> list[str]:
        """Say how much changes move, as a whole and by group."""
        told = []
        if self.expanded:
            told.append(f"expansions added {_spread(self.expanded.whole)}; {_groups(self.expanded)}")
        if self.contracted:
            told.append(f"contractions took {_spread(self.contracted.whole)}; {_groups(self.contracted)}")
        return told


def revenue_changes_of(observed: ObservedBook, *, settings: Settings) -> RevenueChanges:
    """Give how much revenue changed when it changed; empty for a flat table, which tells no later revenue."""
    if observed.is_flat or ANNUAL_REVENUE not in observed.snapshots:
        return RevenueChanges()
    grown, cut = (
        changes_of(observed.snapshots, name, settings=settings) for name in ("expanded", "contracted")
    )
    return RevenueChanges(
        expanded=learn_expansion_sizes(grown, upsell_share=settings.economics.upsell_share),
        contracted=learn_contraction_sizes(cut, contraction_share=settings.forecast.contraction_share),
    )


def change_lines(rows: pd.DataFrame, changes: RevenueChanges, *, currency: str) -> list[str]:
    """Tell of one account how much those like it gained when they expanded, and lost when they cut back."""
    revenue = rows[ANNUAL_REVENUE].iloc[0] if ANNUAL_REVENUE in rows else None
    kinds = (("expanded, half added", changes.expanded), ("contracted, half cut", changes.contracted))
    told = [
        f"  of accounts like it that {words} {_amounts(_own(rows, sizes), float(revenue), currency)}"
        for words, sizes in kinds
        if sizes is not None and is_known(revenue)
    ]
    return ["", "how much a change was, in the past:", *told] if told else []


def change_amounts(rows: pd.DataFrame, changes: RevenueChanges) -> dict[str, Any]:
    """Give the same figures for a machine, as shares of revenue."""
    kinds = {"expanded": changes.expanded, "contracted": changes.contracted}
    return {name: asdict(_own(rows, sizes)) for name, sizes in kinds.items() if sizes is not None}


def _own(rows: pd.DataFrame, sizes: ChangeSizes) -> Size:
    return sizes.groups[int(sizes.group_of(rows.head(1))[0])]


def _amounts(size: Size, revenue: float, currency: str) -> str:
    low, middle, high = (money(share * revenue, currency) for share in (size.low, size.middle, size.high))
    return f"more than {middle} a year, one in ten less than {low}, one in ten more than {high}"


def _spread(size: Size) -> str:
    return (
        f"{percent(size.share)} of revenue on average ({percent(size.low)}, {percent(size.middle)} and "
        f"{percent(size.high)} at one, five and nine of ten; {counted(size.n_accounts, 'account')})"
    )


def _groups(sizes: ChangeSizes) -> str:
    names = VALUES if sizes.bounds else ROOMS
    told = [f"{name} {percent(size.share)}" for name, size in zip(names, sizes.groups, strict=True)]
    return f"by account: {', '.join(told)}"
