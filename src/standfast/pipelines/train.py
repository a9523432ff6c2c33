"""Train: look at the book, check it, fit and judge the propensities, keep the better model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.adapters.artifacts import (
    Bundle,
    champion_version,
    has_champion,
    load_bundle,
)
from standfast.adapters.memory import give_back, hold_arrays_apart
from standfast.errors import InputError, StateError
from standfast.features.encode import Encoding, encode, learn_encoding
from standfast.features.findings import Finding
from standfast.features.matrix_rows import take_rows
from standfast.pipelines.bundle import pack_bundle, standing_of
from standfast.pipelines.champion import act_on, pointed_at
from standfast.pipelines.check import (
    check_observed,
    columns_to_learn_from,
    refuse_absent_labels,
    refuse_blocking,
)
from standfast.pipelines.expansions import upsell_shares_of
from standfast.pipelines.fit import TrainedTarget, train_target
from standfast.pipelines.fitness import Fitness, fitness_groups, judge_fitness
from standfast.pipelines.gate import ask_alone, ask_beside_champion, settle
from standfast.pipelines.gate_evidence import champion_words
from standfast.pipelines.judge import Promotion, is_rival, judge
from standfast.pipelines.observe import ObservedBook, observe_book
from standfast.pipelines.revenue_changes import revenue_changes_of
from standfast.pipelines.scoring import scorer_from
from standfast.pipelines.target_rows import target_rows
from standfast.propensity.criteria import Criterion
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE, TARGETS
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Learnable:
    """What the models see: labelled rows in a fixed order, their matrix, and how cells became numbers.

    What is kept of it when they have learned has no rows in the matrix any more.
    """

    snapshots: pd.DataFrame
    matrix: NDArray[np.float64]
    encoding: Encoding
    n_unreadable: int


@dataclass(frozen=True, eq=False)
class Training:
    """What a training leaves: models with their evidence, and the verdict on them.

    ``bundle`` is None where no model was better than the base rate; ``criteria`` are the gate's answers.
    """

    trained: Sequence[TrainedTarget]
    promotion: Promotion
    observed: ObservedBook
    learnable: Learnable
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    set_aside: tuple[str, ...] = ()
    bundle: Bundle | None = None
    criteria: tuple[Criterion, ...] = ()
    fitness: tuple[Fitness, ...] = ()

    @property
    def kept(self) -> list[TrainedTarget]:
        """Models that beat the base rate and so are in the bundle."""
        return [one for one in self.trained if one.verdict.passed]


def train(settings: Settings, *, as_of: date | None = None, say: Say = lambda _: None) -> Training:
    """Give the outcome of one training; a model that passes the gate is in ``models/`` afterwards.

    Raises
    ------
    InputError
        The book cannot be used: unreadable, blocked by a finding, or with labels of a single class.
    """
    say(f"reading book {settings.book_name!r}")
    observed = observe_book(settings, as_of=as_of)
    if len(observed.snapshots) >= settings.recipe.one_validation_rows:
        hold_arrays_apart()
        give_back()
    refuse_absent_labels(observed, settings=settings)
    findings, set_aside = check_observed(observed, settings=settings)
    refuse_blocking(findings, settings=settings)
    learnable = prepare_learning(observed, settings=settings, set_aside=set_aside)
    _refuse_unknown_points(learnable.encoding, settings)
    groups = fitness_groups(learnable.snapshots, observed, settings=settings)
    trained, notes = train_targets(learnable, observed, settings=settings, say=say)
    learnable = replace(learnable, matrix=np.empty((0, learnable.matrix.shape[1])))  # models have seen it
    notes += [f"no {one.word} model: {one.verdict.sentence}" for one in trained if not one.verdict.passed]
    if upsell := upsell_shares_of(observed, settings=settings):
        notes.append(upsell.sentence)
    notes += revenue_changes_of(observed, settings=settings).sentences
    fitness = tuple(judge_fitness(one, groups, policy=settings.fitness) for one in trained)
    notes += [note for one in fitness for note in one.notes]
    refusal = _refusal(trained, settings)
    attempt = Training(
        trained, refusal, observed, learnable, findings, tuple(notes), set_aside, fitness=fitness
    )
    return _keep_the_better(attempt, settings=settings, say=say) if attempt.kept else attempt


def _refuse_unknown_points(encoding: Encoding, settings: Settings) -> None:
    """Refuse points for what no model sees: they would be left out unnoticed."""
    for target, points in settings.model.points.items():
        for kind, name, known in (
            ("label", target, TARGETS),
            *(("column", c, encoding.names) for c in points),
        ):
            if name not in known:
                near = get_close_matches(name, list(known), n=1, cutoff=0.0)
                hint = f"; the nearest is {near[0]!r}" if near else ""
                raise InputError(f"[model] points: there is no {kind} {name!r} to give points to{hint}")


def prepare_learning(
    observed: ObservedBook, *, settings: Settings, set_aside: Sequence[str] = ()
) -> Learnable:
    """Give labelled rows sorted by account and date, so that the order of the input changes nothing."""
    dated = OBSERVATION_DATE in observed.snapshots
    order = [ACCOUNT_ID, OBSERVATION_DATE] if dated else [ACCOUNT_ID]
    snapshots = observed.snapshots
    if not (snapshots[ACCOUNT_ID].is_monotonic_increasing and snapshots[ACCOUNT_ID].is_unique):
        snapshots = snapshots.sort_values(order, kind="stable", ignore_index=True)
    encoding = learn_encoding(
        snapshots,
        columns=columns_to_learn_from(observed, settings=settings, set_aside=set_aside),
        max_categories=settings.model.max_categories,
        categorical=settings.columns.categorical,
    )
    encoded = encode(snapshots, encoding)
    if not encoded.rejected:
        return Learnable(snapshots.reset_index(drop=True), encoded.matrix, encoding, 0)
    accepted = np.flatnonzero(encoded.accepted)
    return Learnable(
        snapshots.iloc[accepted].reset_index(drop=True),
        take_rows(encoded.matrix, accepted),
        encoding,
        len(encoded.rejected),
    )


def train_targets(
    learnable: Learnable, observed: ObservedBook, *, settings: Settings, say: Say
) -> tuple[list[TrainedTarget], list[str]]:
    """Give each propensity the book's labels allow, and a note for each it does not.

    Raises
    ------
    InputError
        There is no label, or one that the user's own table holds has a single class.
    """
    present = [target for target in TARGETS if target in learnable.snapshots]
    if not present:
        raise InputError(
            f"{settings.source} names no label: a flat table needs one that says who churned or expanded; "
            'map it as [columns] churned = "YOUR_COLUMN"'
        )
    gap_days = settings.label_policy.maturity_days
    trained, notes = [], []
    for target in present:
        try:
            rows = target_rows(learnable.snapshots, learnable.matrix, target)
        except InputError as problem:
            if observed.is_flat or target == "churned":
                raise
            notes.append(f"no {TARGETS[target]} model: {problem}")
            continue
        say(f"{TARGETS[target]}: fitting on {len(rows.label):,} rows, {int(rows.label.sum()):,} events")
        trained.append(
            train_target(
                rows,
                encoding=learnable.encoding,
                recipe=settings.recipe,
                gap_days=gap_days,
                gate=settings.gate,
            )
        )
        give_back()
        said = (*trained[-1].propensity.warnings, *trained[-1].notes)
        notes += [f"{TARGETS[target]}: {note}" for note in said]
    return trained, notes


def _refusal(trained: Sequence[TrainedTarget], settings: Settings) -> Promotion:
    why = "; ".join(one.verdict.sentence for one in trained)
    models = Path(settings.paths.models)
    kept = f"; the champion {champion_version(models)} stays in use" if has_champion(models) else ""
    return Promotion(
        promoted=False, sentence=f"no model is better than the base rate, so none was kept{kept} ({why})"
    )


def _keep_the_better(attempt: Training, *, settings: Settings, say: Say) -> Training:
    """Save the models, and let them replace the champion where they are better and pass the gate."""
    models = Path(settings.paths.models)
    snapshots = attempt.learnable.snapshots
    judged_against = pointed_at(models)
    asked = ask_alone(
        attempt.kept, snapshots,
        findings=attempt.findings, columns=attempt.learnable.encoding.names, settings=settings,
    )  # fmt: skip
    packed = pack_bundle(
        attempt.kept, attempt.observed, attempt.learnable,
        notes=attempt.notes, asked=asked, fitness=attempt.fitness, settings=settings,
    )  # fmt: skip
    champion = _sound_champion(models, say=say)
    scorer = scorer_from(champion, settings=settings) if champion else None
    mine = standing_of(packed.manifest)
    theirs = standing_of(champion.manifest) if champion else None
    has_rival = theirs is not None and is_rival(mine, theirs)
    words = champion_words(
        attempt.kept, snapshots, champion=champion if has_rival else None, scorer=scorer,
        same_rows=theirs is not None and theirs.data_fingerprint == mine.data_fingerprint,
    )  # fmt: skip
    compared = judge(attempt.kept, challenger=mine, champion=theirs, champion_words=words)
    criteria = ask_beside_champion(asked, champion_words=words, has_champion=has_rival, settings=settings)
    settled = settle(
        compared, criteria, is_new=theirs is None or theirs.model_fingerprint != mine.model_fingerprint,
        has_champion=has_rival, policy=settings.gate,
    )  # fmt: skip
    folder = packed.save(models)
    promotion = act_on(settled, folder.name, models=models, judged_against=judged_against, criteria=criteria)
    say(promotion.sentence)
    return replace(attempt, promotion=promotion, criteria=criteria, bundle=load_bundle(models, folder.name))


def _sound_champion(models: Path, *, say: Say) -> Bundle | None:
    """Give the champion; one whose files were changed is no rival and will be replaced."""
    if not has_champion(models):
        return None
    try:
        return load_bundle(models)
    except StateError as problem:
        say(f"the champion cannot be used and will be replaced: {problem}")
        return None
