"""Which accounts a plan leaves alone: chance among those at its margin, equal in each cell and size (U5).

Whoever is held out costs the plan what their hours earn there beyond what they earn elsewhere. That is least
at the margin, where an hour earns hardly more than the cut-off, so it is there that chance decides. Where it
is too much even there, as in books whose accounts are all alike, fewer are held out.
"""

import numpy as np
import pandas as pd

from standfast.learning.arrays import Bools, Floats
from standfast.learning.holdout_policy import MOST_LIKELY, HoldoutPolicy

PLANNED, HELD_OUT = "planned", "held_out"
ARMS = (PLANNED, HELD_OUT)
CHANCE_WANTED = "chance_wanted"
"""Column of a draw: the chance to be held out that there would be if cost were no matter."""
_SIZES = ("smaller", "larger")
_CHANCES = 2.0**64


def at_the_margin(book: pd.DataFrame, *, policy: HoldoutPolicy) -> Bools:
    """Return which accounts chance may hold out.

    They get a person's time by the plan's choice, are of a value tier that may be held out, nothing speaks
    against it, and an hour of theirs earns least beyond the cut-off: ``margin`` of all such.

    Parameters
    ----------
    book
        One row per account: ``account_id``, ``hours`` of outreach, ``value_per_hour``, ``cut_off`` of its
        pool of hours, ``value_tier``, and ``is_barred`` where something speaks against it.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "hours": [1.0, 1.0, 1.0, 0.0],
    ...     "value_per_hour": [300.0, 120.0, 500.0, None], "cut_off": 100.0, "is_barred": False,
    ...     "value_tier": ["medium", "low", "high", "low"]})
    >>> at_the_margin(book, policy=HoldoutPolicy()).tolist()
    [False, True, False, False]
    """
    may_be = (
        (book["hours"] > 0) & book["value_tier"].isin(policy.value_tiers) & ~book["is_barred"].astype(bool)
    ).to_numpy(dtype=bool)
    beyond = (book["value_per_hour"] - book["cut_off"]).to_numpy(dtype=np.float64)
    ids = book["account_id"].astype(str).to_numpy(dtype=object)
    nearest_first = np.lexsort((ids, np.where(may_be, beyond, np.inf)))
    chosen = np.zeros(len(book), dtype=bool)
    chosen[nearest_first[: int(np.ceil(policy.margin * may_be.sum()))]] = True
    return chosen


def draw_holdout(book: pd.DataFrame, *, policy: HoldoutPolicy, book_name: str, cycle: str) -> pd.DataFrame:
    """Return the accounts at the margin with ``arm``, ``arm_probability``, ``stratum`` and ``chance_wanted``.

    The draw depends on the seed, the book's name, the cycle and each account's id alone: rows in another
    order change nothing, and other accounts only how many there are to draw. In each stratum, and in all, as
    many are held out as its share says, give or take one; each account has the same chance.

    Parameters
    ----------
    book
        What ``at_the_margin`` needs, and ``cell``, ``annual_revenue`` and ``expected_value``.
    cycle
        The day of the plan, as text.
    """
    marginal = by_account(book[at_the_margin(book, policy=policy)])
    wanted = chance_of(int((book["hours"] > 0).sum()), len(marginal), policy=policy)
    worth = float(book["expected_value"].sum())
    probability = affordable_chance(wanted, cost_of_all(marginal), worth=worth, policy=policy)
    stratum = strata_of(marginal)
    salt = f"{policy.seed}\x1f{book_name}\x1f{cycle}\x1f"
    held = drawn_share(stratum, probability, chance=chances_of(salt, marginal["account_id"]), salt=salt)
    return marginal.assign(
        arm=np.where(held, HELD_OUT, PLANNED).astype(object),
        arm_probability=np.where(held, probability, 1 - probability),
        stratum=stratum,
        **{CHANCE_WANTED: wanted},
    )


def by_account(book: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by account, in whatever order they come."""
    return book.iloc[np.argsort(book["account_id"].astype(str).to_numpy(dtype=object), kind="stable")]


def chance_of(n_planned: int, n_marginal: int, *, policy: HoldoutPolicy) -> float:
    """Return each account's chance to be held out; an account in two at most.

    >>> chance_of(200, 80, policy=HoldoutPolicy(share=0.1))
    0.25
    """
    return min(MOST_LIKELY, policy.share * n_planned / n_marginal) if n_marginal else 0.0


def cost_of_all(marginal: pd.DataFrame) -> float:
    """Return what it is expected to cost to hold all of these accounts out.

    Each costs what its hours earn beyond the cut-off, at which they are spent elsewhere.
    """
    beyond = (marginal["value_per_hour"] - marginal["cut_off"]).clip(lower=0.0)
    return float((marginal["hours"] * beyond).sum())


def affordable_chance(chance: float, cost: float, *, worth: float, policy: HoldoutPolicy) -> float:
    """Return a chance to be held out by which no more than ``most_cost`` of the plan's worth is lost.

    It is lowered for all alike, whoever is at the margin, so that each account's chance is still known.

    >>> affordable_chance(0.2, 100.0, worth=1_000.0, policy=HoldoutPolicy(most_cost=0.01))
    0.1
    """
    most = policy.most_cost * max(worth, 0.0)
    return min(chance, most / cost) if cost > 0 else chance


def strata_of(book: pd.DataFrame) -> pd.Series:
    """Return the cell, and whether revenue is in its larger half there."""
    place = book.groupby("cell", sort=False)["annual_revenue"].rank(method="first")
    size = book.groupby("cell", sort=False)["account_id"].transform("size")
    return book["cell"].astype(str) + ", " + np.where(place > size / 2, _SIZES[1], _SIZES[0])


def drawn_share(stratum: pd.Series, probability: float, *, chance: Floats, salt: str) -> Bools:
    """Return who is held out: in each stratum the accounts of the smallest chances, as many as its share.

    Shares that are no whole numbers are rounded by one start, drawn for all strata, along the strata in order
    of their names: so each is within one of its share, all together are, too, and each account's chance is
    exactly the probability.
    """
    names = pd.Series(np.unique(stratum.astype(str)))
    place = pd.Series(names.index, index=names)[stratum.astype(str)].to_numpy()
    ends = probability * np.cumsum(np.bincount(place, minlength=len(names))) + chances_of(
        salt, pd.Series([""])
    )
    wanted = np.diff(np.floor(ends + 1e-9), prepend=0.0)
    by_chance = np.lexsort((chance, place))
    starts = np.searchsorted(place[by_chance], np.arange(len(names)))
    rank = np.empty(len(place), dtype=np.int64)
    rank[by_chance] = np.arange(len(place)) - starts[place[by_chance]]
    return np.asarray(rank < wanted[place])


def chances_of(salt: str, ids: pd.Series) -> Floats:
    """Return a number from 0 to 1 for each id, the same for the same salt and id for ever."""
    salted = (salt + ids.astype(str)).to_numpy(dtype=object)
    return pd.util.hash_array(salted, categorize=False) / _CHANCES
