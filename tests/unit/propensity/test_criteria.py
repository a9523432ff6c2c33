"""The gate's criteria on rows with known truth: what is sound passes, what is worse beyond chance fails."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from standfast.errors import InputError
from standfast.propensity.criteria import (
    Evidence,
    calibration_criteria,
    champion_criteria,
    forgive,
    rule_criteria,
)
from standfast.propensity.gate import refusing
from standfast.propensity.gate_policy import CRITERIA, GatePolicy
from standfast.propensity.groups import quality_by_group
from standfast.propensity.money import money_criterion, money_rules_criterion, segment_criterion

POLICY = GatePolicy(n_draws=100)


@pytest.fixture(scope="module")
def book():
    """Two dates of 1,500 accounts whose true probabilities are known to the model."""
    rng = np.random.default_rng(3)
    n = 1500
    z = np.tile(rng.normal(size=n), 2)
    truth = expit(-2.0 + 1.2 * z)
    return Evidence(
        model="churn",
        label=(rng.random(2 * n) < truth).astype(float),
        probability=truth,
        account=np.tile(np.arange(n), 2),
        date=np.repeat([0, 1], n),
        revenue=np.tile(rng.lognormal(9, 1, n), 2),
        silent_days=np.tile(rng.integers(0, 90, n).astype(float), 2),
        parts={"industry": np.tile(rng.choice(["Retail", "Media"], n).astype(object), 2)},
    )


def money_criteria(evidence, *, hours):
    return [ask(evidence, hours=hours, policy=POLICY) for ask in (money_criterion, money_rules_criterion)]


def answers(criteria):
    return {one.name: one.answer for one in criteria}


def test_true_probabilities_pass_what_needs_no_champion(book):
    told = calibration_criteria(book, policy=POLICY) + rule_criteria(book, policy=POLICY)
    assert answers(told) == dict.fromkeys(("level", "calibration", "recency", "revenue_list"), "pass")


def test_every_answer_has_a_sentence_and_an_interval_around_its_figure(book):
    rival = replace(book, champion=expit(logit(book.probability) * 0.5))
    for one in [*champion_criteria(rival, policy=POLICY), *rule_criteria(book, policy=POLICY)]:
        assert one.figure.low <= one.figure.value <= one.figure.high
        assert one.sentence
        assert one.question == CRITERIA[one.name]


def test_probabilities_twice_too_high_fail_level_and_calibration(book):
    twice = replace(book, probability=np.clip(book.probability * 2, 0, 0.99))
    told = calibration_criteria(twice, policy=POLICY)
    assert answers(told) == {"level": "fail", "calibration": "fail"}


def test_a_champion_that_is_further_off_forgives_a_level_that_is_off(book):
    off = replace(book, probability=np.clip(book.probability * 1.5, 0, 0.99))
    (level, _) = calibration_criteria(off, policy=POLICY)
    worse = replace(off, champion=np.clip(book.probability * 2, 0, 0.99))
    assert forgive(level, worse, policy=POLICY).answer == "pass"
    assert forgive(level, replace(off, champion=book.probability), policy=POLICY).answer == "fail"
    nowhere = replace(off, champion=np.full(len(off.label), np.nan))
    assert forgive(level, nowhere, policy=POLICY).answer == "cannot tell"


def test_a_worse_challenger_fails_against_the_champion_and_a_better_one_passes(book):
    rng = np.random.default_rng(1)
    blurred = expit(logit(book.probability) + rng.normal(0, 1.5, len(book.label)))
    worse = replace(book, probability=blurred, champion=book.probability)
    assert answers(champion_criteria(worse, policy=POLICY)) == {"log_loss": "fail", "auc": "fail"}
    better = replace(book, champion=blurred)
    assert answers(champion_criteria(better, policy=POLICY)) == {"log_loss": "pass", "auc": "pass"}


def test_a_tie_is_no_failure_and_no_sure_gain(book):
    loss, order = champion_criteria(replace(book, champion=book.probability), policy=POLICY)
    assert (loss.figure.value, order.figure.value) == (0, 0)
    assert loss.answer == order.answer == "pass"
    assert "no worse" in loss.sentence


def test_without_a_champion_nothing_is_held_against_the_challenger(book):
    told = [*champion_criteria(book, policy=POLICY), segment_criterion(book, policy=POLICY)]
    assert set(answers(told).values()) == {"cannot tell"}
    assert not refusing(told, has_champion=True, policy=POLICY)


def test_a_score_that_orders_worse_than_silence_fails_the_recency_rule(book):
    silent = replace(book, silent_days=book.probability, probability=book.probability[::-1].copy())
    assert answers(rule_criteria(silent, policy=POLICY))["recency"] == "fail"


def test_what_the_book_does_not_know_cannot_be_told(book):
    blind = replace(book, revenue=None, silent_days=None)
    told = [*rule_criteria(blind, policy=POLICY), *money_criteria(blind, hours=400)]
    assert set(answers(told).values()) == {"cannot tell"}


def test_the_true_order_reaches_no_less_money_than_rules_and_a_random_one_less_than_the_champion(book):
    own, rules = money_criteria(replace(book, champion=book.probability), hours=800)
    assert own.answer == "pass"
    assert own.figure.value == 0
    assert rules.answer in {"pass", "cannot tell"}
    upside_down = replace(book, probability=1 - book.probability, champion=book.probability)
    assert money_criteria(upside_down, hours=800)[0].answer == "fail"


@pytest.mark.parametrize(("hours", "said"), [(0, "no account"), (8 * 1500, "every order reaches all")])
def test_hours_that_reach_nobody_or_everybody_tell_no_list_from_another(book, hours, said):
    told = money_criteria(book, hours=hours)
    assert {one.answer for one in told} == {"cannot tell"}
    assert said in told[0].sentence


def test_one_industry_where_the_challenger_is_worse_fails_though_the_rest_is_better(book):
    media = book.parts["industry"] == "Media"
    flat = np.where(media, book.label.mean(), book.probability)
    worse = replace(book, probability=flat, champion=np.where(media, book.probability, book.label.mean()))
    told = segment_criterion(worse, policy=POLICY)
    assert told.answer == "fail"
    assert "industry Media" in told.sentence


def test_a_group_with_few_events_is_left_alone(book):
    few = replace(book, champion=book.probability)
    told = segment_criterion(few, policy=replace(POLICY, group_events=10_000))
    assert told.answer == "cannot tell"


def test_quality_by_group_counts_each_row_once(book):
    groups = quality_by_group(book, policy=POLICY)
    assert [one.group for one in groups] == ["industry Media", "industry Retail"]
    assert sum(one.n_rows for one in groups) == len(book.label)
    assert all(one.auc.low <= one.auc.value <= one.auc.high for one in groups)


def test_a_first_model_is_refused_on_fewer_grounds_than_a_challenger(book):
    twice = calibration_criteria(
        replace(book, probability=np.clip(book.probability * 2, 0, 0.99)), policy=POLICY
    )
    assert not refusing(twice, has_champion=False, policy=POLICY)
    assert len(refusing(twice, has_champion=True, policy=POLICY)) == 2


def test_a_criterion_that_there_is_not_is_named_with_those_there_are():
    with pytest.raises(InputError, match=r"names \['accuracy'\]; the criteria are base_rate, leakage"):
        GatePolicy(refuse_on=("accuracy",))
    with pytest.raises(InputError, match="a B must take no more than an A"):
        GatePolicy(grade_a_auc=0.6, grade_b_auc=0.7)
