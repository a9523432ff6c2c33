"""Who is not offered anything now, and why; nothing of it lasts longer than its reason (O1)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from standfast.decision.columns import Bools, flags, numbers, texts
from standfast.decision.guards import Guards, has_open_critical, sleeping_dogs
from standfast.decision.lifecycle import Lifecycle, lifecycle_stage
from standfast.schema import ACCOUNT_ID

GONE = "not in the book any more"
"""Why an account is held back that has left."""
REASONS = (
    "with an open critical ticket",
    "with an escalation and tickets still open",
    "in onboarding",
    "not to be disturbed: renewing by themselves, little used, quiet",
    "held out, to see what happens without outreach",
)
"""The gravest first."""


def suppressed_because(
    frame: pd.DataFrame,
    *,
    guards: Guards,
    lifecycle: Lifecycle,
    held_out: frozenset[str] = frozenset(),
    claimed: Mapping[str, str] | None = None,
) -> pd.Series:
    """Return for each account why it is offered nothing now, the gravest reason; empty where nothing is.

    What is not known holds nobody back: a book without tickets has no account with a critical one.

    Parameters
    ----------
    held_out
        Accounts that the last plan held out, beside those of a column ``held_out``.
    claimed
        Account to the other live campaign that is in touch with it.

    Examples
    --------
    >>> book = pd.DataFrame({"account_id": ["x", "y", "z"], "open_critical": [1, 0, 0],
    ...     "tenure_days": [900, 30, 900]})
    >>> suppressed_because(book, guards=Guards(), lifecycle=Lifecycle()).fillna("").tolist()
    ['with an open critical ticket', 'in onboarding', '']
    """
    stage = (lifecycle_stage(frame, policy=lifecycle) == "onboarding").to_numpy(dtype=bool, na_value=False)
    out, _ = flags(frame, "held_out")
    ids = frame[ACCOUNT_ID].astype("str")
    reasons = [
        has_open_critical(frame),
        _open_escalation(frame),
        stage,
        sleeping_dogs(frame, guards=guards),
        out | ids.isin(held_out).to_numpy(dtype=bool),
    ]
    codes = np.select(reasons, list(range(len(reasons))), -1)
    found = texts(REASONS, codes, frame.index)
    elsewhere = "in another live campaign: " + ids.map(dict(claimed or {})).astype("str")
    return found.where(found.notna(), elsewhere)


def _open_escalation(frame: pd.DataFrame) -> Bools:
    """Return where a ticket escalated in 90 days and, as far as is known, tickets are still open."""
    still_open = numbers(frame, "tickets_open")
    escalated = numbers(frame, "escalations_90d") > 0
    return np.asarray(escalated & ((still_open > 0) | np.isnan(still_open)), dtype=bool)
