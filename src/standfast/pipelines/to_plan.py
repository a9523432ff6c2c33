"""What a plan is made of: scores from a file or of the book as it is now, and the time before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from standfast.decision.outreach import Plan
from standfast.features.catalogue import FeatureMeaning
from standfast.pipelines.kept_holdout import Drawing
from standfast.pipelines.kept_plans import day_of_plan, version_of
from standfast.pipelines.listed_reasons import REASONS, with_listed_reasons
from standfast.pipelines.look_back import Past, look_back
from standfast.pipelines.observe import ObservedBook, observe_current
from standfast.pipelines.overridden import Overridden, apply_overrides
from standfast.pipelines.plan import PlanBy, plan, read_scores
from standfast.pipelines.poor_fit import flag_poor_fit
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import Scorer, load_scorer, score_rows
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class ToPlan:
    """Scores to plan, and what is known beside them.

    Parameters
    ----------
    day
        The day the plan starts; None where nothing tells it.
    observed
        The book as it is now; None where there is only a scores file.
    scorer
        The model that gave the scores; None where that is not known.
    overridden
        What persons say in place of the model; ``scores`` has it already.
    """

    scores: pd.DataFrame
    day: date | None
    as_of: date | None
    past: Past
    observed: ObservedBook | None = None
    scorer: Scorer | None = None
    overridden: Overridden | None = None

    @property
    def own(self) -> Mapping[str, FeatureMeaning]:
        """What the user's own features mean."""
        return {} if self.scorer is None else self.scorer.own

    @property
    def model_scores(self) -> pd.DataFrame:
        """The scores as the model gave them, whatever persons say."""
        return self.scores if self.overridden is None else self.overridden.model

    def shown(self, scores: pd.DataFrame) -> pd.DataFrame:
        """Give the scores that a page shows beside the plan: these, or with what persons say instead."""
        if self.overridden is not None and not self.overridden.standing.empty:
            return self.scores
        return scores.assign(**{REASONS: self.scores[REASONS]}) if REASONS in self.scores else scores

    def explained(self, planned: Plan | None) -> "ToPlan":
        """Give the scores with reasons of the accounts that a plan puts on somebody's list.

        Reasons that the scores carry already stay as they are, and a file of scores whose model is not known
        has none.
        """
        if self.scorer is None or self.observed is None or REASONS in self.scores:
            return self
        told = with_listed_reasons(self.scores, planned, self.observed.current, scorer=self.scorer)
        return replace(self, scores=told)

    def plan(
        self, *, settings: Settings, hours: float | None, by: PlanBy = "value", is_kept: bool = False
    ) -> Plan:
        """Give the plan of these scores; one that the ledger is to keep may begin a cycle of the holdout."""
        drawing = self._drawing(settings) if is_kept and by == "value" else None
        scorer = self.scorer
        planned = plan(
            self.scores, settings=settings, hours=hours, as_of=self.as_of,
            n_events=scorer.n_events if scorer else None,
            contractions=scorer.changes.contracted if scorer else None,
            past=self.past, by=by, drawing=drawing,
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
    scored = score_rows(observed.current, scorer=scorer)
    return scored_to_plan(scored.scores, observed, scorer, settings=settings)


def scored_to_plan(
    scores: pd.DataFrame, observed: ObservedBook, scorer: Scorer, *, settings: Settings
) -> ToPlan:
    """Give what is to be planned of a book that is observed and scored already."""
    flagged = flag_poor_fit(scores, observed.current, settings=settings)
    day = day_of_plan(flagged, as_of=observed.as_of)
    told = apply_overrides(flagged, settings=settings, day=day, yardsticks=scorer.yardsticks)
    past = look_back(settings, day=day)
    return ToPlan(told.scores, day, observed.as_of, past, observed, scorer, told)
