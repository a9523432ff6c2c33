"""What owners do, and how much of it."""

import pytest

from standfast.decision.bundles import BUNDLES, Bundle
from standfast.decision.capacity import Capacity
from standfast.decision.owner_limits import OwnerLimits, channels_of, does, refuse_strangers
from standfast.errors import InputError


def test_skills_that_name_no_channel_limit_nobody():
    assert channels_of(["german", "japanese", "onboarding", "technical", ""]) == ()


def test_skills_that_name_a_channel_limit_to_the_channels_named():
    assert channels_of([" Phone", "E-Mails", "german"]) == ("call", "email")


@pytest.mark.parametrize(
    ("bundle", "channels", "expected"),
    [
        (Bundle(n_digital=3), ("call",), True),
        (Bundle(n_in_person=1), ("review", "call"), False),
        (Bundle(n_in_person=1, n_review=1), ("review",), True),
        (Bundle(n_in_person=2, n_review=1, n_call=1), ("in_person", "call"), True),
        (Bundle(n_call=1, n_email=1), ("call",), False),
    ],
)
def test_an_owner_makes_every_touch_of_a_bundle_or_none(bundle, channels, expected):
    assert does(bundle, channels) is expected


def test_without_channels_an_owner_does_everything():
    assert all(does(bundle, ()) for bundle in BUNDLES)


def test_an_owner_without_hours_is_named_with_the_nearest_that_has_some():
    with pytest.raises(
        InputError, match=r"names 'Adda', who is no owner with hours; the nearest .* is 'Ada'"
    ):
        refuse_strangers({"Adda": OwnerLimits(most_accounts=3)}, ["Ada", "Bo"])


@pytest.mark.parametrize(
    ("capacity", "message"),
    [
        (Capacity(most_accounts=5), "most_accounts = 5 limits each owner, but no owner has hours"),
        (Capacity(limits={"Ada": OwnerLimits(most_in_person=1)}), "names 'Ada', who is no owner with hours"),
    ],
)
def test_limits_of_owners_need_owners_with_hours(make_book, plan_book, capacity, message):
    with pytest.raises(InputError, match=message):
        plan_book(make_book(5), capacity=capacity)
