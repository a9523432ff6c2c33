"""A model meets the gate, alone or beside a champion: every answer comes from the product's own functions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from bench.gate_books import Floats
from standfast.errors import InputError
from standfast.features.encode import Encoding, encode, learn_encoding
from standfast.features.findings import Finding
from standfast.features.usability import check_flat_table
from standfast.pipelines.check import refuse_blocking
from standfast.pipelines.fit import TrainedTarget, train_target
from standfast.pipelines.gate import ask_alone, ask_beside_champion, settle
from standfast.pipelines.gate_evidence import champion_words
from standfast.pipelines.judge import ChampionWords, Standing, judge
from standfast.pipelines.kept_words import pack_words
from standfast.pipelines.target_rows import target_rows
from standfast.propensity.evaluation import evaluate
from standfast.propensity.gate import beats_base_rate, refusing
from standfast.propensity.recipe import Recipe
from standfast.settings import build_settings

SETTINGS = build_settings({})
WHOLE = Recipe(n_threads=1, n_jobs=1, n_folds=3, symmetric_rows=0)
"""Linear part and trees, but for three folds instead of five and no symmetric trees, to be quick."""
LOGISTIC = replace(WHOLE, logistic_below=1_000_000)
"""The logistic part alone, which is quicker still."""
_NO_INPUTS = {"account_id", "observation_date", "churned", "expanded"}


@dataclass(frozen=True, eq=False)
class Model:
    """A model with what it learned from; a made one has words only, and ``encoding`` is None."""

    rows: pd.DataFrame
    one: TrainedTarget
    encoding: Encoding | None
    name: str

    def saying(self, probability: Floats, name: str) -> "Model":
        """Give the same model with other words on the rows it is judged on."""
        return replace(self, one=_judged(self.one, probability), name=name)

    @property
    def standing(self) -> Standing:
        """What its manifest would say."""
        figures = self.one.evaluation.metrics
        return Standing(
            version=self.name, book_fingerprint="book", data_fingerprint=str(len(self.rows)) + self._first,
            model_fingerprint=self.name, log_loss={self.one.target: figures["log_loss"].value},
            skill={self.one.target: figures["skill"].value},
        )  # fmt: skip

    @property
    def _first(self) -> str:
        return f"{self.rows['annual_revenue'].iloc[0]}"


@dataclass(frozen=True)
class Answer:
    """Whether a model beats the base rate, has the lower loss, is let through, and which criteria failed."""

    kept: bool
    lower: bool
    promoted: bool
    failed: frozenset[str]
    """Every criterion that failed, whether or not it may refuse here."""
    refused_by: frozenset[str]


def learn(rows: pd.DataFrame, *, name: str, without: Sequence[str] = (), recipe: Recipe = LOGISTIC) -> Model:
    """Train on the rows as a command does: judged out of time, or out of fold where there are no dates."""
    columns = [column for column in rows if column not in {*_NO_INPUTS, *without}]
    encoding = learn_encoding(rows, columns=columns)
    taught = target_rows(rows, encode(rows, encoding).matrix, "churned")
    gap_days = SETTINGS.label_policy.maturity_days
    one = train_target(taught, encoding=encoding, recipe=recipe, gap_days=gap_days)
    return Model(rows, one, encoding, name)


def make(rows: pd.DataFrame, probability: Floats, *, name: str, target: str = "churned") -> Model:
    """Give a model that was never trained and says these probabilities of all rows."""
    taught = target_rows(rows, np.empty((len(rows), 0)), target)
    nothing: Any = SimpleNamespace(how="out of fold")
    one = TrainedTarget(
        target=target, propensity=nothing, evaluation=nothing, verdict=nothing,
        unseen=taught, probability=probability[taught.position], folds=None,
    )  # fmt: skip
    return Model(rows, _judged(one, one.probability), None, name)


def meet(
    challenger: Model,
    champion: Model | None,
    *,
    findings: Sequence[Finding] = (),
    also: Sequence[tuple[Model, Model]] = (),
) -> Answer:
    """Let a challenger meet the gate; the champion is that of the same rows, or of earlier dates.

    ``also`` holds what else the two bundles predict, challenger and champion.
    """
    pairs: list[tuple[Model, Model | None]] = [(challenger, champion), *also]
    if not all(mine.one.verdict.passed for mine, _ in pairs):
        return Answer(False, False, False, frozenset({"base_rate"}), frozenset({"base_rate"}))
    models, has_champion = [mine.one for mine, _ in pairs], champion is not None
    asked = ask_alone(
        models, challenger.rows, findings=findings, columns=list(challenger.rows.columns), settings=SETTINGS
    )
    words = _words(pairs)
    mine = _standing([mine for mine, _ in pairs])
    theirs = _standing([theirs for _, theirs in pairs]) if champion else None
    compared = judge(models, challenger=mine, champion=theirs, champion_words=words)
    criteria = ask_beside_champion(asked, champion_words=words, has_champion=has_champion, settings=SETTINGS)
    settled = settle(compared, criteria, is_new=True, has_champion=has_champion, policy=SETTINGS.gate)
    refused_by = refusing(criteria, has_champion=has_champion, policy=SETTINGS.gate)
    return Answer(
        kept=True, lower=compared.promoted, promoted=settled.promoted,
        failed=frozenset(one.name for one in criteria if one.answer == "fail"),
        refused_by=frozenset(one.name for one in refused_by),
    )  # fmt: skip


def is_leak_caught(rows: pd.DataFrame) -> tuple[bool, bool]:
    """Say whether the check refuses the table, and whether check or gate keep its model out."""
    findings = check_flat_table(rows, policy=SETTINGS.check)
    try:
        refuse_blocking(findings, settings=SETTINGS)
    except InputError:
        return True, True
    return False, "leakage" in meet(learn(rows, name="first"), None, findings=findings).refused_by


def _words(pairs: Sequence[tuple[Model, Model | None]]) -> dict[str, ChampionWords]:
    """Give what the champions say of the rows, as the product tells which of them were new to them."""
    told: dict[str, ChampionWords] = {}
    for mine, theirs in pairs:
        if theirs is None:
            continue
        last = theirs.rows["observation_date"].max() if "observation_date" in theirs.rows else None
        bundle: Any = SimpleNamespace(
            manifest={"data": {"last_date": None if last is None else last.date().isoformat()}},
            files={"unseen.json": pack_words([theirs.one])},
        )
        scorer: Any = SimpleNamespace(
            propensities={theirs.one.target: theirs.one.propensity}, encoding=theirs.encoding,
            settings=SETTINGS,
        )  # fmt: skip
        same_rows = mine.standing.data_fingerprint == theirs.standing.data_fingerprint
        told |= champion_words([mine.one], mine.rows, champion=bundle, scorer=scorer, same_rows=same_rows)
    return told


def _standing(models: Sequence[Model | None]) -> Standing:
    """Put the standings of one bundle's models into one."""
    standings = [model.standing for model in models if model is not None]
    log_loss = {target: value for one in standings for target, value in one.log_loss.items()}
    skill = {target: value for one in standings for target, value in one.skill.items()}
    return replace(standings[0], log_loss=log_loss, skill=skill)


def _judged(one: TrainedTarget, probability: Floats) -> TrainedTarget:
    """Judge other words of a model on the rows it had not seen."""
    unseen = one.unseen
    evaluation = evaluate(
        unseen.label, probability, unseen.groups,
        target=one.target, how=one.evaluation.how, dates=unseen.dates, seed=1,
    )  # fmt: skip
    verdict = beats_base_rate(evaluation, sure_from=SETTINGS.gate.few_events)
    return replace(one, probability=probability, evaluation=evaluation, verdict=verdict)
