"""The verdict of the gate: what stands in the way of whom, and when a suspect column counts as a leak."""

from types import SimpleNamespace

import numpy as np
import pytest

from standfast.features.findings import Finding
from standfast.pipelines.gate import Asked, _leakage, ask_beside_champion, settle
from standfast.pipelines.judge import ChampionWords, Promotion
from standfast.propensity.criteria import Criterion, Evidence
from standfast.propensity.evaluation import Estimate
from standfast.propensity.gate_policy import CRITERIA, GatePolicy
from standfast.settings import build_settings

BETTER = Promotion(promoted=True, sentence="better than the champion")


def failing(name):
    return Criterion(name, "churn", "fail", "it is worse")


def settled(criteria, *, is_new=True, has_champion=True, **policy):
    return settle(BETTER, criteria, is_new=is_new, has_champion=has_champion, policy=GatePolicy(**policy))


@pytest.mark.parametrize("name", [name for name in CRITERIA if name != "base_rate"])
def test_a_challenger_that_fails_any_criterion_leaves_the_champion_in_place(name):
    told = settled([failing(name)])
    assert not told.promoted
    assert "the champion stays" in told.sentence
    assert "it is worse" in told.sentence


@pytest.mark.parametrize(
    ("name", "promoted"), [("level", True), ("calibration", True), ("leakage", False), ("recency", False)]
)
def test_a_first_model_is_refused_for_leaks_and_lost_rules_but_not_for_its_level(name, promoted):
    """U6: a small book's first model has wide margins; it is graded, not shut out."""
    assert settled([failing(name)], has_champion=False).promoted is promoted


def test_what_cannot_be_told_stands_in_nobody_s_way():
    assert settled([Criterion(name, "churn", "cannot tell", "") for name in CRITERIA]).promoted


def test_the_settings_say_which_criteria_stand_in_the_way():
    assert settled([failing("money")], refuse_on=("auc",)).promoted


def test_models_that_are_in_use_already_are_not_judged_again():
    assert settled([failing("calibration")], is_new=False).promoted


@pytest.mark.parametrize(("high", "promoted"), [(-0.001, True), (0.001, False)])
def test_where_certainty_is_asked_for_a_gain_within_chance_keeps_the_champion(high, promoted):
    loss = Criterion("log_loss", "churn", "pass", "", Estimate(-0.01, -0.02, high))
    assert settled([loss], needs_certainty=True).promoted is promoted
    assert settled([loss]).promoted


def suspicion(name, order, *, accept=()):
    finding = Finding(name=name, severity="warning", explanation="", column="status")
    one = SimpleNamespace(word="churn", evaluation=SimpleNamespace(metrics={"auc": Estimate(order, 0, 1)}))
    settings = build_settings({"check": {"accept": list(accept)}})
    return _leakage(one, [finding], ["status", "usage"], settings)


def test_a_leak_fails_and_a_suspect_only_where_the_model_is_too_good_to_be_true():
    assert suspicion("leak:status", 0.8).answer == "fail"
    assert suspicion("suspect:status", 0.98).answer == "fail"
    assert suspicion("suspect:status", 0.8).answer == "cannot tell"


def test_what_the_settings_accept_is_no_leak():
    assert suspicion("suspect:status", 0.98, accept=["suspect:status"]).answer == "pass"


@pytest.mark.parametrize(("is_new", "answer"), [(True, "fail"), (False, "cannot tell")])
def test_nothing_is_held_against_a_challenger_on_rows_of_which_the_champion_knew_a_part(is_new, answer):
    label = np.repeat([0.0, 1.0], 50)
    evidence = Evidence(
        model="expansion", label=label, probability=np.full(100, 0.5),
        account=np.arange(100), date=np.zeros(100, dtype=int),
    )  # fmt: skip
    asked = Asked(SimpleNamespace(target="expanded"), evidence, alone=())
    words = {"expanded": ChampionWords(0.1 + 0.8 * label, is_new)}
    told = ask_beside_champion([asked], champion_words=words, has_champion=True, settings=build_settings({}))
    answers = {one.name: one for one in told}
    assert (answers["log_loss"].answer, answers["auc"].answer) == (answer, answer)
    assert ("had learned a part" in answers["log_loss"].sentence) is not is_new
