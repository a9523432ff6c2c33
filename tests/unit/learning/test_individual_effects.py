"""Effects account by account: of many randomised rows, after a win on newer ones, and then in the plan."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from standfast.learning.holdout import HELD_OUT
from standfast.learning.individual_effects import learn_individual
from standfast.learning.response import LearnedResponse, account_effects, learn_response
from standfast.learning.response_design import Believed
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import Doses
from standfast.pipelines.learned_response import plan_by_learned
from standfast.schema import ASSIGNMENT_COLUMNS, HOLDOUT
from standfast.settings import Settings

POLICY = LearningPolicy(modifiers=("seat_utilisation",))
DOSE, N_CYCLES = 0.8, 6


def make_rows(n_accounts, *, bent, seed=0):
    """Rows where outreach helps accounts of middling use and drives the others away, by ``bent``."""
    random = np.random.default_rng(seed)
    n = n_accounts * N_CYCLES
    p, seats = expit(random.normal(-1.2, 0.5, n)), random.random(n)
    treated = random.random(n) < 0.5
    effect = 0.5 + bent * np.where(np.abs(seats - 0.5) < 0.25, 1.0, -1.0)
    return pd.DataFrame(index=range(n), columns=list(ASSIGNMENT_COLUMNS)).assign(
        experiment=HOLDOUT,
        cycle=np.repeat(pd.date_range("2024-01-01", periods=N_CYCLES, freq="91D"), n_accounts),
        account_id=np.tile([f"a{number}" for number in range(n_accounts)], N_CYCLES),
        arm=np.where(treated, "planned", HELD_OUT),
        arm_probability=0.5,
        churn_probability=p,
        upsell_probability=0.1,
        is_matured=True,
        churned=random.random(n) < expit(logit(p) - effect * DOSE * treated),
        expanded=pd.array([None] * n, dtype="boolean"),
        seat_utilisation=seats,
        signs_of_sleep=0,
    )  # fmt: skip


def doses_of(rows):
    n = len(rows)
    return Doses(np.full(n, DOSE), np.zeros(n), np.zeros((n, 4)))


@pytest.fixture(scope="module")
def bent():
    rows = make_rows(3_000, bent=1.0)
    believed = Believed(save_effect=0.5, expand_effect=0.5)
    return learn_response(rows, doses_of(rows), believed=believed, policy=POLICY)


def test_where_effects_differ_account_by_account_they_are_taken_and_told(bent):
    assert bent.individual.is_taken
    assert any("individual effects win" in sentence for sentence in bent.sentences)
    accounts = pd.DataFrame(
        {"churn_probability": 0.25, "upsell_probability": 0.1, "seat_utilisation": [0.05, 0.5, 0.95]}
    )
    save, _ = account_effects(bent, accounts)
    assert save[1] > save[0] + 0.8
    assert save[1] > save[2] + 0.8


def test_plans_use_them_and_an_account_whose_risk_is_unknown_is_like_the_mean_one(bent):
    scores = pd.DataFrame(
        {
            "account_id": list("abc"), "churn_probability": [0.25, 0.25, None], "upsell_probability": 0.1,
            "seat_utilisation": [0.5, 0.05, 0.5],
        }
    )  # fmt: skip
    told, _ = plan_by_learned(scores, bent, settings=Settings())
    assert told["save_effect"][0] > told["save_effect"][1] + 0.8
    plain, _ = account_effects(replace(bent, individual_effects=None), scores)
    assert told["save_effect"][2] == pytest.approx(plain[2])


def test_the_learner_is_not_kept_and_its_verdict_is(bent):
    kept = LearnedResponse.from_dict(bent.to_dict())
    assert kept == bent
    assert kept.individual_effects is None


def test_where_effects_are_alike_nothing_is_taken():
    rows = make_rows(3_000, bent=0.0, seed=1)
    usual = np.full(len(rows), 0.5)
    verdict, effects = learn_individual(rows, doses_of(rows), usual, policy=POLICY)
    assert (verdict.is_taken, effects) == (False, None)
    assert "no sure win" in verdict.sentence


def test_below_ten_thousand_older_rows_nothing_is_tried():
    rows = make_rows(2_400, bent=1.0)
    verdict, effects = learn_individual(rows, doses_of(rows), np.full(len(rows), 0.5), policy=POLICY)
    assert (verdict.is_taken, effects) == (False, None)
    assert "9,600 randomised rows, 10,000 are needed" in verdict.sentence
