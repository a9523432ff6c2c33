"""What the inputs and the scores of the newest month look like beside those of the months before."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy.special import logit

from standfast.features.catalogue import describe
from standfast.learning.check import STEPS, Check
from standfast.learning.drift import BLANK, Drift, Months, judge_drift, months_of
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.pipelines.monitored import MonitoredBook
from standfast.schema import TARGETS

_EDGE = 1e-9


def judge_inputs(
    book: MonitoredBook, *, policy: MonitorPolicy
) -> tuple[tuple[Check, ...], tuple[Drift, ...], tuple[str, ...]]:
    """Give what is to be said of inputs and scores, every distance, and what could not be compared."""
    inputs, scores = _inputs(book), _scores(book)
    learned = _learned_month(book, inputs.days)
    moved, untold = judge_drift(inputs, learned=learned, policy=policy)
    said, _ = judge_drift(scores, learned=learned, policy=policy, family="scores")
    checks = (*_of_inputs(moved, inputs, book), *(_of_scores(said)))
    return checks, (*moved, *said), untold


def _inputs(book: MonitoredBook) -> Months:
    features = book.scorer.encoding.features
    shares = [one.importances for one in book.scorer.propensities.values()]
    days, month = np.unique(book.day, return_inverse=True)
    return months_of(
        book.matrix,
        month,
        days=days.tolist(),
        names=[feature.name for feature in features],
        is_ordered=[feature.kind != "category" for feature in features],
        weights=np.max(shares, axis=0).tolist(),
    )


def _scores(book: MonitoredBook) -> Months:
    days, month = np.unique(book.day, return_inverse=True)
    said = np.column_stack([logit(p.clip(_EDGE, 1 - _EDGE)) for p in book.probability.values()])
    n_models = said.shape[1]
    names = [TARGETS[target] for target in book.probability]
    return months_of(
        said, month, days=days.tolist(), names=names, is_ordered=[True] * n_models, weights=[1.0] * n_models
    )


def _learned_month(book: MonitoredBook, days: Sequence[str]) -> int | None:
    """Give the place of the newest month that is not later than the newest one learned from."""
    known = [place for place, day in enumerate(days) if pd.Timestamp(day) <= book.learned_until]
    return known[-1] if known else None


def _of_inputs(moved: Sequence[Drift], inputs: Months, book: MonitoredBook) -> Iterator[Check]:
    """Give a check per input that moved, the furthest first, and one for all the others."""
    strange = _strangest(moved)
    names = {one.name for one in moved}
    for one in strange:
        label = describe(one.name, book.scorer.own).label
        yield _check("inputs", one, label, _sentence(one, label, inputs))
    calm = len(names) - len(strange)
    if names:
        yield Check(
            kind="inputs", about="all others" if strange else "all", step="nothing",
            sentence=f"inputs: {calm} of {len(names)} changed no more than in a normal month",
        )  # fmt: skip


def _of_scores(said: Sequence[Drift]) -> Iterator[Check]:
    for name in dict.fromkeys(one.name for one in said):
        one = max((d for d in said if d.name == name and d.what != BLANK), key=_strangeness)
        sentence = f"scores of {name}: {_moved(one)}"
        yield _check("scores", one, name, sentence)


def _strangest(moved: Sequence[Drift]) -> list[Drift]:
    """Give of each input that moved its strangest distance, the strangest first."""
    ordered = sorted((one for one in moved if one.step != "nothing"), key=_strangeness, reverse=True)
    return list({one.name: one for one in reversed(ordered)}.values())[::-1]


def _strangeness(one: Drift) -> tuple[int, float]:
    return STEPS.index(one.step), one.value / one.bound


def _check(kind: str, one: Drift, about: str, sentence: str) -> Check:
    return Check(
        kind=kind, about=about, step=one.step, sentence=sentence, value=one.value, threshold=one.bound,
        mend_first=one.what == BLANK and one.step == "retrain",
    )  # fmt: skip


def _sentence(one: Drift, label: str, inputs: Months) -> str:
    if one.what != BLANK:
        return f"{label}: {_moved(one)}{_unused(one)}"
    blank = inputs.profiles[inputs.names.index(one.name)].blank
    last = inputs.days.index(one.day)
    before = np.nanmean(blank[last + 1 - one.n_before : last + 1])
    mend = "; mend it at its source, or leave it out with [columns] ignore" if one.step == "retrain" else ""
    return (
        f"{label}: {blank[-1]:.0%} of cells are blank, {before:.0%} in {_since(one)}; such months "
        f"differ by {one.normal:.1%}, the bound is {one.bound:.1%}{_unused(one)}{mend}"
    )


def _moved(one: Drift) -> str:
    return (
        f"{one.value:.1%} of accounts lie elsewhere than in {_since(one)}; such months differ by "
        f"{one.normal:.1%}, the bound is {one.bound:.1%}"
    )


def _since(one: Drift) -> str:
    return f"{one.since} ({one.day if one.n_before == 1 else f'{one.n_before} until {one.day}'})"


def _unused(one: Drift) -> str:
    return f" (it moves {one.weight:.1%} of the probabilities)" if one.step == "watch" else ""
