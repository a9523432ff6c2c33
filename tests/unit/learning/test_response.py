"""Laws of the learned response: no evidence changes nothing, more evidence comes nearer to the truth."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from standfast.errors import InputError
from standfast.learning.response import LearnedResponse, account_effects, learn_response
from standfast.learning.response_design import Believed
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.response_rows import Doses
from standfast.schema import ASSIGNMENT_COLUMNS, HOLDOUT

BELIEVED = Believed(save_effect=0.5, expand_effect=0.5)
POLICY = LearningPolicy(modifiers=("seat_utilisation",), individual_rows=10**9)
DOSE = 0.6


def make_assignments(n_accounts, n_cycles, *, effects=(0.5, 0.5), turned=0.0, held=0.5, level=0.0, seed=0):
    """Rows whose truth is known; ``turned`` is what a standard deviation of seat use adds to the effect."""
    random = np.random.default_rng(seed)
    n = n_accounts * n_cycles
    p, q = expit(random.normal(-1.5, 0.7, (2, n)))
    seats = random.random(n)
    treated = random.random(n) >= held
    save = effects[0] + turned * (seats - 0.5) * np.sqrt(12)
    churned = random.random(n) < expit(logit(p) + level - save * DOSE * treated)
    expanded = random.random(n) < expit(logit(q) + level + effects[1] * DOSE * treated)
    return pd.DataFrame(index=range(n), columns=list(ASSIGNMENT_COLUMNS)).assign(
        experiment=HOLDOUT,
        cycle=pd.Timestamp("2024-01-01")
        + pd.to_timedelta(np.repeat(np.arange(n_cycles), n_accounts) * 91, "D"),
        account_id=np.tile([f"a{number}" for number in range(n_accounts)], n_cycles),
        arm=np.where(treated, "planned", "held_out"),
        arm_probability=np.where(treated, 1 - held, held),
        churn_probability=p,
        upsell_probability=q,
        is_matured=True,
        churned=churned,
        expanded=pd.array(np.where(churned, None, expanded), dtype="boolean"),
        seat_utilisation=seats,
        signs_of_sleep=0,
    )


def doses_of(frame, dose=DOSE):
    n = len(frame)
    slopes = np.zeros((n, 4))
    slopes[:, 1] = dose / 2
    return Doses(np.full(n, dose), np.zeros(n), slopes)


def learn(frame, policy=POLICY):
    return learn_response(frame, doses_of(frame), believed=BELIEVED, policy=policy)


def test_without_a_row_the_default_stands_exactly():
    """U5: nothing is learned from nothing."""
    learned = learn(make_assignments(10, 1).iloc[:0])
    assert learned.is_default
    assert (learned.save_effect, learned.expand_effect) == (0.5, 0.5)
    assert learned.channel_multipliers == (1.0, 1.0, 1.0, 1.0)
    assert "the default response stands" in " ".join(learned.sentences)


def test_too_few_rows_leave_the_default_and_say_how_many_are_needed():
    learned = learn(make_assignments(40, 4))
    assert learned.is_default
    assert "200 accounts x cycles" in " ".join(learned.sentences)


def test_infinite_shrinkage_leaves_the_default_exactly():
    still = replace(POLICY, effect_sd=0.0, modifier_sd=0.0, channel_sd=0.0)
    learned = learn(make_assignments(1500, 4, effects=(-1.0, -1.0)), still)
    assert learned.is_default
    assert (learned.save_effect, learned.expand_effect) == (0.5, 0.5)


def test_an_effect_that_is_not_there_is_found_to_be_none():
    """U5: with rows enough the belief goes to the truth, and its interval holds it."""
    learned = learn(make_assignments(3000, 6, effects=(0.0, 0.0)))
    assert learned.stage != "default"
    assert abs(learned.save_effect) < 2.5 * learned.error_of("save_effect")
    assert learned.save_effect < 0.15


def test_a_level_that_is_off_in_both_arms_is_no_effect_of_outreach():
    """The probabilities may all be too low; what differs between the arms is the effect."""
    learned = learn(make_assignments(3000, 4, level=0.3), replace(POLICY, level_sd=1.0))
    assert abs(learned.save_effect - 0.5) < 0.15


def test_who_gets_most_is_no_chance_and_teaches_nothing():
    """Where those with large doses leave more often than is believed, outreach did not drive them away."""
    frame = make_assignments(3000, 6, held=0.1)
    random = np.random.default_rng(1)
    large = random.random(len(frame)) < 0.5
    odds = logit(frame["churn_probability"]) + 0.4 * large
    treated = frame["arm"] == "planned"
    dose = np.where(large, 0.8, 0.3)
    churned = random.random(len(frame)) < expit(odds - 0.5 * dose * treated)
    frame = frame.assign(churned=churned, expanded=frame["expanded"].where(~churned))
    slopes = np.zeros((len(frame), 4))
    slopes[:, 1] = dose / 2
    doses = Doses(dose, np.zeros(len(frame)), slopes)
    policy = replace(POLICY, modifiers=(), confidence=0.01)
    learned = learn_response(frame, doses, believed=BELIEVED, policy=policy)
    assert learned.save_effect == pytest.approx(0.5, abs=0.25)
    blind = learn_response(frame, doses, believed=BELIEVED, policy=replace(policy, calibration_sd=0.0))
    assert blind.save_effect < learned.save_effect - 0.1


def test_of_books_where_the_default_is_right_few_are_ever_talked_out_of_it():
    """However often one looks: at odds of 1 / (1 - confidence) in so many of them at most (Ville)."""
    policy = replace(POLICY, modifiers=(), channel_sd=0.0, confidence=0.8, least_rows=50)
    books = [make_assignments(200, 6, seed=seed) for seed in range(12)]
    cycles = np.unique(books[0]["cycle"])
    ever = [
        any(not learn(book[book["cycle"] <= last], policy).is_default for last in cycles[1:])
        for book in books
    ]
    assert sum(ever) <= 0.2 * len(books)


def test_without_a_later_cycle_no_stage_can_be_judged():
    learned = learn(make_assignments(4000, 1, effects=(-1.0, -1.0)))
    assert learned.is_default
    assert "no later cycle has matured" in " ".join(learned.sentences)


def test_more_rows_come_nearer_to_the_truth():
    plain = replace(POLICY, modifiers=(), channel_sd=0.0, confidence=0.01)

    def off(n):
        rows = (make_assignments(n, 3, effects=(0.0, 0.0), seed=seed) for seed in range(4))
        return np.mean([abs(learn(one, plain).save_effect) for one in rows])

    assert off(100) > off(1000) > off(5000)


def test_a_modifier_is_taken_where_it_turns_the_effect_and_told():
    learned = learn(make_assignments(3000, 6, effects=(0.3, 0.3), turned=0.4))
    assert learned.stage in {"modifiers", "channel weights"}
    assert learned.modifiers[0].save > 0.2
    accounts = pd.DataFrame({"seat_utilisation": [0.0, 0.5, 1.0, None]})
    save, _ = account_effects(learned, accounts)
    assert save[0] < save[1] < save[2]
    assert save[3] == pytest.approx(learned.save_carried)
    assert any("seat_utilisation" in sentence for sentence in learned.sentences)


def test_a_stage_that_does_not_beat_the_one_before_is_not_taken():
    """What stands already is right, so nothing can beat it surely."""
    taken = [
        learn(make_assignments(400, 6, seed=s), replace(POLICY, confidence=0.9)).stage for s in range(12)
    ]
    assert taken.count("default") >= 9


def test_plans_go_no_further_from_the_default_than_the_evidence_carries():
    """An effect taken for too small empties a plan, so they use the near end of its interval."""
    frame = make_assignments(1500, 5, effects=(0.0, 0.0))
    bold, usual, timid = (learn(frame, replace(POLICY, carried=one)) for one in (0.0, 0.5, 0.99999))
    assert bold.save_carried == pytest.approx(bold.save_effect)
    assert bold.save_carried < usual.save_carried < timid.save_carried <= 0.5
    assert usual.save_effect == bold.save_effect
    assert "as far as the evidence carries" in " ".join(usual.sentences)


def test_revenue_is_refused_as_a_modifier():
    with pytest.raises(InputError, match="may not follow revenue"):
        LearningPolicy(modifiers=("seat_utilisation", "annual_revenue"))


def test_a_modifier_that_nobody_recorded_is_named():
    """U4: what is missing is said, not read as no effect."""
    learned = learn(make_assignments(100, 2), replace(POLICY, modifiers=("sponsor_engagement",)))
    assert any("sponsor_engagement cannot modify the response" in one for one in learned.sentences)


def test_what_was_learned_goes_through_json_and_comes_back():
    learned = learn(make_assignments(1500, 4, effects=(0.1, 0.1), turned=0.4))
    kept = json.loads(json.dumps(learned.to_dict()))
    assert LearnedResponse.from_dict(kept) == learned


def test_rows_of_other_experiments_or_not_matured_or_certain_teach_nothing():
    frame = make_assignments(300, 2)
    none = pd.concat(
        [
            frame.assign(experiment="calls against reviews"),
            frame.assign(is_matured=False, churned=None),
            frame.assign(arm="planned", arm_probability=1.0),
        ]
    )
    assert learn(none).n_rows == 0


@given(seed=st.integers(0, 1000))
def test_rows_in_another_order_teach_the_same(seed):
    frame = make_assignments(120, 3, effects=(0.0, 0.0))
    mixed = frame.sample(frac=1, random_state=seed)
    policy = replace(POLICY, least_rows=50)
    assert learn(mixed, policy) == learn(frame, policy)


def test_more_churn_among_those_contacted_lowers_the_effect():
    """Monotone: turning a stayer of the planned arm into a leaver never raises what is believed."""
    frame = make_assignments(600, 4, effects=(0.2, 0.2))
    stayers = frame.index[(frame["arm"] == "planned") & ~frame["churned"].astype(bool)]
    worse = frame.copy()
    worse.loc[stayers[:40], "churned"] = True
    worse.loc[stayers[:40], "expanded"] = pd.NA
    always = replace(POLICY, modifiers=(), channel_sd=0.0, confidence=0.01)
    before, after = learn(frame, always), learn(worse, always)
    assert after.save_effect < before.save_effect
