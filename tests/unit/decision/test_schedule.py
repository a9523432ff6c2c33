"""The plan on the calendar."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.bundles import Channels
from standfast.decision.capacity import Capacity
from standfast.decision.schedule import SchedulePolicy, schedule_touches, working_days
from standfast.errors import InputError
from standfast.schema import SCHEDULE_COLUMNS


def schedule(lines, *, as_of="2026-01-01", horizon_days=90, policy=None, fixed=None, wait_days=None):
    return schedule_touches(
        lines, channels=Channels(), policy=policy or SchedulePolicy(), horizon_days=horizon_days, as_of=as_of,
        fixed=fixed, wait_days=wait_days,
    )  # fmt: skip


@pytest.fixture(scope="module")
def lines(make_book, plan_book):
    """A plan with plenty of hours, so that every kind of bundle is in it."""
    book = make_book(400, owner=[f"owner {place % 7}" for place in range(400)])
    return plan_book(book, capacity=Capacity(hours=900), as_of="2026-01-01").lines


def by_person(rows):
    return rows[rows["channel"] != "digital"].sort_values(["account_id", "due_on"])


def test_rows_have_exactly_the_columns_of_the_contract(lines):
    assert tuple(schedule(lines).columns) == SCHEDULE_COLUMNS


def test_the_minutes_of_an_account_are_the_hours_of_its_plan(lines):
    """C2: the list never asks for more than the plan."""
    minutes = schedule(lines).groupby("account_id")["minutes"].sum()
    hours = lines.set_index("account_id")["hours"]
    np.testing.assert_allclose(minutes.reindex(hours.index, fill_value=0) / 60, hours)


def test_every_touch_of_the_plan_is_there(lines):
    counts = schedule(lines)["channel"].replace("review", "in_person").value_counts()
    for channel in ("in_person", "call", "email", "digital"):
        assert counts.get(channel, 0) == lines[f"n_{channel}"].sum()


@settings(max_examples=12, deadline=None)
@given(
    start=st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)), horizon_days=st.integers(1, 400)
)
def test_all_days_are_working_days_of_the_horizon(lines, start, horizon_days):
    due = schedule(lines.assign(first_touch_by=pd.NaT), as_of=start, horizon_days=horizon_days)["due_on"]
    assert (due.dt.day_of_week < 5).all()
    assert due.min() >= pd.Timestamp(start)
    assert due.max() < pd.Timestamp(start) + pd.Timedelta(days=max(horizon_days, 3))


def test_the_first_contact_comes_by_its_promise(lines):
    first = by_person(schedule(lines)).groupby("account_id")["due_on"].min()
    promised = lines.set_index("account_id")["first_touch_by"].reindex(first.index)
    assert (first <= promised).all()


def test_contacts_of_an_account_keep_their_distance(lines):
    rows = by_person(schedule(lines))
    assert len(rows) > rows["account_id"].nunique(), "some accounts get several"
    between = rows.groupby("account_id")["due_on"].diff().dt.days.dropna()
    assert between.min() >= SchedulePolicy().least_days_between


def test_no_account_gets_more_than_three_contacts_in_thirty_days(lines):
    rows = by_person(schedule(lines))
    to_fourth = rows.groupby("account_id")["due_on"].diff(3).dt.days.dropna()
    assert len(to_fourth)
    assert to_fourth.min() >= 30


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_permuting_the_lines_changes_nothing(lines, seed):
    shuffled = lines.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(schedule(shuffled), schedule(lines))


def test_an_owner_is_levelled_apart_from_the_others(lines):
    alone = schedule(lines[lines["owner"] == "owner 3"])
    among = schedule(lines)
    pd.testing.assert_frame_equal(alone, among[among["owner"] == "owner 3"].reset_index(drop=True))


def test_weeks_are_levelled_as_far_as_promises_allow(lines):
    """An owner's fullest week among those where reviews may fall is not far above their mean."""
    rows = by_person(schedule(lines))
    later = rows[(rows["due_on"] >= "2026-02-16") & (rows["due_on"] < "2026-03-09")]
    weekly = later.groupby(["owner", later["due_on"].dt.to_period("W")])["minutes"].sum()
    assert (weekly.groupby("owner").max() / weekly.groupby("owner").mean()).median() < 1.2


def test_a_first_promise_on_a_weekend_moves_before_it():
    """Save: within 48 hours of Thursday, so on Friday at the latest."""
    lines = one_line(first_touch_by="2026-01-03")
    assert schedule(lines)["due_on"].min() <= pd.Timestamp("2026-01-02")


def test_a_promise_of_the_past_is_due_at_once():
    assert schedule(one_line(first_touch_by="2025-06-01"))["due_on"].min() == pd.Timestamp("2026-01-01")


def test_days_off_are_left_out():
    policy = SchedulePolicy(days_off=("2026-01-01", "2026-01-02"))
    due = schedule(one_line(first_touch_by="2026-01-06"), policy=policy)["due_on"]
    assert due.min() >= pd.Timestamp("2026-01-05")


def test_a_day_off_that_is_no_date_is_refused():
    with pytest.raises(InputError, match=r"days_off holds 'Christmas'.*YYYY-MM-DD"):
        SchedulePolicy(days_off=("Christmas",))


def test_a_horizon_too_short_spreads_what_it_can():
    due = schedule(one_line(first_touch_by="2026-01-05"), as_of="2026-01-05", horizon_days=5)["due_on"]
    assert due.is_monotonic_increasing
    assert due.max() <= pd.Timestamp("2026-01-09")


def test_a_horizon_of_a_weekend_has_the_monday_after_it():
    assert working_days(np.datetime64("2026-01-03"), 2).tolist() == [pd.Timestamp("2026-01-05").date()]


def test_without_a_date_the_order_stands_and_no_day():
    rows = schedule(one_line(first_touch_by=None), as_of=None)
    assert rows["due_on"].isna().all()
    assert rows["channel"].tolist() == ["call", "email", "review", "email"]


def test_fixed_work_is_appended_and_loads_its_week():
    fixed = pd.DataFrame(
        {"owner": ["Ann"], "account_id": ["R"], "due_on": ["2026-01-02"], "channel": ["call"],
         "minutes": [600], "play": ["Renewal"], "kind": ["renewal"], "why": ["renews soon"]}
    )  # fmt: skip
    rows = schedule(one_line(first_touch_by="2026-01-10"), fixed=fixed)
    assert rows["kind"].tolist().count("renewal") == 1
    assert rows.loc[rows["kind"] == "outreach", "due_on"].min() >= pd.Timestamp("2026-01-05")


def test_an_empty_plan_has_an_empty_schedule(lines):
    assert schedule(lines.iloc[:0]).empty


def one_line(*, first_touch_by):
    return pd.DataFrame(
        {"account_id": ["a"], "owner": ["Ann"], "cell": ["high risk, high value"],
         "play": ["Executive rescue"], "n_in_person": [1], "n_call": [1], "n_email": [2], "n_digital": [0],
         "hours": [260 / 60],
         "first_touch_by": pd.to_datetime([first_touch_by]), "why": ["likely to leave"]}
    )  # fmt: skip


def test_who_was_contacted_lately_waits():
    """A contact never comes before the day on which the account may be contacted again."""
    line = one_line(first_touch_by="2026-01-12")
    due = by_person(schedule(line, as_of="2026-01-01", wait_days=pd.Series([9])))["due_on"]
    assert due.min() == pd.Timestamp("2026-01-12")
