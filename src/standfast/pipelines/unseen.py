"""What a model says of rows it had not seen: of later dates, or of accounts in other folds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from standfast.adapters.memory import give_back
from standfast.features.encode import Encoding
from standfast.pipelines.target_rows import Floats, TargetRows
from standfast.propensity.evaluation import Evaluation, evaluate
from standfast.propensity.learning_curve import LearningCurve, Taught, learn_curve
from standfast.propensity.level import LevelCheck, check_level, fit_shift
from standfast.propensity.model import fit_propensity
from standfast.propensity.outer import out_of_fold_probability
from standfast.propensity.recipe import Recipe, inner_folds
from standfast.propensity.split import grouped_folds, time_split


@dataclass(frozen=True, eq=False)
class Judged:
    """What a model said of rows it had not seen, and how good that was.

    ``shift`` is the correction of the level that the newest labels ask for, where such corrections hold.
    """

    unseen: TargetRows
    probability: Floats
    evaluation: Evaluation
    folds: NDArray[np.int64] | None = None
    shift: float = 0.0
    notes: tuple[str, ...] = ()
    curve: LearningCurve | None = None


def judge_in_time(rows: TargetRows, *, encoding: Encoding, recipe: Recipe, gap_days: int) -> Judged | None:
    """Train on the older dates, judge on the newest; None where too few dates or classes allow it.

    The level is checked in between: a shift learned on dates after the first training dates is used where
    it lowers the log loss of the test dates beyond chance; the refitted model then takes the shift that the
    test dates ask for.
    """
    parts = _parted_in_time(rows, gap_days=gap_days)
    if parts is None:
        return None
    past, unseen = parts
    points = recipe.points.get(rows.target)
    fitted = fit_propensity(
        past.matrix, past.label, past.groups, encoding=encoding, recipe=recipe, signs=points
    )
    log_odds = fitted.log_odds(unseen.matrix, n_threads=recipe.n_threads)
    give_back()
    held = _level_that_held(past, unseen, log_odds, encoding=encoding, recipe=recipe, gap_days=gap_days)
    probability: Floats = expit(log_odds + held.shift if held else log_odds)
    evaluation = evaluate(
        unseen.label,
        probability,
        unseen.groups,
        dates=unseen.dates,
        seen=np.isin(unseen.groups, past.groups),
        target=rows.target,
        how="out of time",
        seed=recipe.seed,
    )
    curve = _curve(past, unseen, encoding=encoding, recipe=recipe)
    if held is None:
        return Judged(unseen, probability, evaluation, curve=curve)
    shift = fit_shift(log_odds, unseen.label)
    return Judged(unseen, probability, evaluation, shift=shift, notes=(held.sentence(shift),), curve=curve)


def _curve(
    past: TargetRows, unseen: TargetRows, *, encoding: Encoding, recipe: Recipe
) -> LearningCurve | None:
    taught, tested = (Taught(rows.matrix, rows.label, rows.groups) for rows in (past, unseen))
    return learn_curve(taught, tested, encoding=encoding, recipe=recipe)


def _parted_in_time(rows: TargetRows, *, gap_days: int) -> tuple[TargetRows, TargetRows] | None:
    """Give the rows of the older dates and of the newest; None where either lacks a class."""
    split = time_split(rows.dates, gap_days=gap_days) if rows.dates is not None else None
    if rows.dates is None or split is None:
        return None
    past = rows.take(rows.dates.isin(split.train_dates).to_numpy())
    later = rows.take(rows.dates.isin(split.test_dates).to_numpy())
    return (past, later) if past.has_both_classes and later.has_both_classes else None


def _level_that_held(
    past: TargetRows,
    unseen: TargetRows,
    log_odds: Floats,
    *,
    encoding: Encoding,
    recipe: Recipe,
    gap_days: int,
) -> LevelCheck | None:
    """Learn a shift on the newest of the past dates from a model of the older ones; try it on the test."""
    parts = _parted_in_time(past, gap_days=gap_days)
    if parts is None:
        return None
    older, later = parts
    if len(older.label) > recipe.one_validation_rows:
        older = _some_accounts(older, at_most=recipe.one_validation_rows)
    points = recipe.points.get(past.target)
    before = fit_propensity(
        older.matrix, older.label, older.groups, encoding=encoding, recipe=recipe, signs=points
    )
    shift = fit_shift(before.log_odds(later.matrix, n_threads=recipe.n_threads), later.label)
    level = check_level(
        log_odds, unseen.label, unseen.groups, shift=shift, period=_period(later), seed=recipe.seed
    )
    return level if level.held else None


def _some_accounts(rows: TargetRows, *, at_most: int) -> TargetRows:
    """Give evenly spaced accounts with all their rows: enough of them tell a level."""
    every = -(-len(rows.label) // at_most)
    return rows.take(rows.groups % every == 0)


def _period(rows: TargetRows) -> str:
    days = pd.Series(rows.dates).dt.strftime("%Y-%m-%d")
    return " to ".join(dict.fromkeys((days.min(), days.max())))


def judge_out_of_fold(rows: TargetRows, *, encoding: Encoding, recipe: Recipe, gap_days: int) -> Judged:
    """Judge each account by a model fitted on the others; in a large table, those of one fold alone."""
    if len(rows.label) >= recipe.one_validation_rows:
        return _judge_one_fold(rows, encoding=encoding, recipe=recipe, gap_days=gap_days)
    folds = grouped_folds(rows.label, rows.groups, inner_folds(recipe, len(rows.label)), recipe.seed)
    probability = out_of_fold_probability(
        rows.matrix,
        rows.label,
        rows.groups,
        encoding=encoding,
        recipe=recipe,
        folds=folds,
        signs=recipe.points.get(rows.target),
    )
    evaluation = evaluate(
        rows.label, probability, rows.groups, target=rows.target, how="out of fold", seed=recipe.seed
    )
    held = folds == folds.min()
    return Judged(
        rows, probability, evaluation, folds,
        notes=_too_young(rows, gap_days=gap_days),
        curve=_curve(rows.take(~held), rows.take(held), encoding=encoding, recipe=recipe),
    )  # fmt: skip


def _judge_one_fold(rows: TargetRows, *, encoding: Encoding, recipe: Recipe, gap_days: int) -> Judged:
    """Judge the accounts of one fold: that many say it as surely, in a third of the time."""
    held = grouped_folds(rows.label, rows.groups, recipe.n_folds, recipe.seed) == 0
    past, unseen = rows.take(~held), rows.take(held)
    fitted = fit_propensity(
        past.matrix, past.label, past.groups,
        encoding=encoding, recipe=recipe, signs=recipe.points.get(rows.target),
    )  # fmt: skip
    probability = fitted.probability(unseen.matrix, n_threads=recipe.n_threads)
    evaluation = evaluate(
        unseen.label, probability, unseen.groups, target=rows.target, how="out of fold", seed=recipe.seed
    )
    told = (
        f"judged on {len(unseen.label):,} rows of accounts that the judged model had not seen, one fold of "
        f"{recipe.n_folds}; a table of {recipe.one_validation_rows:,} rows ([model] one_validation_rows) "
        "needs no more"
    )
    return Judged(
        unseen, probability, evaluation, np.zeros(len(unseen.label), dtype=np.int64),
        notes=(*_too_young(rows, gap_days=gap_days), told),
        curve=_curve(past, unseen, encoding=encoding, recipe=recipe),
    )  # fmt: skip


def _too_young(rows: TargetRows, *, gap_days: int) -> tuple[str, ...]:
    """Say that a book with dates could not be judged in time, and what that takes."""
    if rows.dates is None:
        return ()
    n_dates = rows.dates.nunique()
    dates = "1 observation date leaves" if n_dates == 1 else f"{n_dates} observation dates leave"
    return (
        (
            f"judged out of fold, accounts kept together, and not out of time: {dates} none to test on "
            f"{gap_days} days (lead, horizon, allowed gap) after those trained on, with both outcomes on "
            "either side; more history will"
        ),
    )
