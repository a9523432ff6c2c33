"""C1, C3: the bundles on offer, what they take, and where they are allowed."""

import numpy as np
import pytest

from standfast.decision.bundles import BUNDLES, Bundle, Channel, Channels, bundle_table, is_allowed
from standfast.decision.matrix import CELLS
from standfast.decision.response import Response, contacts
from standfast.errors import InputError

TABLE = bundle_table(channels=Channels(), response=Response(), hourly_cost=100.0)
SAVE, MAINTAIN = 0, 8


def test_there_are_twenty_bundles_from_nothing_to_saves_cap():
    sizes = contacts([bundle.counts for bundle in BUNDLES], response=Response())
    assert len(set(BUNDLES)) == len(BUNDLES) == 20
    assert not any(BUNDLES[0].counts)
    assert sizes.max() == CELLS[SAVE].contact_cap


def test_no_bundle_is_email_only():
    """C3: whoever gets e-mail gets a call or a visit too."""
    assert not any(bundle.is_email_only for bundle in BUNDLES)


def test_every_bundle_is_allowed_somewhere_and_nothing_everywhere():
    assert TABLE.allowed.any(axis=0).all()
    assert TABLE.allowed[:, 0].all()
    assert TABLE.allowed[:, 1].all()


def test_every_cell_allows_a_person_to_call():
    """C3: no cell is left to automated messages alone."""
    calls = np.array([bundle.n_call for bundle in BUNDLES])
    assert (TABLE.allowed & (calls > 0)).any(axis=1).all()


def test_no_cell_allows_more_contacts_than_its_cap():
    sizes = contacts([bundle.counts for bundle in BUNDLES], response=Response())
    caps = np.array([cell.contact_cap for cell in CELLS])
    assert (sizes <= caps[:, None])[TABLE.allowed].all()


def test_ceilings_fall_with_the_value_tier():
    assert TABLE.allowed[SAVE].sum() > TABLE.allowed[4].sum() > TABLE.allowed[MAINTAIN].sum()


def test_an_email_only_bundle_of_the_users_own_is_not_allowed_anywhere():
    """C3."""
    assert not any(is_allowed(Bundle(n_email=1), cell, response=Response()) for cell in CELLS)


def test_minutes_and_cost_match_the_sum_by_hand():
    """1 visit 240, 1 review 180, 3 calls 60, 3 e-mails 10: 630 minutes, 10.5 h x 100 + 150."""
    bundle = BUNDLES.index(Bundle(2, 1, 3, 3, 0))
    assert TABLE.minutes[SAVE, bundle] == 630
    assert TABLE.cost[SAVE, bundle] == pytest.approx(1200.0)


def test_a_call_is_shorter_in_the_low_value_tier():
    bundle = BUNDLES.index(Bundle(n_call=1, n_digital=3))
    assert TABLE.minutes[SAVE, bundle] == 60
    assert TABLE.minutes[MAINTAIN, bundle] == 30


def test_automated_messages_take_no_time():
    assert (TABLE.minutes[:, :2] == 0).all()


def test_a_review_is_an_in_person_touch():
    with pytest.raises(ValueError, match="review is an in-person touch"):
        Bundle(n_in_person=0, n_review=1)


def test_negative_counts_are_impossible():
    with pytest.raises(ValueError, match="0 or more"):
        Bundle(n_call=-1)


def test_the_first_bundle_must_be_nothing():
    with pytest.raises(ValueError, match="do nothing"):
        bundle_table((Bundle(n_call=1),), channels=Channels(), response=Response(), hourly_cost=1.0)


def test_calls_that_take_no_time_are_refused():
    with pytest.raises(InputError, match="'call' takes 0 minutes"):
        Channels(call=Channel(minutes=0))
