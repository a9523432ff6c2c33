"""The plays of the settings, each rule checked against the columns that accounts can have."""

from collections.abc import Iterable

import pandas as pd

from standfast.decision.expression import parse_expression, refuse_unknown_columns
from standfast.decision.plays import Play
from standfast.features.catalogue import CATALOGUE
from standfast.schema import SCORE_COLUMNS, TABLES
from standfast.settings import Settings


def known_plays(settings: Settings, scores: pd.DataFrame) -> tuple[Play, ...]:
    """Give the plays in the order in which they are tried.

    Raises
    ------
    InputError
        A rule names a column that nobody knows; the nearest one is named.
    """
    known = {*scores.columns, *CATALOGUE, *SCORE_COLUMNS, *TABLES["accounts"].names}
    for play in settings.plays:
        if play.where:
            refuse_unknown_columns(parse_expression(play.where), known)
    return settings.play_book


def columns_of_plays(plays: Iterable[Play]) -> tuple[str, ...]:
    """Name the columns that a team's rules look at: scores carry them along, so that a plan can."""
    named = (parse_expression(play.where).columns for play in plays if play.where)
    return tuple(sorted({column for columns in named for column in columns}))
