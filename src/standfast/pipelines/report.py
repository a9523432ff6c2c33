"""The page a leader reads: what the book looks like, what to do, how sure that is."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.artifacts import Bundle, load_bundle
from standfast.adapters.history import read_decisions
from standfast.adapters.memory import give_back
from standfast.adapters.tables import write_text
from standfast.decision.matrix import Matrix, summarise_matrix
from standfast.decision.outreach import Plan
from standfast.decision.segments import summarise_segments
from standfast.features.findings import Finding
from standfast.pipelines.backtest import kept_backtest
from standfast.pipelines.book_ledger import refuse_unreadable_ledger
from standfast.pipelines.check import check_observed
from standfast.pipelines.data_facts import data_facts
from standfast.pipelines.kept_monitor import kept_monitor
from standfast.pipelines.observe import ObservedBook, observe_book
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import Scored, Scorer, score_rows, scorer_from
from standfast.pipelines.segments import segments_for_report
from standfast.pipelines.to_plan import ToPlan, scored_to_plan
from standfast.pipelines.views import evaluation_view, model_view
from standfast.propensity.evaluation import Evaluation
from standfast.report.content import ReportContent
from standfast.report.page import build_report
from standfast.schema import TARGETS
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class ModelAtWork:
    """A model at work: its bundle, the book scored by it, the plan that follows and the page that tells."""

    bundle: Bundle
    scorer: Scorer
    scored: Scored
    given: ToPlan
    plan: Plan | None
    page: str


@dataclass(frozen=True)
class ReportSummary:
    """The page written."""

    output: str
    n_accounts: int
    model_version: str


def report(
    settings: Settings,
    *,
    output: Path,
    hours: float | None = None,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> ReportSummary:
    """Write the page for the book as it is now, under the champion.

    Raises
    ------
    StateError
        There is no champion, or it is of another book.
    """
    refuse_to_replace_input(output, settings)
    refuse_unreadable_ledger(settings)
    bundle = load_bundle(Path(settings.paths.models))
    scorer = scorer_from(bundle, settings=settings)
    refuse_other_book(scorer, settings)
    say(f"reading book {settings.book_name!r}")
    observed = observe_book(settings, as_of=as_of)
    findings, _ = check_observed(observed, settings=settings)
    say("scoring and planning")
    made = put_to_work(
        bundle, scorer, observed,
        findings=findings, backtest=kept_backtest(settings), hours=hours, settings=settings,
    )  # fmt: skip
    write_text(made.page, output)
    return ReportSummary(str(output), len(made.scored.scores), bundle.version)


def put_to_work(
    bundle: Bundle,
    scorer: Scorer,
    observed: ObservedBook,
    *,
    findings: Sequence[Finding],
    notes: Sequence[str] = (),
    backtest: Mapping[str, Any] | None,
    hours: float | None,
    settings: Settings,
    is_kept: bool = False,
) -> ModelAtWork:
    """Score the book with a model, plan it and compose the page.

    Parameters
    ----------
    notes
        What the page says beside the plan's own notes where there is no plan.
    is_kept
        Whether the ledger is to keep the plan, which may then begin a cycle of the holdout.
    """
    scored = score_rows(observed.current, scorer=scorer)
    give_back()
    given = scored_to_plan(scored.scores, observed, scorer, settings=settings)
    planned, why_none = given.plan_if_possible(settings=settings, hours=hours, is_kept=is_kept)
    give_back()
    given = given.explained(planned)
    page = compose_report(
        bundle, scorer, observed, replace(scored, scores=given.shown(scored.scores)), planned,
        findings=findings, notes=[*notes, *why_none], backtest=backtest, settings=settings,
    )  # fmt: skip
    return ModelAtWork(bundle, scorer, scored, given, planned, page)


def compose_report(
    bundle: Bundle,
    scorer: Scorer,
    observed: ObservedBook,
    scored: Scored,
    planned: Plan | None,
    *,
    findings: Sequence[Finding],
    notes: Sequence[str],
    backtest: Mapping[str, Any] | None,
    settings: Settings,
) -> str:
    """Give the page as HTML."""
    evaluations, fitness = read_evaluations(bundle), read_fitness(bundle)
    named, sentences, glossary = segments_for_report(observed, scored.scores, settings=settings)
    n_rejected = len(scored.rejected) + len(observed.rejected)
    content = ReportContent(
        book_name=settings.book_name,
        currency=settings.units.currency,
        as_of=observed.as_of.isoformat() if observed.as_of else None,
        horizon_days=settings.horizon.horizon_days,
        model_version=bundle.version,
        scores=scored.scores,
        matrix=matrix_with_tiers(scored.scores, settings.built_matrix),
        segments=summarise_segments(
            scored.scores,
            economics=settings.economics,
            horizon_days=settings.horizon.horizon_days,
            matrix=settings.built_matrix,
        ),
        plan=planned.lines if planned else None,
        plan_summary=asdict(planned.summary) if planned else {"notes": list(notes)},
        evaluations=[evaluation_view(evaluation) for evaluation in evaluations.values()],
        models=[
            model_view(
                t,
                scorer.propensities[t],
                evaluation,
                own=scorer.own,
                gate=settings.gate,
                fitness=fitness.get(t),
            )
            for t, evaluation in evaluations.items()
        ],
        model_notes=_untold(bundle.manifest.get("notes", ()), scorer),
        gate=gate_of(bundle),
        backtest=backtest or {},
        monitor=kept_monitor(settings, version=bundle.version) or {},
        findings=[asdict(finding) for finding in findings],
        data=data_facts(observed, settings=settings),
        rows={
            "rows_in": len(scored.scores) + n_rejected,
            "scored": len(scored.scores),
            "rejected": n_rejected,
        },
        named=named,
        about_segments=sentences,
        glossary=glossary,
        least_ltv_to_cac=settings.economics.least_ltv_to_cac,
        settings_summary=list(settings.given_flat.items()),
    )
    return build_report(content)


def _untold(notes: Sequence[str], scorer: Scorer) -> list[str]:
    """Give the notes of a training that its models do not tell by themselves, such as why one is missing."""
    told = {
        f"{TARGETS[target]}: {warning}"
        for target, model in scorer.propensities.items()
        for warning in model.warnings
    }
    return [note for note in notes if note not in told]


def gate_of(bundle: Bundle) -> Sequence[Mapping[str, Any]]:
    """Give what the gate heard of a bundle: beside the champion of then, else what needs no champion."""
    told: Sequence[Mapping[str, Any]] = read_decisions(bundle.folder.parent, bundle.version).get("gate", [])
    return told or bundle.manifest.get("gate", [])


def read_evaluations(bundle: Bundle) -> dict[str, Evaluation]:
    """Give how good each model of a bundle was on rows it had not seen."""
    return {
        target: Evaluation.from_dict(values)
        for target, values in json.loads(bundle.files["evaluation.json"]).items()
    }


def read_fitness(bundle: Bundle) -> dict[str, dict[str, Any]]:
    """Give how fit each model of a bundle is for groups of accounts; nothing of an older bundle."""
    told: dict[str, dict[str, Any]] = json.loads(bundle.files.get("fitness.json", "{}"))
    return told


def matrix_with_tiers(scores: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    """Give one row per cell with its tiers, accounts and money; empty where no reward is known."""
    table = summarise_matrix(scores, matrix=matrix).assign(
        risk_tier=[cell.risk_tier for cell in matrix.cells],
        value_tier=[cell.value_tier for cell in matrix.cells],
    )
    return table.iloc[:0] if scores["cell"].isna().all() else table
