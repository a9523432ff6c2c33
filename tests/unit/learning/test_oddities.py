"""Bad input is counted, named, and handled as it says: nothing is read as what it is not."""

import pandas as pd
import pytest

from standfast.learning.oddities import (
    held_out_contacted,
    in_two_tests,
    months_missing,
    not_recorded,
    touched_before,
    without_a_plan,
)

CYCLE = pd.Timestamp("2026-01-05")


def drawn(**columns):
    base = {
        "experiment": "holdout", "account_id": ["a", "b"], "arm": ["held_out", "planned"], "owner": "ann",
        "cycle": CYCLE, "horizon_days": 90, "is_recorded": True,
    }  # fmt: skip
    return pd.DataFrame(base | columns)


def touches(**columns):
    base = {"account_id": ["a"], "day": CYCLE, "channel": "call", "play": None, "owner": "ann"}
    return pd.DataFrame(base | columns)


def test_an_account_in_two_tests_counts_in_the_first_alone():
    rows = drawn(
        experiment=["calls", "holdout"], account_id="a", cycle=[CYCLE + pd.Timedelta(days=89), CYCLE]
    )
    kept, (odd,) = in_two_tests(rows)
    assert kept["experiment"].tolist() == ["holdout"]
    assert odd.sentence == (
        "1 account was in an arm already when another test drew it, such as a; it counts in the first alone"
    )
    after = rows.assign(cycle=[CYCLE + pd.Timedelta(days=90), CYCLE])
    assert len(in_two_tests(after)[0]) == 2
    assert in_two_tests(after)[1] == []


def test_in_a_chain_of_tests_each_that_overlaps_one_before_is_left_out():
    cycles = [CYCLE + pd.Timedelta(days=days) for days in (0, 30, 100)]
    rows = drawn(
        experiment=["x", "y", "z"], account_id="a", arm="p", cycle=cycles, horizon_days=[120, 10, 90]
    )
    kept, (odd,) = in_two_tests(rows)
    assert (kept["experiment"].tolist(), odd.n) == (["x"], 1)


@pytest.mark.parametrize(
    ("touch", "is_contact"),
    [
        ({}, True),
        ({"channel": "email"}, True),
        ({"channel": "digital"}, False),
        ({"play": "Renewal call"}, False),
        ({"account_id": ["b"]}, False),
        ({"day": CYCLE - pd.Timedelta(days=1)}, False),
        ({"day": CYCLE + pd.Timedelta(days=89)}, True),
        ({"day": CYCLE + pd.Timedelta(days=90)}, False),
    ],
)
def test_a_held_out_account_is_contacted_by_a_person_and_not_by_fixed_work(touch, is_contact):
    odd = held_out_contacted(drawn(), touches(**touch), fixed_plays=["Renewal call"])
    assert [one.names for one in odd] == ([("a",)] if is_contact else [])
    if odd:
        assert odd[0].sentence.startswith(
            "1 held-out account was contacted all the same, such as a; it counts"
        )


def test_contacts_shortly_before_the_draw_are_told_and_counted_in_no_arm():
    days = [CYCLE - pd.Timedelta(days=days) for days in (31, 30, 1, 0)]
    told = [touched_before(drawn(), touches(day=day)) for day in days]
    assert [len(odd) for odd in told] == [0, 1, 1, 0]


def test_records_without_a_plan_are_named_and_compared_with_nothing():
    planned = pd.DataFrame({"account_id": ["a"], "first_planned_on": [CYCLE]})
    records = pd.DataFrame(
        {"account_id": ["a", "a", "z"], "day": [CYCLE, CYCLE - pd.Timedelta(days=1), CYCLE]}
    )
    (odd,) = without_a_plan(records, planned, what="outcomes")
    assert (odd.kind, odd.n, odd.names) == ("outcomes without a plan", 2, ("a", "z"))
    assert without_a_plan(records.iloc[:1], planned, what="outcomes") == []
    assert without_a_plan(records.iloc[:0], planned.iloc[:0], what="outcomes") == []


def test_a_month_in_which_an_owner_recorded_nothing_is_named():
    days = pd.to_datetime(["2026-01-20", "2026-03-31"])
    rows = touches(account_id=["z", "z"], day=days)
    (odd,) = months_missing(drawn(), rows, until="2026-04-05")
    assert (odd.n, odd.names) == (1, ("ann in 2026-02",))
    assert months_missing(drawn(), rows, until="2026-02-28") == [], "February is not over"
    (odd,) = months_missing(drawn(), rows.iloc[:1], until="2026-04-05")
    assert odd.n == 2
    assert months_missing(drawn(), rows.iloc[:0], until="2026-04-05") == [], "told as not recorded at all"
    assert months_missing(drawn().iloc[:0], rows, until="2026-04-05") == []


def test_owners_of_whom_nothing_is_recorded_are_named():
    (odd,) = not_recorded(drawn(is_recorded=[False, True], owner=["bob", "ann"]))
    assert (odd.n, odd.names) == (1, ("bob",))
    assert not_recorded(drawn()) == []
