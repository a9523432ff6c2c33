"""Use of the product: windows, trends against the own past, seats and limits."""

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest


def activity(*quantities):
    """What quantities of so many days and kinds add up to."""
    return sum(round(math.log2(1 + quantity) * 10_000) for quantity in quantities) / 10_000


def test_windows_hold_their_first_day_and_not_the_observation_date(maker):
    """The event t - k is inside k days, t - k - 1 and t are not; a level is per day."""
    offsets = (0, -1, -30, -31, -90, -91, -180, -181)
    cases = [{"usage": maker.events("day", n)} for n in offsets]
    assert maker.each("active_days_30d", *cases) == [0, 1, 1, 0, 0, 0, 0, 0]
    for days in (30, 90, 180):
        inside = [1 / days if -days <= n < 0 else 0 for n in offsets]
        assert maker.each(f"usage_{days}d", *cases) == inside


def test_a_row_without_a_quantity_is_one_use_and_a_zero_is_none(maker):
    usage = [*maker.events("day", -1, quantity=None), *maker.events("day", -2, quantity=0.0)]
    usage += maker.events("day", -3, quantity=2.5)
    (row,) = maker.look(usage=usage).to_dict("records")
    assert (row["usage_30d"], row["active_days_30d"]) == (activity(1, 2.5) / 30, 2)
    assert row["days_since_last_use"] == 1


def test_quantities_of_a_day_add_up_within_their_kind_alone(maker):
    """However a kind is exported: one row of four, or four rows of one; and calls do not drown people."""
    whole = maker.events("day", -1, event="login", quantity=4.0)
    split = maker.events("day", -1, -1, -1, -1, event="login", quantity=1.0)
    mixed = whole + maker.events("day", -1, event="call", quantity=10_000.0)
    found = maker.each("usage_30d", *({"usage": rows} for rows in (whole, split, mixed)))
    assert found == [activity(4) / 30, activity(4) / 30, activity(4, 10_000) / 30]


def test_silence_is_zero_use_and_the_last_use_is_found_however_long_ago(maker):
    cases = [{"usage": maker.events("day", -390, 0)}, {}, {"usage": maker.events("day", 0)}]
    assert maker.each("days_since_last_use", *cases) == [390, None, None]
    assert maker.each("active_days_30d", *cases) == [0, 0, 0]


def test_trend_is_zero_when_nothing_changed_negative_when_use_falls_and_bounded(maker):
    steady = maker.events("day", *range(-180, 0))
    halved = [row for row in steady if row["day"] < maker.day(-30) or row["day"].toordinal() % 2]
    edges = [maker.events("day", n) for n in (-1, -30, -31, -120, -121)]
    found = maker.each("usage_trend_30d", *({"usage": rows} for rows in (steady, halved, *edges)))
    assert found == [0, pytest.approx(math.log(0.5), abs=1e-6), 3.0, 3.0, -3.0, -3.0, None]
    assert maker.each("usage_trend_90d", {"usage": steady}, {"usage": edges[-2]}) == [0, -3.0]


def test_a_young_account_is_compared_with_the_days_it_lived(maker):
    cases = [
        {"subscriptions": [maker.contract(start=-n)], "usage": maker.events("day", *range(-n, 0))}
        for n in (60, 59)
    ]
    assert maker.each("usage_trend_30d", *cases) == [0, None]


def test_kinds_kept_are_those_of_30_days_among_those_of_180(maker):
    rows = [row for n, event in ((-30, "a"), (-31, "b"), (-180, "c"), (-181, "d"), (0, "e"))
            for row in maker.events("day", n, event=event)]  # fmt: skip
    gone = maker.events("day", -31, event="a")
    older = maker.events("day", -181, event="a")
    cases = [{"usage": one} for one in (rows, gone, older)]
    assert maker.each("kinds_kept_30d", *cases) == [round(1 / 3, 6), 0, None]
    assert maker.each("n_event_kinds_30d", *cases) == [1, 0, 0]


def test_the_users_trend_compares_users_per_day(maker):
    both = [row | {"user_id": user} for row in maker.events("day", *range(-120, 0)) for user in "uv"]
    fewer = [row for row in both if row["day"] < maker.day(-30) or row["user_id"] == "u"]
    edges = [maker.events("day", n, user_id="u") for n in (0, -1, -30, -31, -120, -121)]
    found = maker.each("users_trend_30d", *({"usage": rows} for rows in (both, fewer, *edges)))
    assert found == [0, pytest.approx(math.log(0.5), abs=1e-6), None, 3.0, 3.0, -3.0, -3.0, None]


def test_the_users_trend_is_of_the_people_counted_where_nobody_is_named(maker):
    steady = maker.events("day", *range(-120, 0), event="login", quantity=2.0)
    edges = [maker.events("day", n, event="login", quantity=2.0) for n in (-30, -31, -121)]
    machines = maker.events("day", -1, event="api", quantity=9.0)
    found = maker.each("users_trend_30d", *({"usage": rows} for rows in (steady, *edges, machines)))
    assert found == [0, 3.0, -3.0, None, None]


def seats(maker, n=4):
    return {"subscriptions": [maker.contract(seats=n)]}


def test_seat_utilisation_is_of_distinct_users_where_they_are_known(maker):
    """Use by nobody in particular leaves it unknown, no use makes it zero, no seats make it missing."""
    known = [row | {"user_id": user} for row in maker.events("day", -1, -2) for user in ("u", "v")]
    known += maker.events("day", -40, user_id="w")
    unnamed = maker.events("day", -1, user_id=None) + maker.events("day", -50, user_id="u")
    cases = [seats(maker) | {"usage": rows} for rows in (known, unnamed, known[-1:])]
    cases += [seats(maker, 0) | {"usage": known}]
    assert maker.each("seat_utilisation", *cases) == [0.5, None, 0, None]


def test_seat_utilisation_is_of_the_most_people_on_a_day_where_only_numbers_are_known(maker):
    people = maker.events("day", -1, -9, event="Login", quantity=3.0)
    machines = maker.events("day", -9, event="api", quantity=80.0)
    old = maker.events("day", -40, event="login", quantity=3.0)
    cases = [seats(maker) | {"usage": rows} for rows in (people + machines, machines, old)]
    assert maker.each("seat_utilisation", *cases) == [0.75, None, 0]


def test_the_limit_share_is_the_highest_of_30_days(maker):
    usage = [
        *maker.events("day", -2, quantity=8.0, limit=10.0),
        *maker.events("day", -3, quantity=1.0, limit=10.0),
        *maker.events("day", -31, quantity=10.0, limit=10.0),
        *maker.events("day", -4, quantity=5.0, limit=0.0),
    ]
    assert maker.each("usage_limit_share", {"usage": usage}) == [0.8]


def test_window_sums_are_those_of_counting_by_hand(maker):
    """Whatever the other dates: buckets are only a quicker way to the same sums."""
    chance = np.random.default_rng(5)
    offsets = {f"{n:02}": chance.integers(-420, 3, 30).tolist() for n in range(40)}
    dates = [maker.day(-n) for n in (200, 97, 30, 11, 0)]
    rows = maker.look(
        subscriptions=[maker.contract(name, start=-900) for name in offsets],
        usage=[row for name, n in offsets.items() for row in maker.events("day", *n, account_id=name)],
        dates=dates,
    ).set_index(["observation_date", "account_id"])
    for t in dates:
        for name, days in offsets.items():
            row = rows.loc[(pd.Timestamp(t), name)]
            ages = [(t - maker.day(n)).days for n in days]
            by_hand = [
                activity(*Counter(age for age in ages if 0 < age <= k).values()) / k for k in (30, 90, 180)
            ]
            assert row[["usage_30d", "usage_90d", "usage_180d"]].tolist() == by_hand
            assert row["active_days_30d"] == len({age for age in ages if 0 < age <= 30})
            assert row["days_since_last_use"] == min(age for age in ages if age > 0)
