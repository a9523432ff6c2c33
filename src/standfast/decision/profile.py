"""What the best accounts are like: shares of the A list against all others, to design offers by (O4)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.columns import Bools, Floats, numbers
from standfast.decision.differences import normal_z, wilson_interval
from standfast.decision.dimensions import column_groups, order_groups
from standfast.schema import ACCOUNT_ID

PROFILE_COLUMNS = (
    "about", "group", "n_accounts", "share", "low", "high", "n_others", "others_share", "difference",
    "difference_low", "difference_high", "stands_out",
)  # fmt: skip


@dataclass(frozen=True)
class Trait:
    """One column of the accounts as the profile tells it, and how the column is called."""

    about: str
    column: str
    in_percent: bool = False


TRAITS = (
    Trait("product", "product"),
    Trait("plan", "plan"),
    Trait("industry", "industry"),
    Trait("country", "country"),
    Trait("employees", "employees"),
    Trait("seats", "seats"),
    Trait("seats in use, % (headroom)", "seat_utilisation", in_percent=True),
    Trait("usage limit in use, % (headroom)", "usage_limit_share", in_percent=True),
    Trait("NPS", "nps_state"),
)


def account_traits(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row per account and trait known of it: ``account_id, about, group``.

    Examples
    --------
    >>> account_traits(pd.DataFrame({"account_id": ["x", "y"], "plan": ["Pro", None]})).values.tolist()
    [['x', 'plan', 'Pro']]
    """
    parts = [
        pd.DataFrame(
            {ACCOUNT_ID: frame[ACCOUNT_ID], "about": t.about, "group": column_groups(_told(frame, t))}
        )
        for t in TRAITS
        if t.column in frame and frame[t.column].notna().any()
    ]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in (ACCOUNT_ID, "about", "group")})
    return pd.concat(parts, ignore_index=True).dropna(subset=["group"]).reset_index(drop=True)


def _told(frame: pd.DataFrame, trait: Trait) -> pd.Series:
    if not trait.in_percent:
        return frame[trait.column]
    return pd.Series(np.round(100 * numbers(frame, trait.column)), index=frame.index)


def profile_accounts(traits: pd.DataFrame, is_in: Mapping[str, bool], *, confidence: float) -> pd.DataFrame:
    """Return per trait and group the share of the best accounts that have it, against all others.

    A share is among the accounts of whom the trait is known. The interval of the difference is Newcombe's,
    widened for the number of rows looked at (Bonferroni), so that few rows stand out by chance.

    Parameters
    ----------
    traits
        ``account_id, about, group``; an account may be in several groups of one trait.
    is_in
        Account to whether it is one of the best.

    Examples
    --------
    >>> traits = pd.DataFrame({"account_id": ["x", "y", "z"], "about": "plan", "group": list("PPF")})
    >>> best = {"x": True, "y": False, "z": False}
    >>> profile_accounts(traits, best, confidence=0.95)[["group", "share", "others_share"]].values.tolist()
    [['P', 1.0, 0.5], ['F', 0.0, 0.5]]
    """
    rows = traits.drop_duplicates([ACCOUNT_ID, "about", "group"])
    rows = rows.assign(best=rows[ACCOUNT_ID].map(dict(is_in)).astype(bool))
    counts = _counts(rows)
    known = rows.drop_duplicates([ACCOUNT_ID, "about"]).groupby("about")["best"]
    of_best = counts["about"].map(known.sum()).to_numpy(dtype=np.float64)
    of_others = counts["about"].map(known.size()).to_numpy(dtype=np.float64) - of_best
    with np.errstate(invalid="ignore", divide="ignore"):  # nothing may be known of one side
        shares = _compared(counts, of_best, of_others, confidence=confidence)
    return _ordered(counts.assign(**shares))[list(PROFILE_COLUMNS)]


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    counted = rows.groupby(["about", "group"], sort=True)["best"].agg(["sum", "size"]).reset_index()
    return counted.assign(
        n_accounts=counted["sum"].astype("int64"), n_others=(counted["size"] - counted["sum"]).astype("int64")
    )


def _compared(
    counts: pd.DataFrame, of_best: Floats, of_others: Floats, *, confidence: float
) -> dict[str, Floats | Bools]:
    share, others = _share(counts["n_accounts"], of_best), _share(counts["n_others"], of_others)
    low, high = wilson_interval(share, of_best, z=normal_z(confidence))
    strict = normal_z(1 - (1 - confidence) / max(1, len(counts)))
    best_ends = wilson_interval(share, of_best, z=strict)
    other_ends = wilson_interval(others, of_others, z=strict)
    below = np.hypot(share - best_ends[0], other_ends[1] - others)
    above = np.hypot(best_ends[1] - share, others - other_ends[0])
    difference = share - others
    return {
        "share": share, "low": low, "high": high, "others_share": others, "difference": difference,
        "difference_low": difference - below, "difference_high": difference + above,
        "stands_out": np.asarray((difference - below > 0) | (difference + above < 0), dtype=bool),
    }  # fmt: skip


def _share(n: pd.Series, of: Floats) -> Floats:
    return np.where(of > 0, n.to_numpy(dtype=np.float64) / of, np.nan)


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Put traits in the order of ``TRAITS``, others after them, and groups in their own order."""
    told = [trait.about for trait in TRAITS]
    names = sorted(table["about"].unique(), key=lambda name: (told.index(name) if name in told else 99, name))
    parts = []
    for name in names:
        part = table[table["about"] == name]
        times = (part["n_accounts"] + part["n_others"]).to_numpy()
        order = order_groups(part["group"].repeat(times))
        parts.append(part.set_index("group").loc[order].reset_index())
    return pd.concat(parts, ignore_index=True) if parts else table
