"""Who is a poor fit (S6), as far as the named segment's rule can be followed on what is at hand."""

import pandas as pd

from standfast.decision.expression import parse_expression
from standfast.decision.membership import assign_named_segments
from standfast.errors import InputError
from standfast.pipelines.segments import KNOWN_COLUMNS
from standfast.pipelines.typed_rows import typed_rows
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

POOR_FIT = "poor fit"


def flag_poor_fit(
    scores: pd.DataFrame, rows: pd.DataFrame | None = None, *, settings: Settings
) -> pd.DataFrame:
    """Give the scores with ``poor_fit``: the named segment of that name, from scores and snapshot rows.

    A rule that is switched off, or cannot be followed here, flags nobody; flags that are there stand.

    Parameters
    ----------
    rows
        The accounts' snapshots, for the columns of the rule that scores do not hold.
    """
    named = [segment for segment in settings.named_segments if segment.name == POOR_FIT]
    if not named or "poor_fit" in scores or not settings.guards.deprioritise_poor_fit:
        return scores
    told = scores.drop(columns="reasons", errors="ignore")  # long texts that no rule reads
    frame = typed_rows(_with_columns(told, rows, rule=named[0].where).reset_index(drop=True))
    try:
        member = assign_named_segments(frame, named, known_columns=KNOWN_COLUMNS)[0]
    except InputError:
        return scores
    return scores.assign(poor_fit=member.is_in)


def _with_columns(scores: pd.DataFrame, rows: pd.DataFrame | None, *, rule: str) -> pd.DataFrame:
    """Give the scores beside the columns of the rule that only the snapshots hold."""
    asked = parse_expression(rule).columns if rule else ()
    lacking = [name for name in asked if rows is not None and name in rows and name not in scores]
    if rows is None or not lacking:
        return scores
    own = rows[[ACCOUNT_ID, *lacking]].assign(**{ACCOUNT_ID: rows[ACCOUNT_ID].astype(str)})
    return scores.merge(own, on=ACCOUNT_ID, how="left")
