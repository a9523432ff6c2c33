"""Every number that steers a fit, with its unit and its bounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from annotated_types import Ge, Gt, Interval, Le
from typing_extensions import Doc


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a propensity is fitted; the defaults suit books of a hundred to a few hundred thousand rows."""

    seed: Annotated[int, Ge(0), Doc("Seed of folds, bagging and bootstrap.")] = 1
    n_folds: Annotated[int, Ge(2), Le(20), Doc("Folds inside a fit, and outside it for flat tables.")] = 5
    n_folds_large: Annotated[int, Ge(2), Le(20), Doc("Folds where a table has large_rows or more.")] = 3
    large_rows: Annotated[int, Ge(1), Doc("Rows from which a table counts as large.")] = 20_000
    one_validation_rows: Annotated[
        int,
        Ge(1),
        Doc(
            "Rows from which a fit holds out one fold and not each in turn, and a table without dates is "
            "judged on one, too."
        ),
    ] = 100_000
    n_threads: Annotated[int, Ge(1), Doc("Threads of one LightGBM call.")] = 2
    n_jobs: Annotated[int, Ge(1), Doc("Folds fitted at the same time.")] = 2

    scorecard_below: Annotated[
        int, Ge(0), Doc("Fewer accounts of the rarer class than this: a scorecard (U6).")
    ] = 20
    logistic_below: Annotated[
        int, Ge(0), Doc("Fewer accounts of the rarer class than this: the logistic part alone (U6).")
    ] = 100

    max_categories: Annotated[int, Ge(2), Doc("Categories kept per column; rarer ones are pooled.")] = 255
    min_category_rows: Annotated[int, Ge(1), Doc("Rows a category needs for a value of its own.")] = 10
    n_knots: Annotated[int, Ge(2), Le(64), Doc("Knots per number in the logistic part.")] = 12
    ridge_strengths: Annotated[
        tuple[float, ...], Doc("Ridge penalties to choose from, in rows of prior knowledge.")
    ] = (0.3, 1.0, 3.0, 10.0, 30.0)
    max_coefficients: Annotated[
        int, Ge(10), Doc("Coefficients of the logistic part above which numbers get fewer knots.")
    ] = 1_500
    max_additive_rows: Annotated[int, Ge(1000), Doc("Rows the logistic part learns from at most.")] = 40_000

    n_leaves: Annotated[int, Ge(2), Le(256), Doc("Leaves per tree.")] = 15
    max_depth: Annotated[int, Ge(1), Le(12), Doc("Depth of a tree.")] = 5
    learning_rate: Annotated[float, Interval(gt=0, le=1), Doc("Step of one tree.")] = 0.03
    learning_rate_large: Annotated[
        float,
        Interval(gt=0, le=1),
        Doc("Step of one tree where a table has one_validation_rows or more: many rows need fewer trees."),
    ] = 0.06
    min_leaf_rows: Annotated[int, Ge(1), Doc("Rows in a leaf at least.")] = 10
    leaf_ridge: Annotated[float, Ge(0), Doc("L2 penalty on leaf values.")] = 2.0
    feature_share: Annotated[float, Interval(gt=0, le=1), Doc("Share of columns a tree may use.")] = 0.7
    row_share: Annotated[float, Interval(gt=0, le=1), Doc("Share of rows a tree is grown on.")] = 0.8
    max_trees: Annotated[int, Ge(1), Doc("Trees at most; early stopping usually ends before.")] = 600
    patience: Annotated[int, Ge(1), Doc("Trees without a gain after which growing stops.")] = 40
    n_bags: Annotated[int, Ge(1), Le(10), Doc("Tree models averaged in the final fit.")] = 1
    symmetric_rows: Annotated[
        int,
        Interval(ge=0, le=32_768),
        Doc(
            "Rows up to which symmetric trees are tried beside the others; 0: never. A book with events "
            "tries them only where this is written down."
        ),
    ] = 10_000
    symmetric_depth: Annotated[int, Ge(1), Le(8), Doc("Levels of a symmetric tree.")] = 4
    symmetric_rate: Annotated[float, Interval(gt=0, le=1), Doc("Step of one symmetric tree.")] = 0.025
    symmetric_trees: Annotated[
        int, Ge(1), Doc("Symmetric trees at most; their steps are short, so they are many.")
    ] = 1_200
    symmetric_ridge: Annotated[
        float, Gt(0), Doc("Rows' curvature that damps each step of a symmetric tree's cells.")
    ] = 3.0
    symmetric_steps: Annotated[
        int, Ge(1), Le(20), Doc("Newton steps to a symmetric tree's values; one is too short for rare cells.")
    ] = 5
    encoding_rows: Annotated[
        float, Gt(0), Doc("Rows at the base rate mixed into each category's rate before trees see it.")
    ] = 20.0

    blend_ridge: Annotated[
        float, Gt(0), Doc("Pull of the blend's weights to equal shares, in rows of prior knowledge.")
    ] = 2.0
    curve_pieces: Annotated[int, Ge(2), Le(20), Doc("Pieces of the calibration curve at most.")] = 8
    curve_pulls: Annotated[
        tuple[float, ...],
        Doc("Pulls of the curve's slopes to one to choose from, in rows of prior knowledge."),
    ] = (2.0, 10.0)
    interval_level: Annotated[float, Interval(gt=0, lt=1), Doc("Coverage of the intervals.")] = 0.9
    interval_bins: Annotated[int, Ge(1), Doc("Groups of like probability behind the intervals.")] = 20
    interval_events: Annotated[int, Ge(1), Doc("Events a group needs on average.")] = 15

    points: Annotated[
        Mapping[str, Mapping[str, float]],
        Doc(
            "A scorecard's own points, {churned = {tickets_open = 2, seats = -1}}: below zero, less of it is "
            "worse; 0 leaves a column out. They go before signals that are found, which get 1 each."
        ),
    ] = field(default_factory=dict)
    n_signals: Annotated[int, Ge(1), Le(10), Doc("Signals of a scorecard.")] = 5
    point_prior: Annotated[
        float, Gt(0), Doc("Standard deviation the log-odds worth of a scorecard point has beforehand.")
    ] = 0.3

    importance_rows: Annotated[int, Ge(1), Doc("Training rows that importances are averaged over.")] = 1_000


def recipe_for(recipe: Recipe, n_rows: int) -> Recipe:
    """Give the recipe of a fit of ``n_rows``: in a large table trees take longer steps."""
    if n_rows < recipe.one_validation_rows:
        return recipe
    return replace(recipe, learning_rate=recipe.learning_rate_large)


def inner_folds(recipe: Recipe, n_rows: int) -> int:
    """Folds a fit of ``n_rows`` uses: fewer where the table is large."""
    return recipe.n_folds_large if n_rows >= recipe.large_rows else recipe.n_folds
