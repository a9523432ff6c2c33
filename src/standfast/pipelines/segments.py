"""Segment the book as it is now: named segments that overlap, dimensions, and whether these tell anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from standfast.adapters.table_writer import write_table
from standfast.decision.columns import Bools, flags
from standfast.decision.dimensions import group_by_dimension, order_groups
from standfast.decision.glossary import glossary
from standfast.decision.group_summary import summarise_groups
from standfast.decision.lifetime import add_lifetime_value
from standfast.decision.membership import Member, assign_named_segments, explain_members
from standfast.decision.segments import summarise_segments
from standfast.decision.spend_tiers import Concentration, assign_spend_tiers, concentration
from standfast.decision.verdicts import Judged
from standfast.errors import InputError
from standfast.features.catalogue import CATALOGUE
from standfast.pipelines.engines import open_engine
from standfast.pipelines.load import load_table
from standfast.pipelines.observe import ObservedBook, observe_book, observe_current
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.pipelines.overridden import score_as_persons_say
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import TRAVELLERS, load_scorer
from standfast.pipelines.typed_rows import typed_rows
from standfast.pipelines.worth import judge_dimensions
from standfast.schema import ACCOUNT_ID, SCORE_COLUMNS, TABLES
from standfast.settings import Settings

Say = Callable[[str], None]
KNOWN_COLUMNS = (*CATALOGUE, *SCORE_COLUMNS, *TRAVELLERS, *TABLES["accounts"].names)


@dataclass(frozen=True, eq=False)
class Segmentation:
    """The segments of a book.

    Parameters
    ----------
    frame
        The accounts with features, scores and spend tiers; those that have churned are left out.
    named
        One row per named segment, with its figures, meaning and message; they overlap.
    cells
        One row per segment of the matrix, with its lifetime value and what may be spent to win an account.
    by_dimension
        For each dimension asked for, one row per group.
    tests
        Whether dimensions tell churn and expansion apart.
    """

    frame: pd.DataFrame
    members: tuple[Member, ...]
    named: pd.DataFrame
    concentration: Concentration
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_dimension: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    tests: tuple[Judged, ...] = ()
    notes: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    currency: str = ""
    horizon_days: int = 0
    output: str | None = None

    @property
    def glossary(self) -> tuple[tuple[str, str], ...]:
        """Terms, cells' segments and named segments, so that all teams speak one language (S9)."""
        own = ((member.segment.name, member.segment.meaning) for member in self.members)
        return (*self.terms, *own)

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {
            "n_accounts": len(self.frame),
            "named": self.named,
            "cells": self.cells,
            "concentration": asdict(self.concentration),
            "dimensions": self.by_dimension,
            "tests": [asdict(test) for test in self.tests],
            "notes": self.notes,
            "output": self.output,
            "glossary": dict(self.glossary),
        }


def segments(
    settings: Settings,
    *,
    dimensions: Sequence[str] = (),
    with_tests: bool = False,
    output: Path | None = None,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> Segmentation:
    """Give the segments of the book as it is now, and write who is in which where ``output`` is given.

    Raises
    ------
    InputError
        A dimension or a rule names a column that is not there; the nearest one is named.
    StateError
        There is no champion, or it is of another book.
    """
    if output is not None:
        refuse_to_replace_input(output, settings)
    scorer = load_scorer(Path(settings.paths.models), settings=settings)
    refuse_other_book(scorer, settings)
    say(f"reading book {settings.book_name!r}")
    observed = (observe_book if with_tests else observe_current)(settings, as_of=as_of)
    told = score_as_persons_say(observed, scorer, settings=settings)
    found = segment_book(observed, told.scores, settings=settings, dimensions=dimensions)
    found = replace(found, notes=(*found.notes, *told.notes))
    if with_tests:
        say("testing dimensions on what happened")
        found = replace(found, tests=judge_dimensions(observed, settings=settings, asked=dimensions))
    if output is not None:
        write_table(list_members(found), output)
        found = replace(found, output=str(output))
    return found


def segment_book(
    observed: ObservedBook, scores: pd.DataFrame, *, settings: Settings, dimensions: Sequence[str] = ()
) -> Segmentation:
    """Give the segments of accounts that are observed and scored already."""
    frame = segment_frame(observed, scores, settings=settings, with_own_columns=bool(dimensions))
    members = assign_named_segments(frame, settings.named_segments, known_columns=KNOWN_COLUMNS)
    return Segmentation(
        frame,
        members,
        _named_table(frame, members, settings),
        concentration(frame, policy=settings.spend_tiers),
        cells=summarise_segments(
            frame,
            economics=settings.economics,
            horizon_days=settings.horizon.horizon_days,
            matrix=settings.built_matrix,
        ),
        by_dimension={name: _dimension_table(frame, name, settings) for name in dimensions},
        notes=_notes(frame, members),
        terms=_terms(settings),
        currency=settings.units.currency,
        horizon_days=settings.horizon.horizon_days,
    )


def segments_for_report(
    observed: ObservedBook, scores: pd.DataFrame, *, settings: Settings
) -> tuple[pd.DataFrame, tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Give the named segments, what to say beside them, and the glossary (S9).

    A rule of the team's own that cannot be followed here costs the page its named segments, not a whole run
    of training: the page says why they are missing.
    """
    short = scores.drop(columns="reasons", errors="ignore")  # long texts that no rule reads
    try:
        found = segment_book(observed, short, settings=settings)
    except InputError as problem:
        return pd.DataFrame(), (f"named segments are missing: {problem}",), _terms(settings)
    return found.named, (*found.concentration.sentences, *found.notes), found.glossary


def _terms(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Give the words of the matrix and its cuts."""
    return glossary(matrix=settings.built_matrix, tiers=settings.tiers)


def segment_frame(
    observed: ObservedBook, scores: pd.DataFrame, *, settings: Settings, with_own_columns: bool = False
) -> pd.DataFrame:
    """Give the accounts that have not churned with their features, scores and spend tiers.

    ``with_own_columns`` adds the undated columns of accounts, which are right for today's rows alone.
    """
    current = observed.current.drop(columns=list(set(scores) & set(observed.current) - {ACCOUNT_ID}))
    frame = current.assign(**{ACCOUNT_ID: current[ACCOUNT_ID].astype(str)}).merge(
        scores, on=ACCOUNT_ID, how="left"
    )
    own = _needed_own_columns(observed, frame, settings) if not with_own_columns else observed.set_aside
    if own := [name for name in own if name not in frame]:
        frame = frame.merge(_account_columns(own, settings), on=ACCOUNT_ID, how="left")
    gone, _ = flags(frame, "churned")
    return assign_spend_tiers(
        typed_rows(frame[~gone].reset_index(drop=True)), policy=settings.spend_tiers, tiers=settings.tiers
    )


def list_members(found: Segmentation) -> pd.DataFrame:
    """Give one row per account and named segment, with the reason why it is there."""
    parts = [
        pd.DataFrame(
            {
                ACCOUNT_ID: found.frame.loc[member.is_in, ACCOUNT_ID],
                "segment": member.segment.name,
                "kind": member.segment.kind,
                "why": explain_members(found.frame, member),
                "message": member.segment.message,
            }
        )
        for member in found.members
    ]
    return pd.concat(parts, ignore_index=True).sort_values(ACCOUNT_ID, kind="stable", ignore_index=True)


def _needed_own_columns(observed: ObservedBook, frame: pd.DataFrame, settings: Settings) -> list[str]:
    """Name the undated columns of accounts that the team's rules look at."""
    rules = " ".join(segment.where for segment in settings.segments)
    return [name for name in observed.set_aside if name not in frame and name in rules]


def _account_columns(names: Sequence[str], settings: Settings) -> pd.DataFrame:
    with open_engine(settings) as engine:
        accounts = load_table(engine, settings, "accounts").table
        columns: pd.DataFrame = accounts.select(ACCOUNT_ID, *names).to_pandas()
        return columns.astype({ACCOUNT_ID: str})


def _named_table(frame: pd.DataFrame, members: Sequence[Member], settings: Settings) -> pd.DataFrame:
    names = [member.segment.name for member in members]
    table = _group_table(frame, [member.is_in for member in members], names, settings, title="segment")
    return table.assign(
        kind=[member.segment.kind for member in members],
        n_unknown=[int(member.unknown.sum()) for member in members],
        is_told=[member.is_told for member in members],
        meaning=[member.segment.meaning for member in members],
        message=[member.segment.message for member in members],
        where=[member.segment.where for member in members],
    )


def _dimension_table(frame: pd.DataFrame, name: str, settings: Settings) -> pd.DataFrame:
    groups = group_by_dimension(frame, name, policy=settings.dimension_policy)
    names = order_groups(groups, segments=settings.built_matrix.segments)
    return _group_table(
        frame, [(groups == group).to_numpy() for group in names], names, settings, title="group"
    )


def _group_table(
    frame: pd.DataFrame, members: Sequence[Bools], names: Sequence[str], settings: Settings, *, title: str
) -> pd.DataFrame:
    """Give what groups hold, and what an account of each is worth over its lifetime (R6)."""
    return add_lifetime_value(
        summarise_groups(frame, members, names, title=title),
        frame,
        members,
        economics=settings.economics,
        horizon_days=settings.horizon.horizon_days,
    )


def _notes(frame: pd.DataFrame, members: Sequence[Member]) -> tuple[str, ...]:
    """Say what is not known, so that nobody reads silence as health (U4)."""
    untold = [member.segment.name for member in members if not member.is_told]
    lacking = [
        f"{member.segment.name}: unknown for {int(member.unknown.sum()):,} accounts, because the book has no "
        f"{' and no '.join(member.lacking)}"
        for member in members
        if member.lacking and member.unknown.any() and member.is_told
    ]
    if untold:
        lacking.append(f"nobody can tell, because the book lacks the columns: {', '.join(untold)}")
    lacking += [
        f"{member.segment.name}: {', '.join(member.absent)} named by hand, but not in the book now"
        for member in members
        if member.absent
    ]
    unscored = int(np.isnan(frame["churn_probability"].astype(float)).sum())
    if unscored:
        lacking.append(f"{unscored:,} accounts have no churn probability; they count in no rule about risk")
    return tuple(lacking)
