"""The desk a service works from: the book scored, planned and put on the calendar, all at one time."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.artifacts import Bundle, load_bundle
from standfast.decision.outreach import Plan
from standfast.errors import InputError
from standfast.pipelines.alerts import AlertList
from standfast.pipelines.alerts import alerts as look_for_alerts
from standfast.pipelines.backtest import kept_backtest
from standfast.pipelines.book_rows import BookRows
from standfast.pipelines.desk_mark import DeskMark, mark_of
from standfast.pipelines.explain import KnownBook
from standfast.pipelines.listed_reasons import N_REASONS
from standfast.pipelines.observe import ObservedBook, observe_current
from standfast.pipelines.one_account import AccountScorer
from standfast.pipelines.report import gate_of, matrix_with_tiers, read_evaluations, read_fitness
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import Scored, Scorer, score_rows, scorer_from
from standfast.pipelines.segments import Segmentation, list_members, segment_book
from standfast.pipelines.stretches import rejected_rows
from standfast.pipelines.to_plan import ToPlan, scored_to_plan
from standfast.pipelines.views import evaluation_view, model_view
from standfast.pipelines.why import earlier_date
from standfast.pipelines.worklist import make_worklist
from standfast.report.content import EvaluationView
from standfast.report.worklist_content import Worklist
from standfast.schema import ACCOUNT_ID, PLAN_COLUMNS
from standfast.settings import Settings

Say = Callable[[str], None]
WEEKS_TOLD = 26
"""Weeks of usage, tickets and touches that an account's page shows."""
_NO_MEMBERS = pd.DataFrame(columns=[ACCOUNT_ID, "segment", "kind", "why", "message"])


@dataclass(frozen=True, eq=False, kw_only=True)
class Desk:
    """Everything the service answers from, laid at one time; nothing in it changes.

    Parameters
    ----------
    mark
        The champion, files, plan and overrides it was laid from.
    rejected
        The rows of the book that could not be scored: row, account_id, why.
    accounts
        One row per account: its scores with reasons and what people said otherwise in place, its line of the
        plan (``plan_why`` is the plan's why), how many alerts it has open; by ``account_id``.
    matrix, segmentation
        The cells with their accounts and money; None where rules of the team's own cannot be followed here.
    worklist
        None without a plan.
    seconds
        How long it took to lay.
    """

    settings: Settings
    mark: DeskMark
    seen: "Seen"
    book: KnownBook
    rejected: pd.DataFrame
    accounts: pd.DataFrame
    matrix: pd.DataFrame
    segmentation: Segmentation | None
    worklist: Worklist | None
    backtest: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    laid_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0.0

    @property
    def bundle(self) -> Bundle:
        """The model in use, as its verified files."""
        return self.seen.bundle

    @property
    def alerts(self) -> AlertList | None:
        """What has changed at accounts and still holds; None without a past in which that could be seen."""
        return self.seen.alerts

    @property
    def as_of(self) -> date | None:
        """The day the book is looked at; None where a flat table tells none."""
        return self.book.given.day

    @property
    def scorer(self) -> Scorer:
        """What scores other rows as the book was scored."""
        return self.book.scorer

    @property
    def plan(self) -> Plan | None:
        """The plan; None where no revenue is known."""
        return self.book.planned

    @property
    def version(self) -> str:
        """The model in use."""
        return self.bundle.version

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Where each account stands in ``accounts``."""
        return {account: place for place, account in enumerate(self.accounts[ACCOUNT_ID])}

    @cached_property
    def one_account(self) -> AccountScorer:
        """What scores a single row."""
        return AccountScorer(self.scorer)

    @cached_property
    def rows_seen(self) -> BookRows:
        """The accounts as the book has them, in standfast's words, one at a time."""
        return BookRows(self.seen.observed.current)

    @cached_property
    def models(self) -> Sequence[Mapping[str, Any]]:
        """What is to be said of each model in use."""
        fitness = read_fitness(self.bundle)
        return [
            model_view(
                target, self.scorer.propensities[target], evaluation,
                own=self.scorer.own, gate=self.settings.gate, fitness=fitness.get(target),
            )
            for target, evaluation in read_evaluations(self.bundle).items()
        ]  # fmt: skip

    @cached_property
    def evaluations(self) -> Sequence[EvaluationView]:
        """How good each model was on rows it had not seen, with curves to draw."""
        return [evaluation_view(one) for one in read_evaluations(self.bundle).values()]

    @cached_property
    def gate(self) -> Sequence[Mapping[str, Any]]:
        """What the gate heard of the model in use."""
        return gate_of(self.bundle)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it was laid from, in plain values."""
        n_scored, n_rejected = len(self.accounts), len(self.rejected)
        return {
            "book": self.settings.book_name,
            "as_of": self.as_of,
            "model_version": self.version,
            "mark": self.mark.short,
            "laid_at": self.laid_at.isoformat(timespec="seconds"),
            "seconds": self.seconds,
            "rows": {"rows_in": n_scored + n_rejected, "scored": n_scored, "rejected": n_rejected},
            "currency": self.settings.units.currency,
            "horizon_days": self.settings.horizon.horizon_days,
            "notes": list(self.notes),
        }

    def owner_of(self, account: str) -> str | None:
        """Give who looks after an account; None where nobody does, or it is not in the book."""
        place = self.place_of.get(account)
        owner = None if place is None or "owner" not in self.accounts else self.accounts["owner"].iloc[place]
        return None if owner is None or pd.isna(owner) else str(owner).strip()


def lay_desk(settings: Settings, *, before: Desk | None = None, say: Say = lambda _: None) -> Desk:
    """Read the book, score, plan and segment it, look for alerts, and write everyone's list.

    Parameters
    ----------
    before
        The desk so far: where its champion and files are still those, only what follows is laid anew.

    Raises
    ------
    InputError
        The book cannot be read.
    StateError
        There is no champion of this book, its files were changed, or the ledger cannot be read.
    """
    start = time.monotonic()
    mark = mark_of(settings)  # before anything is read, so that a change meanwhile is seen
    if before is not None and before.mark.of_book == mark.of_book:
        seen = before.seen
    else:
        seen = _see(settings, say=say)
    say("planning, and putting the plan on the calendar")
    return _laid(seen, mark, settings=settings, start=start)


@dataclass(frozen=True, eq=False)
class Seen:
    """The book as it was read and scored, and its alerts."""

    bundle: Bundle
    scorer: Scorer
    observed: ObservedBook
    scored: Scored
    alerts: AlertList | None
    notes: tuple[str, ...]


def _see(settings: Settings, *, say: Say) -> Seen:
    bundle = load_bundle(Path(settings.paths.models))
    scorer = scorer_from(bundle, settings=settings)
    refuse_other_book(scorer, settings)
    say("looking for alerts")
    alerts, no_alerts = _alerts(settings)
    say(f"reading book {settings.book_name!r}")
    observed = observe_current(settings, earlier=earlier_date(settings, since=None), weeks=WEEKS_TOLD)
    scored = score_rows(observed.current, scorer=scorer, n_reasons=N_REASONS)
    return Seen(bundle, scorer, observed, scored, alerts, tuple(no_alerts))


def _laid(seen: Seen, mark: DeskMark, *, settings: Settings, start: float) -> Desk:
    given = scored_to_plan(seen.scored.scores, seen.observed, seen.scorer, settings=settings)
    planned, no_plan = given.plan_if_possible(settings=settings, hours=None)
    segmentation, no_segments = _segments(seen.observed, given.scores, settings)
    members = list_members(segmentation) if segmentation else _NO_MEMBERS
    return Desk(
        settings=settings,
        mark=mark,
        seen=seen,
        book=KnownBook(seen.scorer, seen.observed, given, planned, no_plan, members),
        rejected=_rejected(seen.observed, seen.scored),
        accounts=_accounts(given, planned, seen.alerts),
        matrix=matrix_with_tiers(given.scores, settings.built_matrix),
        segmentation=segmentation,
        worklist=None if planned is None else make_worklist(planned, given, settings=settings),
        backtest=kept_backtest(settings) or {},
        notes=(*seen.notes, *no_plan, *no_segments),
        seconds=time.monotonic() - start,
    )


def _alerts(settings: Settings) -> tuple[AlertList | None, list[str]]:
    """Look for alerts; a book without a past has none, and says so."""
    if settings.is_flat:
        return None, []
    try:
        return look_for_alerts(settings), []
    except InputError as problem:
        return None, [f"no alerts: {problem}"]


def _segments(
    observed: ObservedBook, scores: pd.DataFrame, settings: Settings
) -> tuple[Segmentation | None, list[str]]:
    """Segment the book; a rule that cannot be followed here costs the segments, not the desk."""
    try:
        return segment_book(observed, scores, settings=settings), []
    except InputError as problem:
        return None, [f"named segments are missing: {problem}"]


def _rejected(observed: ObservedBook, scored: Scored) -> pd.DataFrame:
    ids = observed.current[ACCOUNT_ID] if observed.ids is None else observed.ids
    return rejected_rows(scored, ids, observed.rejected, first_row=1)


def _accounts(given: ToPlan, planned: Plan | None, alerts: AlertList | None) -> pd.DataFrame:
    """Put scores, plan and alerts side by side, by account."""
    scores = given.scores.assign(**{ACCOUNT_ID: given.scores[ACCOUNT_ID].astype("str")})
    if planned is not None:
        lines = planned.lines.rename(columns={"why": "plan_why"})
        new = [name for name in (*PLAN_COLUMNS, "plan_why") if name in lines and name not in scores]
        scores = scores.assign(**{name: lines[name].to_numpy() for name in new})
    n_alerts = {} if alerts is None else alerts.open[ACCOUNT_ID].astype("str").value_counts().to_dict()
    counted = scores[ACCOUNT_ID].map(n_alerts).fillna(0).astype("int64")
    return scores.assign(n_alerts=counted).sort_values(ACCOUNT_ID, kind="stable", ignore_index=True)
