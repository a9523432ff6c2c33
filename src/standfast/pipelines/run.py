"""From tables to Monday's list: train, score, plan, report, and record what was tried."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.artifacts import Bundle, load_bundle
from standfast.adapters.ledger import refuse_unwritable_ledger
from standfast.adapters.tables import write_table, write_text
from standfast.adapters.tracking import Recorded
from standfast.adapters.whole_folder import refuse_foreign_files
from standfast.decision.matrix import MATRIX, Matrix
from standfast.decision.outreach import Plan
from standfast.errors import InputError, StateError
from standfast.pipelines.backtest import Backtest, keep_backtest, kept_backtest, replay_book
from standfast.pipelines.book_ledger import refuse_unreadable_ledger
from standfast.pipelines.gate import told_of
from standfast.pipelines.kept_plans import keep_made_plan, version_of
from standfast.pipelines.kept_scores import keep_made_scores
from standfast.pipelines.outputs import refuse_no_folder, refuse_to_replace_input
from standfast.pipelines.plan import PlanBy
from standfast.pipelines.record import record
from standfast.pipelines.report import ModelAtWork, put_to_work, read_evaluations, read_fitness
from standfast.pipelines.score import explained_batches, refuse_other_book, write_scores
from standfast.pipelines.scoring import scorer_from
from standfast.pipelines.to_plan import read_to_plan
from standfast.pipelines.train import Training, train
from standfast.pipelines.views import model_view
from standfast.pipelines.worklist import make_worklist
from standfast.pipelines.worklist_files import write_worklist
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class TrainOutcome:
    """A training, and the model that stands after it: the new one, or the champion it did not beat."""

    training: Training
    standing: ModelAtWork
    currency: str
    summary: Mapping[str, Any]
    backtest: Backtest | None = None
    matrix: Matrix = MATRIX


@dataclass(frozen=True, eq=False)
class PlanOutcome:
    """A plan, the scores it was made from, and its figures."""

    plan: Plan
    scores: pd.DataFrame
    currency: str
    summary: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class RunOutcome:
    """Everything one run did, and the files it wrote."""

    trained: TrainOutcome
    files: Mapping[str, str]
    summary: Mapping[str, Any]


def train_and_record(
    settings: Settings,
    *,
    hours: float | None = None,
    as_of: date | None = None,
    with_backtest: bool = False,
    is_kept: bool = False,
    say: Say = lambda _: None,
) -> TrainOutcome:
    """Train, plan with the model that stands afterwards, and record the experiment with its report.

    Parameters
    ----------
    with_backtest
        Replay the past, too; a book in whose past there is too little to replay goes without, with a note.
    is_kept
        Whether the ledger is to keep the plan of the model that stands, see ``put_to_work``.

    Raises
    ------
    StateError
        No model was better than the base rate and none of this book was there before; the attempt is
        recorded all the same.
    """
    refuse_unreadable_ledger(settings)
    told = None if with_backtest else kept_backtest(settings)
    training = train(settings, as_of=as_of, say=say)
    replayed = None
    if with_backtest and not training.observed.is_flat:
        training, replayed = _replayed(training, settings=settings, hours=hours, say=say)
        told = replayed.summary if replayed else None
    say("planning, writing the report and the experiment's record")
    is_promoted = training.promotion.promoted
    challenger = (
        _at_work(
            training.bundle,
            training,
            settings=settings,
            hours=hours,
            backtest=told,
            is_kept=is_kept and is_promoted,
        )
        if training.bundle
        else None
    )
    recorded = record(
        training,
        challenger.scored.scores if challenger else None,
        challenger.plan if challenger else None,
        challenger.page if challenger else "",
        settings=settings,
        backtest=replayed.summary if replayed else None,
    )
    standing = challenger if is_promoted else None
    if standing is None:
        before = _champion_before(training, settings)
        standing = _at_work(before, training, settings=settings, hours=hours, backtest=told, is_kept=is_kept)
    summary = _summary(training, standing, recorded, settings=settings)
    if replayed:
        summary["backtest"] = replayed.summary
    return TrainOutcome(training, standing, settings.units.currency, summary, replayed, settings.built_matrix)


def plan_and_write(
    settings: Settings,
    *,
    output: Path,
    scores_file: Path | None = None,
    hours: float | None = None,
    as_of: date | None = None,
    is_what_if: bool = False,
    by: PlanBy = "value",
) -> PlanOutcome:
    """Plan a scores file, or the book as it is now, write one line per account, and keep it in the ledger.

    Parameters
    ----------
    is_what_if
        Only try it: the ledger is read, but does not keep the plan.

    Raises
    ------
    InputError
        The scores lack a column or hold impossible values.
    StateError
        There is no scores file and no champion of this book, or the ledger cannot be used.
    """
    refuse_to_replace_input(output, settings, scores_file)
    refuse_unwritable_ledger(settings.ledger_address)
    given = read_to_plan(settings, scores_file=scores_file, as_of=as_of)
    planned = given.plan(settings=settings, hours=hours, by=by, is_kept=not is_what_if)
    write_table(planned.lines, output)
    if not is_what_if:
        if given.observed is not None:
            keep_made_scores(
                given.model_scores, settings=settings, day=given.day, model_version=version_of(given.scores)
            )
        planned = keep_made_plan(
            planned, given.scores, settings=settings, day=given.day, model_version=version_of(given.scores)
        )
    summary = {"rows": len(given.scores), "output": str(output), **asdict(planned.summary)}
    return PlanOutcome(planned, given.scores, settings.units.currency, summary)


def run(
    settings: Settings,
    *,
    folder: Path,
    hours: float | None = None,
    as_of: date | None = None,
    with_backtest: bool = True,
    say: Say = lambda _: None,
) -> RunOutcome:
    """Train, replay the past, score, plan and report; write scores, plan, backtest and page into a folder."""
    refuse_no_folder(folder)
    refuse_foreign_files(folder / "worklist")
    for name in ("scores.parquet", "plan.csv", "backtest.csv", "report.html"):
        refuse_to_replace_input(folder / name, settings)
    refuse_unwritable_ledger(settings.ledger_address)
    trained = train_and_record(
        settings, hours=hours, as_of=as_of, with_backtest=with_backtest, is_kept=True, say=say
    )
    standing = trained.standing
    files = {"scores": folder / "scores.parquet", "report": folder / "report.html"}
    batches = explained_batches(trained.training.observed, standing.scored, scorer=standing.scorer)
    write_scores(batches, output=files["scores"], scorer=standing.scorer)
    if standing.plan is not None:
        files["plan"] = folder / "plan.csv"
        write_table(standing.plan.lines, files["plan"])
        say("writing the Monday lists")
        files["worklist"] = folder / "worklist"
        write_worklist(make_worklist(standing.plan, standing.given, settings=settings), files["worklist"])
    if trained.backtest is not None:
        files["backtest"] = folder / "backtest.csv"
        write_table(trained.backtest.lists, files["backtest"])
    write_text(standing.page, files["report"])
    trained = _kept(trained, settings=settings)
    written = {name: str(path) for name, path in files.items()}
    return RunOutcome(trained, written, {**trained.summary, "files": written})


def _kept(trained: TrainOutcome, *, settings: Settings) -> TrainOutcome:
    """Keep the scores and the plan in the ledger when every file is there."""
    standing = trained.standing
    keep_made_scores(
        standing.scored.scores,
        settings=settings,
        day=standing.given.day,
        model_version=standing.bundle.version,
    )
    if standing.plan is None:
        return trained
    planned = keep_made_plan(
        standing.plan,
        standing.given.scores,
        settings=settings,
        day=standing.given.day,
        model_version=standing.bundle.version,
    )
    summary = {**trained.summary, "plan": asdict(planned.summary)}
    return replace(trained, standing=replace(standing, plan=planned), summary=summary)


def _replayed(
    training: Training, *, settings: Settings, hours: float | None, say: Say
) -> tuple[Training, Backtest | None]:
    """Replay the past of the book just trained on, or note why that cannot be done."""
    try:
        replayed = replay_book(
            training.observed, settings=settings, set_aside=training.set_aside, hours=hours, say=say
        )
    except InputError as problem:
        return replace(training, notes=(*training.notes, f"no backtest: {problem}")), None
    keep_backtest(replayed, settings=settings)
    return training, replayed


def _at_work(
    bundle: Bundle,
    training: Training,
    *,
    settings: Settings,
    hours: float | None,
    backtest: Mapping[str, Any] | None,
    is_kept: bool,
) -> ModelAtWork:
    """Put a model to work on the book that was just trained on."""
    return put_to_work(
        bundle,
        scorer_from(bundle, settings=settings),
        training.observed,
        findings=training.findings,
        notes=training.notes,
        backtest=backtest,
        hours=hours,
        settings=settings,
        is_kept=is_kept,
    )


def _champion_before(training: Training, settings: Settings) -> Bundle:
    """Give the champion that stays; without one of this book there is nothing to go on with."""
    try:
        bundle = load_bundle(Path(settings.paths.models))
        refuse_other_book(scorer_from(bundle, settings=settings), settings)
    except StateError:
        raise StateError(training.promotion.sentence) from None
    return bundle


def _summary(
    training: Training, standing: ModelAtWork, recorded: Recorded, *, settings: Settings
) -> dict[str, Any]:
    """Give what ``--json`` prints."""
    observed, scored = training.observed, standing.scored
    evaluations, fitness = read_evaluations(standing.bundle), read_fitness(standing.bundle)
    return {
        "champion": standing.bundle.version,
        "challenger": training.bundle.version if training.bundle else None,
        "promoted": training.promotion.promoted,
        "verdict": training.promotion.sentence,
        "gate": told_of(training.criteria),
        "models": [
            model_view(
                t,
                standing.scorer.propensities[t],
                e,
                own=standing.scorer.own,
                gate=settings.gate,
                fitness=fitness.get(t),
            )
            for t, e in evaluations.items()
        ],
        "findings": [asdict(finding) for finding in training.findings],
        "notes": list(training.notes),
        "rows": {
            **observed.counts,
            "learned_from": len(training.learnable.snapshots),
            "unreadable": training.learnable.n_unreadable,
            "scored": len(scored.scores),
            "rejected": len(scored.rejected) + len(observed.rejected),
        },
        "plan": asdict(standing.plan.summary) if standing.plan else None,
        "mlflow_run": recorded.run_id,
        "registered_version": recorded.registered_version,
    }
