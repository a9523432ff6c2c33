"""U1: reasons add up to the calibrated log-odds, families share them out, changes add up to the change."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.propensity.model import fit_propensity
from standfast.propensity.reasons import Reason, Reasons, moves_between, total

FAMILIES = ("usage", "support", "commercial", "relationship", "product")
EFFECTS = st.floats(-20, 20)


@st.composite
def accounts(draw):
    numbers = draw(st.lists(st.integers(0, 12), unique=True, max_size=12))
    every = tuple(
        Reason(
            feature=f"label {i}",
            value=draw(st.none() | st.floats(-9, 9)),
            effect=draw(EFFECTS),
            family=FAMILIES[i % 5],
            peers=None,
            name=f"f{i}",
            unit="",
        )
        for i in numbers
    )
    return Reasons(draw(EFFECTS), every)


@given(accounts())
def test_families_part_the_reasons_and_with_the_base_add_up_to_the_log_odds(reasons):
    families = reasons.by_family()
    assert sorted(r.name for found in families.values() for r in found) == sorted(
        r.name for r in reasons.every
    )
    assert all(r.family == family for family, found in families.items() for r in found)
    sums = [total(found) for found in families.values()]
    assert reasons.base + sum(sums) == pytest.approx(reasons.log_odds, abs=1e-9)
    assert [abs(one) for one in sums] == sorted((abs(one) for one in sums), reverse=True)


@given(accounts(), accounts())
def test_changes_add_up_to_the_change_in_log_odds_whatever_was_known_then(then, now):
    moves = moves_between(then, now)
    assert moves.base + sum(m.change for m in moves.every) == pytest.approx(moves.change, abs=1e-9)
    assert moves.change == pytest.approx(now.log_odds - then.log_odds, abs=1e-9)
    assert {m.name for m in moves.every} == {r.name for r in (*then.every, *now.every)}
    sizes = [abs(m.change) for m in moves.every]
    assert sizes == sorted(sizes, reverse=True)


def test_a_feature_missing_then_and_known_now_has_both_effects():
    was = Reason("NPS", None, 0.4, "support", None, "nps", "")
    (move,) = moves_between(Reasons(-2, (was,)), Reasons(-2, (replace(was, value=9, effect=-0.1),))).every
    assert (move.then, move.now) == (None, 9)
    assert move.change == pytest.approx(-0.5)


@pytest.fixture(scope="module", params=["scorecard", "logistic", "blend", "bagged blend"])
def propensity(request, book, quick):
    """A model of each rung; the bounds of the ladder are moved, so that one book serves all."""
    bounds = {
        "scorecard": {"scorecard_below": 10_000},
        "logistic": {"logistic_below": 10_000},
        "blend": {},
        "bagged blend": {"n_bags": 2},
    }[request.param]
    fitted = fit_propensity(
        book.X, book.y, book.groups, encoding=book.encoding, recipe=replace(quick, **bounds)
    )
    assert fitted.rung == request.param.removeprefix("bagged ")
    return fitted


@given(seed=st.integers(0, 10_000), shift=st.floats(-3, 3))
def test_base_and_all_effects_add_up_to_the_calibrated_log_odds_on_every_rung(propensity, book, seed, shift):
    """Also with a correction of the level (decision 0023), for values never met, and for missing ones."""
    rng = np.random.default_rng(seed)
    X = book.X[rng.integers(0, len(book.X), 40)] * rng.choice([-1.0, 0.0, 1.0, 50.0], (40, book.X.shape[1]))
    categories = [f.kind == "category" for f in book.encoding.features]
    X[:, categories] = book.X[rng.integers(0, len(book.X), 40)][:, categories]
    X[rng.random(X.shape) < 0.1] = np.nan
    model = propensity.shifted(shift)
    base, effects = model.contributions(X)
    np.testing.assert_allclose(base + effects.sum(axis=1), model.log_odds(X), atol=1e-9, rtol=0)
