"""The champion, and those before it, on labels that matured after they had learned; whole and by segment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import logit

from standfast.adapters.artifacts import Bundle, load_bundle
from standfast.adapters.history import read_history
from standfast.errors import InputError, StateError
from standfast.features.encode import encode
from standfast.learning.aged import NOT_MEASURED, Measured
from standfast.learning.check import Check
from standfast.learning.observed_expected import learned_spread, spread_of_months
from standfast.learning.rivals import judge_rival
from standfast.learning.segment_levels import SegmentLevel, segment_levels
from standfast.pipelines.aged_models import MaturedRows
from standfast.pipelines.fitness import fitness_groups
from standfast.pipelines.monitored import MonitoredBook, account_codes, day_of
from standfast.pipelines.scoring import scorer_from
from standfast.propensity.aged import mean_with_error
from standfast.propensity.evaluation import Evaluation
from standfast.propensity.ladder import count_events
from standfast.propensity.metrics import row_losses, sort_rows
from standfast.propensity.noise import design_effect
from standfast.schema import TARGETS
from standfast.settings import Settings

MOST_SEGMENTS = 5
_REACH = 1.645
"""Standard errors from the middle to an end of the training's intervals, which cover 90 %."""


def matured_rows(book: MonitoredBook, evaluations: Mapping[str, Evaluation]) -> list[MaturedRows]:
    """Give, by model, what was said and what came since it learned; models without such rows are left out."""
    found = []
    for target, probability in book.probability.items():
        chosen = book.judged(target)
        if not chosen.any():
            continue
        rows = book.rows[chosen]
        found.append(
            MaturedRows(
                model=TARGETS[target],
                y=rows[target].to_numpy(dtype=np.float64),
                p=probability[chosen],
                account=account_codes(rows),
                day=day_of(rows),
                base_rate=book.scorer.propensities[target].base_rate,
                trained_auc=_trained_auc(evaluations.get(target)),
                spread=_spread(book, target),
            )
        )
    return found


def by_month(models: list[MaturedRows]) -> list[dict[str, Any]]:
    """Give what came and what was promised, by model and month."""
    return [
        {
            "model": one.model, "day": str(day), "n_rows": int(chosen.sum()),
            "observed": float(one.y[chosen].sum()), "expected": float(one.p[chosen].sum()),
        }
        for one in models
        for day in np.unique(one.day)
        for chosen in [one.day == day]
    ]  # fmt: skip


def judge_segments(book: MonitoredBook, settings: Settings) -> tuple[Check, ...]:
    """Give the segments in which more or fewer came than promised, and how many were too small to judge."""
    target, policy = book.scorer.explained, settings.monitor
    chosen = _newest(book, book.judged(target), policy.months)
    if not chosen.any():
        return ()
    rows = book.rows[chosen].reset_index(drop=True)
    y, p = rows[target].to_numpy(dtype=np.float64), book.probability[target][chosen]
    groups = fitness_groups(rows, book.observed, settings=settings)
    frame = pd.DataFrame({"y": y, "p": p, **{name: group.to_numpy() for name, group in groups.items()}})
    design = design_effect(sort_rows(y, p, account_codes(rows)))
    levels = segment_levels(frame, dimensions=tuple(groups), design=design, policy=policy)
    off = [one for one in levels if one.is_off]
    return (*(_of_segment(one, TARGETS[target]) for one in off[:MOST_SEGMENTS]), _of_segments(levels, policy))


def judge_rivals(book: MonitoredBook, settings: Settings) -> tuple[list[Check], list[str]]:
    """Give what champions of before would have said of the same labels, and which could not be asked."""
    models, target = Path(settings.paths.models), book.scorer.explained
    versions = _champions_before(book.scorer.version, models, most=settings.monitor.past_champions)
    checks, notes = [], []
    for version in versions:
        try:
            bundle = load_bundle(models, version)
            checks.append(_beside(bundle, book, target, len(versions), settings))
        except (StateError, InputError, KeyError) as problem:
            notes.append(f"{version}, a champion of before, could not be asked: {problem}")
    return [one for one in checks if one is not None], notes


def _beside(
    bundle: Bundle, book: MonitoredBook, target: str, n_rivals: int, settings: Settings
) -> Check | None:
    """Compare with a champion of before on labels that neither had learned from; None of another book."""
    last = bundle.manifest["data"]["last_date"]
    if bundle.manifest["book"]["fingerprint"] != book.scorer.fingerprint or last is None:
        return None
    rival = scorer_from(bundle, settings=settings)
    if target not in rival.propensities:
        return None
    new_from = settings.label_policy.new_from(pd.Timestamp(last))
    fresh = (book.rows["observation_date"] >= new_from).to_numpy(dtype=bool)
    chosen = book.judged(target) & fresh
    if not chosen.any():
        return None
    rows = book.rows[chosen].reset_index(drop=True)
    y, account = rows[target].to_numpy(dtype=np.float64), account_codes(rows)
    theirs = rival.propensities[target].probability(encode(rows, rival.encoding).matrix)
    gain = mean_with_error(row_losses(y, book.probability[target][chosen]) - row_losses(y, theirs), account)
    days = day_of(rows)
    return judge_rival(
        bundle.version, Measured(*gain), period=" to ".join(dict.fromkeys((str(days[0]), str(days[-1])))),
        n_rarer=count_events(y, account) if 0 < y.sum() < len(y) else 0,
        n_rivals=n_rivals, policy=settings.monitor,
    )  # fmt: skip


def _champions_before(version: str, models: Path, *, most: int) -> list[str]:
    """Name the champions before this one, the newest first."""
    history, named = read_history(models), [version]
    while len(named) <= most and (before := history.champion_before(named[-1])) and before not in named:
        named.append(before)
    return named[1 : most + 1]


def _trained_auc(evaluation: Evaluation | None) -> Measured:
    auc = evaluation.metrics.get("auc") if evaluation else None
    if auc is None or not 0 < auc.low <= auc.value <= auc.high < 1:
        return NOT_MEASURED
    return Measured(auc.value, float(logit(auc.high) - logit(auc.low)) / (2 * _REACH))


def _spread(book: MonitoredBook, target: str) -> float:
    """Give how far a month's true level may lie from what was promised, from the months learned from."""
    chosen = book.learned(target)
    days = book.day[chosen]
    frame = pd.DataFrame(
        {"y": book.rows.loc[chosen, target].to_numpy(dtype=np.float64), "p": book.probability[target][chosen]}
    )
    months = frame.groupby(days)[["y", "p"]].sum()
    return learned_spread(spread_of_months(months["y"], months["p"]), book.scorer.n_events[target])


def _newest(book: MonitoredBook, chosen: np.ndarray, n_months: int) -> np.ndarray:
    days = np.unique(book.day[chosen])
    return np.asarray(chosen & (book.day >= days[-n_months:][0])) if len(days) else chosen


def _of_segment(one: SegmentLevel, model: str) -> Check:
    return Check(
        kind="segments", about=f"{one.dimension}: {one.segment}", step="watch", value=one.drawn,
        sentence=f"{model}, {one.dimension} {one.segment}: {one.observed:,.0f} came where "
        f"{one.expected:,.1f} were promised; drawn to the book that is {one.drawn:.2f} times",
    )  # fmt: skip


def _of_segments(levels: tuple[SegmentLevel, ...], policy: Any) -> Check:
    judged = [one for one in levels if one.is_judged]
    off = sum(one.is_off for one in judged)
    small = len(levels) - len(judged)
    return Check(
        kind="segments", about="all others" if off else "all", step="nothing", is_judged=bool(judged),
        sentence=f"segments: {len(judged) - off} of {len(levels)} are like the book, within chance; "
        f"{small} are too small to judge (under {policy.least_events} events)",
    )  # fmt: skip
