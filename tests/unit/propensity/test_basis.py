"""A table says exactly what the fitted coefficients said of the design."""

import numpy as np
import pytest

from standfast.features.encode import UNSEEN, Feature
from standfast.propensity.basis import learn_basis

RNG = np.random.default_rng(0)
NUMBER, PLAN = Feature("x", "number"), Feature("x", "category", ("a", "b", "c"))
COLUMNS = {
    "normal": (RNG.normal(size=300), NUMBER),
    "money": (RNG.lognormal(5, 2, 300), NUMBER),
    "few values": (RNG.integers(0, 4, 300).astype(float), NUMBER),
    "mostly zero": (np.where(RNG.random(300) < 0.95, 0.0, RNG.random(300)), NUMBER),
    "some missing": (np.where(RNG.random(300) < 0.2, np.nan, RNG.normal(size=300)), NUMBER),
    "constant with gaps": (np.where(RNG.random(300) < 0.2, np.nan, 1.0), NUMBER),
    "category": (RNG.integers(0, 3, 300).astype(float), PLAN),
    "category with gaps": (RNG.choice([np.nan, UNSEEN, 0.0, 1.0], 300), PLAN),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_table_and_design_agree_and_average_zero(name):
    column, feature = COLUMNS[name]
    basis = learn_basis(column, feature, n_knots=6, min_rows=10)
    weights = np.random.default_rng(1).normal(size=basis.width)
    on_rows = basis.collapse(weights).look_up(column)
    np.testing.assert_allclose(basis.design(column) @ weights, on_rows, atol=1e-9)
    assert on_rows.mean() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("column", "feature", "cell"),
    [
        (RNG.normal(size=50), NUMBER, np.nan),
        (np.zeros(50), PLAN, np.nan),
        (np.zeros(50), PLAN, UNSEEN),
        (np.zeros(50), PLAN, 2.0),
    ],
)
def test_what_training_never_met_is_neutral(column, feature, cell):
    basis = learn_basis(column, feature, n_knots=6, min_rows=10)
    assert basis.collapse(np.ones(basis.width)).look_up(np.array([cell]))[0] == 0


def test_rare_categories_share_one_value_with_unseen():
    column = np.r_[np.zeros(50), np.ones(6), np.full(6, 2.0)]
    basis = learn_basis(column, PLAN, n_knots=6, min_rows=10)
    table = basis.collapse(np.array([1.0, -1.0]))
    pooled = table.look_up(np.array([1.0, 2.0, UNSEEN]))
    assert (pooled == pooled[0]).all()
    assert pooled[0] < table.look_up(np.array([0.0]))[0]


@pytest.mark.parametrize("column", [np.full(20, 3.0), np.full(20, np.nan)])
def test_a_column_that_never_varies_has_no_coefficient(column):
    assert learn_basis(column, NUMBER, n_knots=6, min_rows=30).width == 0


@pytest.mark.parametrize(
    ("name", "n_knots", "n_lines"), [("normal", 6, 1), ("few values", 6, 1), ("money", 6, 2), ("money", 2, 1)]
)
def test_money_has_a_second_line_where_it_has_knots_to_bend_over(name, n_knots, n_lines):
    column, feature = COLUMNS[name]
    assert (~learn_basis(column, feature, n_knots=n_knots, min_rows=10).bends).sum() == n_lines


def test_without_its_bends_a_number_runs_straight():
    column, feature = COLUMNS["normal"]
    basis = learn_basis(column, feature, n_knots=6, min_rows=10)
    table = basis.collapse(np.where(basis.bends, 0.0, 1.0))
    slopes = np.diff(table.values) / np.diff(table.knots)
    np.testing.assert_allclose(slopes, slopes[0])


def test_a_category_never_bends():
    column, feature = COLUMNS["category"]
    assert not learn_basis(column, feature, n_knots=6, min_rows=10).bends.any()
