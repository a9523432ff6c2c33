"""Limits on bundles, account by account, in a few classes."""

import numpy as np
import pytest

from standfast.decision.bundles import BUNDLES
from standfast.decision.capacity import Capacity
from standfast.decision.contact_limits import ContactLimits
from standfast.decision.guards import Guards
from standfast.decision.offer_limits import ALLOWED, LIMITS, limit_offers, personal_contacts
from standfast.decision.owner_limits import OwnerLimits
from standfast.decision.response import Response


def limited(scores, *, contact=None, capacity=None, guards=None):
    return limit_offers(
        scores, BUNDLES, contact=contact, contact_cap=np.full(len(scores), 6),
        capacity=capacity or Capacity(), guards=guards or Guards(), response=Response(),
    )  # fmt: skip


@pytest.fixture
def scores(make_book):
    return make_book(6)


def test_a_book_without_limits_has_none(scores):
    assert limited(scores) is None
    assert limited(scores.assign(poor_fit=False)) is None


def test_automated_messages_are_no_contacts():
    weights = personal_contacts(BUNDLES, response=Response())
    assert weights[[1, 2, 19]].tolist() == [0, 1, 10]


def test_bundles_beyond_the_contacts_left_are_forbidden_and_the_rest_is_not(scores):
    contact = ContactLimits(np.array([0.0, 1, 2, 3, 6, 9]), np.zeros(6, dtype=np.int64))
    found = limited(scores, contact=contact)
    weights = personal_contacts(BUNDLES, response=Response())
    allowed = found.allowed[found.of_account]
    assert allowed[0].all()
    for account, left in enumerate([5, 4, 3, 0, 0], start=1):
        assert (allowed[account] == (weights <= left)).all()


def test_an_owners_channels_limit_his_accounts_alone(scores):
    capacity = Capacity(limits={"Ada": OwnerLimits(channels=("call",))})
    found = limited(scores.assign(owner=["Ada", "Bo", None, "Ada", "Bo", "Cy"]), capacity=capacity)
    forbidden = (found.forbids != ALLOWED)[found.of_account].sum(axis=1)
    assert (forbidden > 0).tolist() == [True, False, False, True, False, False]
    assert found.of_account.max() == 1


def test_s6_a_poor_fit_gets_one_call_at_most(scores):
    found = limited(scores.assign(poor_fit=[True] * 2 + [False] * 4))
    offered = [BUNDLES[place] for place in np.flatnonzero(found.allowed[found.of_account[0]])]
    assert max(bundle.n_call for bundle in offered) == 1
    assert not any(bundle.n_in_person or bundle.n_email for bundle in offered)
    assert found.allowed[found.of_account[5]].all()
    assert limited(scores.assign(poor_fit=True), guards=Guards(deprioritise_poor_fit=False)) is None


def test_every_limit_is_worded():
    assert all(LIMITS)
