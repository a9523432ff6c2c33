"""Which play chance gives each account of a test: equal in each cell and size, the same at every run."""

import numpy as np
import pandas as pd

from standfast.learning.holdout import chances_of, drawn_share, strata_of
from standfast.schema import ACCOUNT_ID


def draw_plays(
    eligible: pd.DataFrame, *, play: str, against: str, control_share: float, salt: str
) -> pd.DataFrame:
    """Return the accounts with ``arm``, ``arm_probability`` and ``stratum``.

    The draw depends on the salt and each account's id alone; in each stratum, and in all, as many get the
    play that is known so far as its share says, give or take one.

    Parameters
    ----------
    eligible
        ``account_id``, ``cell`` and ``annual_revenue``.
    control_share
        Share that gets ``against``.
    salt
        Seed, book, name of the test and cycle, as one text.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": list("abcd"), "cell": "C5", "annual_revenue": [1, 2, 3, 4]})
    >>> found = draw_plays(book, play="New", against="Old", control_share=0.5, salt="1")
    >>> (found["arm"] == "New").sum(), found["stratum"].tolist()
    (np.int64(2), ['C5, smaller', 'C5, smaller', 'C5, larger', 'C5, larger'])
    """
    ids = eligible[ACCOUNT_ID].astype(str).to_numpy(dtype=object)
    rows = eligible.iloc[np.argsort(ids, kind="stable")]
    stratum = strata_of(rows)
    is_control = drawn_share(stratum, control_share, chance=chances_of(salt, rows[ACCOUNT_ID]), salt=salt)
    return rows.assign(
        arm=np.where(is_control, against, play).astype(object),
        arm_probability=np.where(is_control, control_share, 1 - control_share),
        stratum=stratum,
    )
