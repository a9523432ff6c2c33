"""An input moved where it went beyond a normal month, and by a size that matters."""

import numpy as np
import pytest

from standfast.learning.drift import BLANK, LEARNED, MONTHS_BEFORE, MOVED, judge_drift, months_of
from standfast.learning.monitor_policy import MonitorPolicy

POLICY = MonitorPolicy()
N_MONTHS, N_ACCOUNTS = 20, 600


def as_it_is(matrix, month):
    return matrix


def make(*, change=as_it_is, weights=(0.5, 0.5), n_months=N_MONTHS, seed=0):
    rng = np.random.default_rng(seed)
    month = np.repeat(np.arange(n_months), N_ACCOUNTS)
    matrix = np.column_stack([rng.normal(size=len(month)), rng.integers(0, 4, len(month))]).astype(float)
    return months_of(
        change(matrix, month),
        month,
        days=[f"month {place}" for place in range(n_months)],
        names=["use", "plan"],
        is_ordered=[True, False],
        weights=weights,
    )


def newest(by):
    def change(matrix, month):
        last = month == month.max()
        matrix[last, 0] = by(matrix[last, 0])
        return matrix

    return change


def steps(months, **options):
    found, _ = judge_drift(months, learned=options.pop("learned", 14), policy=POLICY)
    return {(one.name, one.what, one.since): one.step for one in found}


def test_a_month_like_the_others_asks_for_nothing():
    assert set(steps(make()).values()) == {"nothing"}


def test_an_input_that_moves_is_found_against_the_month_before_and_what_was_learned_from():
    found = steps(make(change=newest(lambda use: use + 0.8)))
    assert found["use", MOVED, MONTHS_BEFORE] == found["use", MOVED, LEARNED] == "retrain"
    assert found["plan", MOVED, MONTHS_BEFORE] == "nothing"


def test_u4_a_column_that_turns_empty_is_found_by_its_blank_cells():
    found = steps(make(change=newest(lambda use: use * np.nan)))
    assert found["use", BLANK, MONTHS_BEFORE] == "retrain"
    assert ("use", MOVED, MONTHS_BEFORE) not in found, "nothing is left to compare"


def test_what_one_wobbling_month_would_hide_stands_out_against_several():
    def wobbling(matrix, month):
        common = np.random.default_rng(3).normal(0, 0.08, N_MONTHS)
        matrix[:, 0] += common[month] - common[-1] + 0.65 * (month == month.max())
        return matrix

    months = make(change=wobbling)
    found = {
        n: {
            (one.name, one.what, one.since): one
            for one in judge_drift(months, learned=14, policy=MonitorPolicy(months_before=n))[0]
        }["use", MOVED, MONTHS_BEFORE]
        for n in (1, 6)
    }
    assert (found[1].step, found[6].step) == ("watch", "retrain")
    assert found[6].bound < 0.8 * found[1].bound
    assert (found[1].n_before, found[6].n_before) == (1, 6)


def test_what_moves_most_is_watched_most_closely():
    """False alarms are shared half alike and half by weight, and add up to what the settings allow."""
    bounds = {
        weight: judge_drift(
            make(weights=(weight, 1 - weight)), learned=14, policy=MonitorPolicy(shift=0.001)
        )[0][0]
        for weight in (0.1, 0.9)
    }
    assert bounds[0.9].bound < bounds[0.1].bound


def test_what_moves_no_probability_is_only_watched():
    found = steps(make(change=newest(lambda use: use + 0.8), weights=(0.0, 1.0)))
    assert found["use", MOVED, MONTHS_BEFORE] == "watch"


def test_a_change_that_lasted_is_still_told_against_what_was_learned_from():
    def since_seven_months(matrix, month):
        matrix[month >= N_MONTHS - 7, 0] += 1.5
        return matrix

    found = steps(make(change=since_seven_months), learned=12)
    assert found["use", MOVED, MONTHS_BEFORE] == "nothing"
    assert found["use", MOVED, LEARNED] == "retrain"


def test_a_certain_but_small_change_is_no_reason_to_train():
    def the_same_but_a_little(matrix, month):
        matrix[:, 0] = np.tile(matrix[:N_ACCOUNTS, 0], N_MONTHS)
        matrix[month == month.max(), 0] += 0.05
        return matrix

    calm = make(change=the_same_but_a_little)
    assert steps(calm)["use", MOVED, MONTHS_BEFORE] == "nothing"


def test_too_few_past_months_judge_nothing_and_say_how_many_are_needed():
    found, untold = judge_drift(make(n_months=5), learned=2, policy=POLICY)
    assert not found
    assert "3 pairs of past months, and 6 are needed" in untold[0]


@pytest.mark.parametrize("n_inputs", [2, 40])
def test_false_alarms_stay_within_what_was_asked_for_however_many_inputs(n_inputs):
    alarms = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        month = np.repeat(np.arange(14), 100)
        matrix = rng.normal(size=(len(month), n_inputs)) + 0.3 * rng.normal(size=(14, n_inputs))[month]
        months = months_of(
            matrix, month, days=[str(m) for m in range(14)], names=[str(n) for n in range(n_inputs)],
            is_ordered=[True] * n_inputs, weights=[1 / n_inputs] * n_inputs,
        )  # fmt: skip
        alarms += any(
            one.step == "retrain"
            for one in judge_drift(months, learned=None, policy=MonitorPolicy(shift=0.001))[0]
        )
    assert alarms <= 4, "one in eighty is asked for; chance may make a few of forty books"
