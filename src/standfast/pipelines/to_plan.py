"""What a plan is made of: scores from a file or of the book as it is now, and the time before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from standfast.decision.change_sizes import ChangeSizes
from standfast.decision.outreach import Plan
from standfast.features.catalogue import FeatureMeaning
from standfast.pipelines.kept_holdout import Drawing
from standfast.pipelines.kept_plans import day_of_plan, version_of
from standfast.pipelines.look_back import Past, look_back
from standfast.pipelines.observe import ObservedBook, observe_current
from standfast.pipelines.overridden import Overridden, apply_overrides
from standfast.pipelines.plan import PlanBy, plan, read_scores
from standfast.pipelines.poor_fit import flag_poor_fit
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import Scorer, load_scorer, score_rows
from standfast.settings import Settings

N_REASONS = 5
"""Reasons of each account that plan, page and lists tell."""


@dataclass(frozen=True, eq=False)
class ToPlan:
    """Scores to plan, and what is known beside them.

    Parameters
    ----------
    day
        The day the plan starts; None where nothing tells it.
    observed
        The book as it is now; None where there is only a scores file.
    own
        What the user's own features mean.
    n_events
        How many accounts each model learned from, where that is known.
    contractions
        What contractions took in this book, where that is known.
    overridden
        What persons say in place of the model; ``scores`` has it already.
    """

    scores: pd.DataFrame
    day: date | None
    as_of: date | None
    past: Past
    observed: ObservedBook | None = None
    own: Mapping[str, FeatureMeaning] = field(default_factory=dict)
    n_events: Mapping[str, int] | None = None
    contractions: ChangeSizes | None = None
    overridden: Overridden | None = None

    @property
    def model_scores(self) -> pd.DataFrame:
        """The scores as the model gave them, whatever persons say."""
        return self.scores if self.overridden is None else self.overridden.model

    def shown(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Give the scores that a page shows beside the plan: these, or with what persons say instead."""
        return scores if self.overridden is None or self.overridden.standing.empty else self.scores

    def plan(
        self, *, settings: Settings, hours: float | None, by: PlanBy = "value", is_kept: bool = False
    ) -> Plan:
        """Give the plan of these scores; one that the ledger is to keep may begin a cycle of the holdout."""
        drawing = self._drawing(settings) if is_kept and by == "value" else None
        planned = plan(
            self.scores, settings=settings, hours=hours, as_of=self.as_of, n_events=self.n_events,
            contractions=self.contractions, past=self.past, by=by, drawing=drawing,
        )  # fmt: skip
        return planned if self.overridden is None else self.overridden.tell(planned)

    def _drawing(self, settings: Settings) -> Drawing | None:
        """Give what begins a cycle; None for scores without a day, or that no model of ours made."""
        if self.day is None or (self.observed is None and version_of(self.scores) is None):
            return None
        return Drawing(settings, self.day, self.observed, self.past.alerts)

    def plan_if_possible(
        self, *, settings: Settings, hours: float | None, is_kept: bool = False
    ) -> tuple[Plan | None, list[str]]:
        """Give the plan, or the reason why there can be none (a book without revenue)."""
        if self.scores["annual_revenue"].notna().any():
            return self.plan(settings=settings, hours=hours, is_kept=is_kept), []
        return None, ["no plan: no account has a known annual_revenue; map it under [columns] to get one"]


def read_to_plan(settings: Settings, *, scores_file: Path | None, as_of: date | None) -> ToPlan:
    """Give what is to be planned: a scores file, or the book scored as it is now.

    Raises
    ------
    InputError
        The scores file or the book cannot be read.
    StateError
        There is no scores file and no champion of this book, or the ledger cannot be read.
    """
    if scores_file is None:
        return _book_now(settings, as_of=as_of)
    scores = read_scores(scores_file)
    day = day_of_plan(scores, as_of=as_of)
    told = apply_overrides(scores, settings=settings, day=day)
    return ToPlan(told.scores, day, as_of, look_back(settings, day=day), overridden=told)


def _book_now(settings: Settings, *, as_of: date | None) -> ToPlan:
    scorer = load_scorer(Path(settings.paths.models), settings=settings)
    refuse_other_book(scorer, settings)
    observed = observe_current(settings, as_of=as_of)
    scored = score_rows(observed.current, scorer=scorer, n_reasons=N_REASONS)
    return scored_to_plan(scored.scores, observed, scorer, settings=settings)


def scored_to_plan(
    scores: pd.DataFrame, observed: ObservedBook, scorer: Scorer, *, settings: Settings
) -> ToPlan:
    """Give what is to be planned of a book that is observed and scored already."""
    flagged = flag_poor_fit(scores, observed.current, settings=settings)
    day = day_of_plan(flagged, as_of=observed.as_of)
    told = apply_overrides(flagged, settings=settings, day=day, yardsticks=scorer.yardsticks)
    past = look_back(settings, day=day)
    return ToPlan(
        told.scores, day, observed.as_of, past, observed, scorer.own, scorer.n_events,
        scorer.changes.contracted, told,
    )  # fmt: skip
