"""Level an owner's weeks."""

import numpy as np
import pandas as pd

from standfast.decision.levelling import level_days

WEEKS = np.repeat(np.arange(4), 5)


def touches(n, *, earliest=0, latest=19, minutes=60, owner=0):
    return pd.DataFrame(
        {"owner": owner, "earliest": earliest, "latest": latest, "minutes": minutes,
         "tie": [f"{place:03d}" for place in range(n)]}, index=range(n),
    )  # fmt: skip


def test_free_touches_fill_all_weeks_alike():
    days = level_days(touches(8), week_of_day=WEEKS, load=np.zeros((1, 20)))
    assert np.bincount(WEEKS[days]).tolist() == [2, 2, 2, 2]


def test_no_touch_leaves_its_window():
    asked = touches(6, earliest=[0, 3, 3, 7, 19, 0], latest=[0, 3, 9, 12, 19, 1])
    days = level_days(asked, week_of_day=WEEKS, load=np.zeros((1, 20)))
    assert ((days >= asked["earliest"]) & (days <= asked["latest"])).all()


def test_weeks_that_are_full_already_are_kept_clear():
    load = np.zeros((1, 20))
    load[0, :5] = 400
    days = level_days(touches(3), week_of_day=WEEKS, load=load)
    assert (WEEKS[days] > 0).all()


def test_owners_do_not_see_each_other():
    both = pd.concat([touches(4), touches(4, owner=1)], ignore_index=True)
    days = level_days(both, week_of_day=WEEKS, load=np.zeros((2, 20)))
    assert days[:4].tolist() == days[4:].tolist()


def test_a_short_week_gets_no_more_than_its_share():
    weeks = np.array([0, 1, 1, 1, 1, 1])
    days = level_days(touches(3, latest=5), week_of_day=weeks, load=np.zeros((1, 6)))
    assert (weeks[days] == 1).all()


def test_nothing_to_do_has_no_days():
    assert level_days(touches(0), week_of_day=WEEKS, load=np.zeros((1, 20))).tolist() == []
