"""What a book can be segmented by: named dimensions and any column, one group per account in each (S1)."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

import numpy as np
import pandas as pd

from standfast.decision.lifecycle import STAGES, Lifecycle, lifecycle_stage, start_cohort
from standfast.decision.matrix import SEGMENTS
from standfast.decision.spend_tiers import LISTS, SpendTiers, assign_spend_tiers
from standfast.decision.tiers import TierPolicy
from standfast.errors import InputError
from standfast.schema import VALUE_TIERS

UNKNOWN_GROUP = "unknown"
MOST_GROUPS = 15
MOST_DISTINCT = 12
N_BANDS = 4
_OWN_ORDER = [*VALUE_TIERS, *LISTS, *STAGES]
_NUMBER = re.compile(r"-?[\d,]*\.?\d+")


@dataclass(frozen=True, kw_only=True)
class DimensionPolicy:
    """What the named dimensions are cut by."""

    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    spend: SpendTiers = field(default_factory=SpendTiers)
    tiers: TierPolicy = field(default_factory=TierPolicy)


@dataclass(frozen=True)
class Dimension:
    """One named dimension: what it needs, and how it is worked out."""

    needs: tuple[str, ...]
    groups: Callable[[pd.DataFrame, DimensionPolicy], pd.Series]


def _column(name: str) -> Dimension:
    return Dimension((name,), lambda frame, _: column_groups(frame[name]))


def _spend(column: str) -> Dimension:
    return Dimension(
        ("annual_revenue",),
        lambda frame, policy: assign_spend_tiers(frame, policy=policy.spend, tiers=policy.tiers)[column],
    )


DIMENSIONS: Mapping[str, Dimension] = {
    "revenue": _spend("spend_tier"),
    "list": _spend("spend_list"),
    "plan": _column("plan"),
    "product": _column("product"),
    "start_year": Dimension(("tenure_days",), lambda frame, _: start_cohort(frame, by="year")),
    "start_quarter": Dimension(("tenure_days",), lambda frame, _: start_cohort(frame, by="quarter")),
    "industry": _column("industry"),
    "country": _column("country"),
    "lifecycle": Dimension(
        ("tenure_days",), lambda frame, policy: lifecycle_stage(frame, policy=policy.lifecycle)
    ),
    "owner": _column("owner"),
    "segment": _column("segment"),
}
"""The named dimensions; any other name is a column."""


def group_by_dimension(frame: pd.DataFrame, name: str, *, policy: DimensionPolicy) -> pd.Series:
    """Return each account's group; ``unknown`` where nothing is known of it (U4).

    ``lifecycle+industry`` crosses two dimensions.

    Raises
    ------
    InputError
        There is neither such a dimension nor such a column; the nearest one is named.

    Examples
    --------
    >>> book = pd.DataFrame({"industry": ["Retail", "RETAIL ", "Finance", "Retail", None]})
    >>> group_by_dimension(book, "industry", policy=DimensionPolicy()).tolist()
    ['Retail', 'Retail', 'Finance', 'Retail', 'unknown']
    """
    if "+" in name and name not in frame:
        parts = [group_by_dimension(frame, part.strip(), policy=policy) for part in name.split("+")]
        return reduce(lambda a, b: a + ", " + b, parts)
    dimension = DIMENSIONS.get(name) or (_column(name) if name in frame else None)
    if dimension is None:
        known = [*available_dimensions(frame), *frame.columns]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
        raise InputError(f"there is no dimension or column {name!r} to segment by; the nearest is {near!r}")
    if lacking := [column for column in dimension.needs if not _has(frame, column)]:
        raise InputError(f"dimension {name!r} needs the column {lacking[0]!r}, which this book does not have")
    return dimension.groups(frame, policy).astype("str").fillna(UNKNOWN_GROUP)


def available_dimensions(frame: pd.DataFrame) -> tuple[str, ...]:
    """Name the named dimensions whose columns the frame has."""
    return tuple(
        name
        for name, dimension in DIMENSIONS.items()
        if all(
            _has(frame, column) and frame[_present(frame, column)].notna().any() for column in dimension.needs
        )
    )


def column_groups(column: pd.Series) -> pd.Series:
    """Return a column's groups: words without regard to case, few numbers as they are, many in four bands."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.map({True: "yes", False: "no"})
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return _few(_same_spelling(column))
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if len(np.unique(values[~np.isnan(values)])) <= MOST_DISTINCT:
        return pd.Series(values, index=column.index).map("{:g}".format, na_action="ignore")
    return _bands(values, column.index)


def order_groups(groups: pd.Series, *, segments: Sequence[str] = SEGMENTS) -> list[str]:
    """Name the groups in their own order where they have one, else the largest first; unknown comes last."""
    counts = groups.value_counts()
    names = sorted((str(name) for name in counts.index), key=lambda name: (-int(counts[name]), name))
    told = [name for name in names if name != UNKNOWN_GROUP]
    own_order = [*_OWN_ORDER, *segments]
    if all(name in own_order for name in told):
        told.sort(key=own_order.index)
    elif all(_NUMBER.match(name) for name in told):
        told.sort(key=lambda name: (float(_NUMBER.match(name)[0].replace(",", "")), name))  # type: ignore[index]
    return [*told, *(name for name in names if name == UNKNOWN_GROUP)]


def _same_spelling(column: pd.Series) -> pd.Series:
    """Write each word as most of its rows do, so that Retail and RETAIL are one group."""
    text = column.astype("str").str.strip().replace("", None)
    folded = text.str.casefold()
    counts = pd.DataFrame({"text": text, "folded": folded}).value_counts().reset_index()
    counts = counts.sort_values(["count", "text"], ascending=[False, True], kind="stable")
    spelling = counts.drop_duplicates("folded").set_index("folded")["text"]
    return folded.map(spelling)


def _few(text: pd.Series) -> pd.Series:
    """Keep the largest groups and put the rest together under a name that says so."""
    names = order_groups(text)
    if len(names) <= MOST_GROUPS:
        return text
    rest = names[MOST_GROUPS - 1 :]
    return text.where(~text.isin(rest), f"{len(rest):,} smaller ones")


def _bands(values: np.ndarray, index: pd.Index) -> pd.Series:
    """Cut numbers into bands of about the same size, named by their ends."""
    known = values[~np.isnan(values)]
    ends = np.unique(np.quantile(known, np.linspace(0, 1, N_BANDS + 1), method="inverted_cdf"))
    place = np.clip(np.searchsorted(ends, values, side="right") - 1, 0, max(0, len(ends) - 2))
    names = [f"{low:,.6g} to {high:,.6g}" for low, high in pairwise(ends)]
    words = np.array([*names, None], dtype=object)
    return pd.Series(words[np.where(np.isnan(values), len(names), place)], index=index)


def _has(frame: pd.DataFrame, column: str) -> bool:
    return _present(frame, column) in frame


def _present(frame: pd.DataFrame, column: str) -> str:
    """Name the column that tells it: ``started_on`` stands in for an age."""
    return "started_on" if column == "tenure_days" and column not in frame else column
