"""Accounts with effects of their own are planned by them; without such columns nothing changes."""

from dataclasses import replace

import numpy as np
import pytest

from standfast.decision.capacity import Capacity
from standfast.decision.guards import Guards, signs_of_sleep, sleeping_dogs
from standfast.decision.outreach import plan_outreach
from standfast.decision.plan_policy import PlanPolicy
from standfast.decision.response import Response

POLICY = PlanPolicy(capacity=Capacity(hours=60), guards=Guards(keep_bonus=0.0))


def same_plan(one, other):
    numbers = ["n_in_person", "n_call", "n_email", "n_digital"]
    assert (one.lines[numbers] == other.lines[numbers]).all(axis=None)
    np.testing.assert_allclose(one.lines["expected_value"], other.lines["expected_value"], rtol=1e-12)


@pytest.mark.parametrize("effect", [0.1, 0.5, 0.9])
def test_one_effect_for_all_is_the_same_as_a_response_with_it(make_book, effect):
    """U5: what was learned of everybody, told account by account, makes the plan of that response."""
    book = make_book(200)
    response = replace(Response(), save_effect=effect, expand_effect=effect)
    told = plan_outreach(book.assign(save_effect=effect, expand_effect=effect), policy=POLICY)
    meant = plan_outreach(book, policy=replace(POLICY, response=response))
    same_plan(told, meant)
    assert told.summary.sensitivity.value_at_twice_response == pytest.approx(
        meant.summary.sensitivity.value_at_twice_response
    )


def test_empty_effects_are_those_of_the_response(make_book):
    book = make_book(100)
    same_plan(plan_outreach(book.assign(save_effect=None), policy=POLICY), plan_outreach(book, policy=POLICY))


def test_accounts_that_outreach_drives_away_get_nothing(make_book):
    book = make_book(100)
    hurt = np.arange(100) % 2 == 0
    effects = np.where(hurt, -0.5, 0.5)
    lines = plan_outreach(book.assign(save_effect=effects, expand_effect=effects), policy=POLICY).lines
    assert (lines["hours"].to_numpy()[hurt] == 0).all()
    assert (lines["hours"].to_numpy()[~hurt] > 0).any()


def test_the_cautious_worth_believes_evidence_where_it_is_worse(make_book):
    """The conservative value stays at the save rate, unless what was learned keeps less."""
    book = make_book(100)
    usual = plan_outreach(book, policy=POLICY).lines
    strong = plan_outreach(book.assign(save_effect=0.9, expand_effect=0.5), policy=POLICY)
    weak = plan_outreach(book.assign(save_effect=0.0, expand_effect=2.0), policy=POLICY)
    rate = strong.summary.save_rate
    assert rate == 0.10
    assert strong.summary.conservative_value > 0
    planned = weak.lines["hours"] > 0
    assert planned.any()
    assert (weak.lines.loc[planned, "conservative_value"] < 0).all()
    assert usual["conservative_value"].notna().all()


def test_fewer_signs_of_sleep_spare_more_accounts_and_a_released_one_is_awake(make_book):
    book = make_book(60).assign(
        auto_renew=True, seat_utilisation=0.1, sponsor_engagement=np.arange(60) / 60, open_critical=0,
        risk_tier="low", value_tier="low",
    )  # fmt: skip
    four, three = Guards(), Guards(least_signs=3)
    assert set(signs_of_sleep(book, guards=four)) == {3, 4}
    assert sleeping_dogs(book, guards=four).sum() == 18
    assert sleeping_dogs(book, guards=three).all()
    assert not sleeping_dogs(book.assign(released=True), guards=three).any()
