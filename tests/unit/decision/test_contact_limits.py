"""Contacts already made: what is left of the caps, and when the next one may come."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.contact_limits import contact_limits, contacts_left
from standfast.decision.guards import Guards
from standfast.decision.response import Response
from standfast.errors import InputError

START = pd.Timestamp("2026-03-01")


def touches(*days_ago_and_channel: tuple[int, str]) -> pd.DataFrame:
    days = [START - pd.Timedelta(days=ago) for ago, _ in days_ago_and_channel]
    return pd.DataFrame(
        {"account_id": "a", "day": days, "channel": [channel for _, channel in days_ago_and_channel]}
    )


def limits_of(made: pd.DataFrame, *, start: pd.Timestamp = START, **guards: int):
    found = contact_limits(
        pd.Series(["a"]), made, start=pd.Series([start]), guards=Guards(**guards), response=Response()
    )
    return found.n_recent.item(), found.wait_days.item()


@pytest.mark.parametrize(
    ("made", "n_recent", "wait_days"),
    [
        ([(29, "call")], 1, 0),
        ([(30, "call")], 0, 0),
        ([(1, "call")], 1, 6),
        ([(7, "call")], 1, 0),
        ([(10, "in_person"), (20, "call")], 3, 10),
        ([(10, "call"), (20, "visit")], 3, 10),
        ([(10, "call"), (12, "email"), (20, "call"), (28, "call")], 4, 10),
        ([(1, "digital"), (2, "Automated")], 0, 0),
        ([(0, "call"), (-3, "call")], 0, 0),
    ],
)
def test_a_contact_counts_for_thirty_days_and_a_visit_twice(made, n_recent, wait_days):
    """The next contact waits for the cooldown, and until fewer than three are younger than 30 days."""
    assert limits_of(touches(*made)) == (n_recent, wait_days)


def test_cap_and_cooldown_are_settings():
    made = touches((5, "call"), (25, "call"))
    assert limits_of(made, most_contacts_30d=2, cooldown_days=0) == (2, 5)
    assert limits_of(made, most_contacts_30d=9, cooldown_days=20) == (2, 15)


def test_without_a_start_the_plan_starts_after_the_newest_touch():
    assert limits_of(touches((3, "call")), start=pd.NaT) == (1, 6)


def test_touches_of_strangers_without_a_day_or_with_a_time_and_odd_ids_do_no_harm():
    ids = pd.Series(["=cmd", "a,b", "😀", "7"])
    made = pd.DataFrame(
        {
            "account_id": ["😀", "=cmd", "nobody", "a,b", 7],
            "day": ["2026-02-28T23:59", "2026-02-20", "2026-02-27", None, "2026-02-28"],
            "channel": ["call", None, "call", "call", "call"],
        }
    )
    found = contact_limits(ids, made, start=pd.Series([START] * 4), guards=Guards(), response=Response())
    assert found.n_recent.tolist() == [1, 0, 1, 1]
    assert found.wait_days.tolist() == [0, 0, 6, 6]


def test_touches_that_lack_a_column_are_named():
    with pytest.raises(InputError, match=r"lack columns \['channel'\]"):
        limits_of(touches((3, "call")).drop(columns="channel"))


def test_the_last_thirty_days_count_against_the_cap_and_never_below_nothing():
    found = contact_limits(
        pd.Series(["a"]), touches((20, "visit"), (21, "call")), start=pd.Series([START]), guards=Guards(),
        response=Response(),
    )  # fmt: skip
    assert [contacts_left(found, np.array([cap])).item() for cap in (10, 6, 3, 2)] == [7, 3, 0, 0]


CHANNELS = st.sampled_from(["call", "email", "in_person", "digital"])


@given(
    made=st.lists(st.tuples(st.integers(1, 60), CHANNELS), max_size=12),
    most=st.integers(1, 5),
    cooldown=st.integers(0, 20),
)
def test_on_the_day_the_wait_ends_and_not_before_both_rules_hold(made, most, cooldown):
    """Law: the day told is the first on which one contact more breaks neither cap nor cooldown."""
    _, told = limits_of(touches(*made) if made else touches((1, "digital")), most_contacts_30d=most,
                        cooldown_days=cooldown)  # fmt: skip
    personal = [(ago, 2 if channel == "in_person" else 1) for ago, channel in made if channel != "digital"]

    def may(days: int) -> bool:
        lately = sum(weight for ago, weight in personal if ago + days < 30)
        return lately < most and all(ago + days >= cooldown for ago, _ in personal)

    assert told == next(days for days in range(60) if may(days))
