"""The blend learns what each part is worth, and calibrates."""

import numpy as np
import pytest
from scipy.special import expit

from standfast.propensity.blend import Blend, fit_blend
from standfast.propensity.curve import Curve


def drawn(n=4000, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.normal(-1, 1.5, n)
    return rng, truth, (rng.random(n) < expit(truth)).astype(float)


def test_a_useless_part_gets_next_to_no_weight():
    rng, truth, y = drawn()
    blend = fit_blend((truth, rng.normal(size=len(y))), y, ridge=1.0)
    assert blend.weights[0] == pytest.approx(1, abs=0.1)
    assert blend.weights[1] < 0.1


def test_a_part_that_points_the_wrong_way_is_never_turned_round():
    _, truth, y = drawn()
    assert fit_blend((-truth,), y, ridge=1.0).weights == (0.0,)


def test_overconfident_log_odds_are_shrunk_back():
    _, truth, y = drawn()
    blend = fit_blend((2 * truth + 1,), y, ridge=1.0)
    assert blend.weights[0] == pytest.approx(0.5, abs=0.05)
    assert expit(blend.score((2 * truth + 1,))).mean() == pytest.approx(y.mean(), abs=1e-3)


def test_without_evidence_the_parts_share_equally():
    y = np.array([0.0, 1.0])
    assert fit_blend((np.zeros(2), np.zeros(2)), y, ridge=1.0).weights == pytest.approx((0.5, 0.5))


def test_json_gives_back_the_same_blend():
    blend = Blend(0.1, (0.2, 0.9))
    assert Blend.from_dict(blend.to_dict()) == blend


def test_a_shift_comes_after_the_curve():
    blend = Blend(0.1, (0.5,), Curve((-1.0, 1.0), (-3.0, 1.0)))
    part = (np.linspace(-3, 3, 7),)
    np.testing.assert_allclose(blend.shifted(0.2).score(part), blend.score(part) + 0.2)
    assert Blend.from_dict(blend.to_dict()) == blend
