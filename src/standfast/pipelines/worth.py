"""Test on what happened which dimensions tell churn and expansion apart (S7)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from standfast.decision.differences import compare_groups
from standfast.decision.dimensions import available_dimensions, group_by_dimension
from standfast.decision.expression import Expression, parse_expression
from standfast.decision.holds import holds
from standfast.decision.truth import Truth
from standfast.decision.verdicts import Judged, judge
from standfast.errors import InputError
from standfast.features.catalogue import CATALOGUE
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.typed_rows import typed_rows
from standfast.schema import ACCOUNT_ID, LABELS, OBSERVATION_DATE, SCORE_COLUMNS
from standfast.settings import Settings

TESTED_OUTCOMES = ("churned", "expanded")
TODAYS_DIMENSIONS = ("owner", "segment")
"""Known of today alone, so that they are tested only where a user asks for them."""
RANKED_DIMENSIONS = ("revenue", "list")
MOST_WORDS = 30


def judge_dimensions(
    observed: ObservedBook, *, settings: Settings, asked: Sequence[str] = ()
) -> tuple[Judged, ...]:
    """Give for each dimension and outcome whether its groups differ, corrected for all that were tried.

    Without ``asked``: all named dimensions of the book, the named segments that need no score, and the
    word columns of a flat book.
    """
    rows = typed_rows(observed.snapshots)
    names = asked or _names(rows, is_flat=observed.is_flat)
    groups = {name: group_rows(rows, name, observed, settings) for name in names}
    if not asked:
        groups |= _segment_groups(rows, observed, settings)
    named = [
        (name, compare_groups(rows, group, outcome=outcome, policy=settings.evidence))
        for outcome in TESTED_OUTCOMES
        if outcome in rows and rows[outcome].notna().any()
        for name, group in groups.items()
    ]
    return judge(named, policy=settings.evidence, about="dimension")


def hold_by_date(expression: Expression, rows: pd.DataFrame) -> pd.Series:
    """Give "yes", "no" or nothing for each row; ``in_top`` looks at the rows of the same date."""
    if OBSERVATION_DATE not in rows:
        return _words(holds(expression, rows), rows.index)
    parts = [
        _words(holds(expression, part), part.index)
        for _, part in rows.groupby(OBSERVATION_DATE, dropna=False, sort=False)
    ]
    return pd.concat(parts).reindex(rows.index) if parts else pd.Series(index=rows.index, dtype="str")


def _words(truth: Truth, index: pd.Index) -> pd.Series:
    return pd.Series(np.select([truth.true, truth.false], ["yes", "no"], ""), index=index).replace("", None)


def _names(rows: pd.DataFrame, *, is_flat: bool) -> list[str]:
    names = [name for name in available_dimensions(rows) if name not in TODAYS_DIMENSIONS]
    if not is_flat:
        return names
    words = [
        column
        for column in rows.columns
        if column not in {ACCOUNT_ID, OBSERVATION_DATE, *LABELS, *names, *TODAYS_DIMENSIONS}
        and not pd.api.types.is_numeric_dtype(rows[column].dtype)
        and 2 <= rows[column].nunique() <= MOST_WORDS
    ]
    return [*names, *words]


def group_rows(rows: pd.DataFrame, name: str, observed: ObservedBook, settings: Settings) -> pd.Series:
    """Give the group of each row in a dimension; one that ranks accounts ranks those of the same date.

    Raises
    ------
    InputError
        There is no such dimension or column, or it tells today's state.
    """
    if name in observed.set_aside and name not in rows:
        raise InputError(
            f"{name!r} is an undated column of accounts: it tells today's state, so it cannot be tested on "
            "the past; name it under [book] static if it does not move with an account's fate"
        )
    if name not in RANKED_DIMENSIONS or OBSERVATION_DATE not in rows:
        return group_by_dimension(rows, name, policy=settings.dimension_policy)
    parts = [
        group_by_dimension(part, name, policy=settings.dimension_policy)
        for _, part in rows.groupby(OBSERVATION_DATE, dropna=False, sort=False)
    ]
    return pd.Series(pd.concat(parts).reindex(rows.index))


def _segment_groups(rows: pd.DataFrame, observed: ObservedBook, settings: Settings) -> dict[str, pd.Series]:
    """Give who was in a named segment, for those whose rule can be read off the past."""
    rules = {s.name: parse_expression(s.where) for s in settings.named_segments if s.where}
    return {
        name: hold_by_date(rule, rows)
        for name, rule in rules.items()
        if set(rule.columns) & set(rows)
        and not columns_of_scores(rule, rows)
        and set(rule.columns) <= set(rows) | (set(CATALOGUE) - set(observed.set_aside))
    }


def columns_of_scores(expression: Expression, rows: pd.DataFrame) -> list[str]:
    """Name the columns that only scores have: a model's opinion of what it learned from proves nothing."""
    return [name for name in expression.columns if name in SCORE_COLUMNS and name not in rows]
