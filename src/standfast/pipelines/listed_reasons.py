"""Reasons of the accounts that a plan puts on somebody's list; of a large book that is a small part."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.decision.outreach import Plan
from standfast.features.encode import encode
from standfast.pipelines.scoring import Scorer, explain_rows
from standfast.report.plan_view import takes_time
from standfast.schema import ACCOUNT_ID

N_REASONS = 5
"""Reasons of each account that page, lists and scores tell."""

REASONS = "reasons"


def with_listed_reasons(
    scores: pd.DataFrame, planned: Plan | None, rows: pd.DataFrame, *, scorer: Scorer
) -> pd.DataFrame:
    """Give the scores with the reasons of accounts that take a person's time; without a plan, of none.

    Parameters
    ----------
    scores
        In the order of the plan's lines.
    rows
        What was scored, by the same index.
    """
    told = pd.Series(None, index=scores.index, dtype="str", name=REASONS)
    if planned is not None:
        listed = rows.loc[scores.index[_is_listed(planned)]]
        told = reasons_of(listed, scorer=scorer).reindex(scores.index) if len(listed) else told
    return scores.assign(**{REASONS: told})


def reasons_of(rows: pd.DataFrame, *, scorer: Scorer) -> pd.Series:
    """Give the reasons of rows that can be scored, as ``explain_rows`` words them."""
    matrix = encode(rows, scorer.encoding).matrix
    return explain_rows(rows, matrix, scorer=scorer, n_reasons=N_REASONS, n_threads=2)


def _is_listed(planned: Plan) -> NDArray[np.bool_]:
    """Say which lines take a person's time, or have fixed work."""
    lines = planned.lines
    has_fixed = lines[ACCOUNT_ID].isin(planned.fixed[ACCOUNT_ID])
    return (takes_time(lines) | (lines["hours"] > 0) | has_fixed).to_numpy(dtype=bool)
