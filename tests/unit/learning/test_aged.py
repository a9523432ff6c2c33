"""A model on labels that came after it learned: beyond chance and by a size that matters, or only watched."""

import pytest

from standfast.learning.aged import Aged, Measured, judge_aged
from standfast.learning.check import STEPS, Check, is_breach, worst_step
from standfast.learning.monitor_policy import MonitorPolicy
from standfast.learning.observed_expected import measure_level
from standfast.learning.rivals import judge_rival

POLICY = MonitorPolicy()
TRAINED = Measured(0.80, 0.09)


def aged(*, observed=60, expected=60.0, order=0.80, slope=1.0, loss=-0.02, n_rarer=60):
    return Aged(
        model="churn", period="2025-08-01", n_rows=1500, n_accounts=1500, n_events=observed, n_rarer=n_rarer,
        level=measure_level(observed, expected), order=Measured(order, 0.18), slope=Measured(slope, 0.1),
        loss=Measured(loss, 0.004),
    )  # fmt: skip


def steps(one):
    return {
        check.kind: check.step for check in judge_aged(one, trained_auc=TRAINED, n_periods=8, policy=POLICY)
    }


def test_a_model_that_is_what_it_was_asks_for_nothing():
    assert set(steps(aged()).values()) == {"nothing"}


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"observed": 120}, "level"),
        ({"observed": 20}, "level"),
        ({"order": 0.60}, "order"),
        ({"slope": 0.3}, "slope"),
        ({"loss": 0.02}, "loss"),
    ],
)
def test_each_figure_alone_may_ask_for_a_new_model(changed, kind):
    assert steps(aged(**changed)) == dict.fromkeys(("level", "order", "slope", "loss"), "nothing") | {
        kind: "retrain"
    }


@pytest.mark.parametrize(
    ("changed", "kind"), [({"observed": 90, "expected": 74.0}, "level"), ({"slope": 0.7}, "slope")]
)
def test_beyond_chance_but_small_is_watched_at_most(changed, kind):
    assert steps(aged(**changed))[kind] in {"nothing", "watch"}


def test_u6_few_events_judge_the_level_and_say_how_many_are_missing_for_the_rest():
    level, rest = judge_aged(aged(n_rarer=7), trained_auc=TRAINED, n_periods=8, policy=POLICY)
    assert level.is_judged
    assert not rest.is_judged
    assert "13 more are needed" in rest.sentence


def test_a_month_with_a_single_outcome_is_named():
    *_, rest = judge_aged(aged(n_rarer=0), trained_auc=TRAINED, n_periods=8, policy=POLICY)
    assert "only one outcome is met" in rest.sentence


def test_every_sentence_names_the_model_the_months_and_the_figure():
    for check in judge_aged(aged(observed=120), trained_auc=TRAINED, n_periods=8, policy=POLICY):
        assert check.sentence.startswith("churn, 2025-08-01: ")
        assert check.low <= check.value <= check.high


@pytest.mark.parametrize(("gain", "step"), [(0.02, "roll back"), (0.013, "watch"), (-0.01, "nothing")])
def test_rolling_back_needs_the_other_to_be_surely_better(gain, step):
    found = judge_rival(
        "book-1", Measured(gain, 0.005), period="2025-08-01", n_rarer=50, n_rivals=1, policy=POLICY
    )
    assert found.step == step


def test_too_few_events_roll_nothing_back():
    found = judge_rival("book-1", Measured(1.0, 0.001), period="", n_rarer=3, n_rivals=1, policy=POLICY)
    assert (found.step, found.is_judged) == ("nothing", False)


def test_the_verdict_is_the_step_that_goes_furthest_and_two_of_them_are_breaches():
    checks = [Check(kind="level", about="churn", step=step, sentence="") for step in reversed(STEPS)]
    assert worst_step(checks) == "roll back"
    assert [is_breach(step) for step in STEPS] == [False, False, True, True]
