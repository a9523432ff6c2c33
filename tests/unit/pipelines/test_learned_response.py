"""Plans by what the holdout taught: the default where nothing was learned, and told where something was."""

import json
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from standfast.decision.response import Response, dose
from standfast.learning.response import LearnedResponse
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.sleepers import DROPPED, RELEASED, WIDENED
from standfast.pipelines.learned_response import learn_from, plan_by_learned
from standfast.pipelines.look_back import Past
from standfast.pipelines.plan import plan
from standfast.schema import ASSIGNMENT_COLUMNS, HOLDOUT
from standfast.settings import Settings

SETTINGS = Settings(learning=LearningPolicy(modifiers=()))
CALLS = (0, 3, 1, 0)


def drawn(n_accounts, *, effect, n_cycles=4, experiment=HOLDOUT, signs=0, seed=0):
    """What chance assigned, with a true effect; half of the accounts are held out."""
    random = np.random.default_rng(seed)
    n = n_accounts * n_cycles
    p, q = np.full(n, 0.2), np.full(n, 0.1)
    treated = random.random(n) < 0.5
    full = effect * treated * float(dose(CALLS, response=Response()))
    churned = random.random(n) < expit(logit(p) - full)
    grown = random.random(n) < expit(logit(q) + full)
    touches = dict(zip(("n_in_person", "n_call", "n_email", "n_digital"), CALLS, strict=True))
    days = pd.to_timedelta(np.repeat(np.arange(n_cycles), n_accounts) * 91, "D")
    return pd.DataFrame(index=range(n), columns=list(ASSIGNMENT_COLUMNS)).assign(
        experiment=experiment, cycle=pd.Timestamp("2024-01-01") + days, arm_probability=0.5,
        account_id=np.tile([f"a{number}" for number in range(n_accounts)], n_cycles),
        arm=np.where(treated, "planned", "held_out"), churn_probability=p, upsell_probability=q,
        is_matured=True, churned=churned, signs_of_sleep=signs,
        expanded=pd.array(np.where(churned, None, grown), dtype="boolean"), **touches,
    )  # fmt: skip


@pytest.fixture(scope="module")
def scores():
    random = np.random.default_rng(3)
    n = 120
    revenue = random.lognormal(10, 1, n)
    return pd.DataFrame(
        {
            "account_id": [f"A{number:03d}" for number in range(n)], "annual_revenue": revenue,
            "churn_probability": random.beta(1.5, 8, n), "upsell_probability": random.beta(1.5, 8, n),
            "upsell_value": 0.2 * revenue, "observation_date": "2025-01-01",
        }
    )  # fmt: skip


def planned(scores, learned, settings=SETTINGS):
    return plan(scores, settings=settings, hours=60, past=Past(learned=learned))


def test_nothing_drawn_leaves_the_plan_as_it_is(scores):
    """U5: with no evidence the default stands, byte for byte."""
    learned = learn_from(drawn(10, effect=0.5).iloc[:0], settings=SETTINGS)
    assert learned.is_default
    pd.testing.assert_frame_equal(planned(scores, learned).lines, planned(scores, None).lines)
    assert planned(scores, learned).summary.response is None


def test_a_plan_says_by_which_stage_it_was_made_and_what_that_moved(scores):
    learned = learn_from(drawn(3000, effect=0.0), settings=SETTINGS)
    made = planned(scores, learned)
    used = made.summary.response
    assert used.stage == "pooled effect"
    assert used.value_gained > 0
    assert used.hours_freed > 0
    assert any("response to outreach: pooled effect" in note for note in made.summary.notes)
    assert made.summary.hours_used < planned(scores, None).summary.hours_used


def test_the_default_that_stands_is_told_too(scores):
    """Too few rows: the plan is that of the default, and says that it is."""
    made = planned(scores, learn_from(drawn(10, effect=0.0), settings=SETTINGS))
    assert made.summary.response.stage == "default"
    assert any("response to outreach: default" in note for note in made.summary.notes)
    pd.testing.assert_frame_equal(made.lines, planned(scores, None).lines)


def test_what_was_learned_is_in_the_summary_that_the_ledger_keeps(scores):
    learned = learn_from(drawn(3000, effect=0.1), settings=SETTINGS)
    kept = json.loads(json.dumps(asdict(planned(scores, learned).summary), default=str))
    assert LearnedResponse.from_dict(kept["response"]["learned"]) == learned


def test_use_learned_false_plans_by_the_default(scores):
    learned = learn_from(drawn(3000, effect=0.0), settings=SETTINGS)
    still = replace(SETTINGS, learning=replace(SETTINGS.learning, use_learned=False))
    pd.testing.assert_frame_equal(planned(scores, learned, still).lines, planned(scores, None).lines)


def test_do_not_disturb_is_dropped_where_outreach_helps_the_accounts_it_spares(scores):
    learned = learn_from(drawn(1500, effect=0.6, experiment=RELEASED, signs=4), settings=SETTINGS)
    assert learned.sleepers.rule == DROPPED
    _, by = plan_by_learned(scores, learned, settings=SETTINGS)
    assert not by.guards.do_not_disturb


def test_do_not_disturb_is_widened_where_outreach_drives_their_neighbours_away(scores):
    learned = learn_from(drawn(1500, effect=-0.6, signs=3), settings=SETTINGS)
    assert learned.sleepers.rule == WIDENED
    _, by = plan_by_learned(scores, learned, settings=SETTINGS)
    assert by.guards.least_signs == 3


def test_do_not_disturb_is_kept_where_few_were_drawn(scores):
    learned = learn_from(drawn(4, effect=-0.6, signs=3), settings=SETTINGS)
    scored, by = plan_by_learned(scores, learned, settings=SETTINGS)
    assert (scored is scores, by) == (True, SETTINGS)
