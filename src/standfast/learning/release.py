"""Accounts that do-not-disturb spares: chance releases some of them, so that the rule itself can be tested.

Nothing else can tell whether they sleep. Who is at high risk or of high value is not spared in the first
place, so neither the largest accounts nor those about to leave are tried on.
"""

import numpy as np
import pandas as pd

from standfast.learning.holdout import HELD_OUT, by_account, chances_of, drawn_share, strata_of
from standfast.learning.holdout_policy import HoldoutPolicy
from standfast.schema import ACCOUNT_ID

LET_GO = "released"
"""The arm of those that the plan may contact all the same; the others stay as the rule has them."""
RELEASE_ARMS = (LET_GO, HELD_OUT)


def may_be_released(book: pd.DataFrame, *, policy: HoldoutPolicy) -> pd.Series:
    """Return which spared accounts chance may release: those that would get a person's time without the rule.

    Parameters
    ----------
    book
        ``is_spared`` by do-not-disturb, ``hours`` of the plan without that rule, ``value_tier``, and
        ``is_barred`` where something else speaks against contacting it.

    Examples
    --------
    >>> book = pd.DataFrame({"is_spared": [True, True, False], "hours": [1.0, 0.0, 1.0],
    ...     "value_tier": ["low", "low", "low"], "is_barred": False})
    >>> may_be_released(book, policy=HoldoutPolicy()).tolist()
    [True, False, False]
    """
    return (
        book["is_spared"].astype(bool)
        & (book["hours"] > 0)
        & book["value_tier"].isin(policy.value_tiers)
        & ~book["is_barred"].astype(bool)
    )


def draw_released(book: pd.DataFrame, *, policy: HoldoutPolicy, book_name: str, cycle: str) -> pd.DataFrame:
    """Return the accounts that may be released with ``arm``, ``arm_probability`` and ``stratum``.

    As the holdout is drawn: by seed, book, cycle and id alone, alike in each cell and size.

    Parameters
    ----------
    book
        What ``may_be_released`` needs, and ``account_id``, ``cell`` and ``annual_revenue``.
    """
    rows = by_account(book[may_be_released(book, policy=policy).to_numpy(dtype=bool)])
    stratum, share = strata_of(rows), policy.release_share
    salt = f"released\x1f{policy.seed}\x1f{book_name}\x1f{cycle}\x1f"
    is_let_go = drawn_share(stratum, share, chance=chances_of(salt, rows[ACCOUNT_ID]), salt=salt)
    return rows.assign(
        arm=np.where(is_let_go, *RELEASE_ARMS).astype(object),
        arm_probability=np.where(is_let_go, share, 1 - share),
        stratum=stratum,
    )
