"""A1: alerts open on a change, close when it ends, and are not repeated."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.alert_policy import AlertPolicy
from standfast.decision.alerts import ALERT_COLUMNS, raise_alerts

POLICY = AlertPolicy()
NO = None


def spells(history, name, policy=POLICY):
    """The weeks in which alerts of a type opened and closed, None while open, by account and date."""
    frame = raise_alerts(history, policy=policy).frame
    frame = frame[frame["type"] == name].sort_values(["account_id", "opened_on"])
    first = pd.Timestamp("2025-01-02")
    weeks = frame[["opened_on", "closed_on"]].apply(lambda days: (days - first).dt.days / 7)
    return [(int(a), None if np.isnan(b) else int(b)) for a, b in weeks.itertuples(index=False)]


@pytest.mark.parametrize(
    ("tickets", "told"),
    [
        ([0, 3, 3, 2], [(1, 3)]),
        ([0, 2, 2, 2], []),
        ([0, 0, 0, 3], [(3, None)]),
        ([3, 3, 3, 3], []),
        ([3, 2, 3, 3], [(2, None)]),
        ([NO, 3, 3, 3], []),
        ([0, NO, 3, 3], [(2, None)]),
        ([0, 3, NO, 3, NO], [(1, None)]),
        ([0, 3, NO, 2], [(1, 3)]),
    ],
)
def test_an_alert_opens_on_a_change_that_was_seen_and_closes_when_it_ends(weekly, tickets, told):
    """A1, and U4: what is not known neither opens nor closes."""
    assert spells(weekly(tickets_30d=tickets), "tickets_many") == told


def test_the_same_alert_does_not_open_again_before_the_cooldown_is_over(weekly):
    """A1: closed in week 2, so week 4 is the first; a condition that still holds then is told."""
    history = weekly(tickets_30d=[0, 3, 0, 3, 3, 3, 0, 0, 3])
    assert spells(history, "tickets_many") == [(1, 2), (4, 6), (8, None)]
    no_cooldown = replace(POLICY, cooldown_days=0)
    assert spells(history, "tickets_many", no_cooldown) == [(1, 2), (3, 6), (8, None)]


def test_a_fall_of_usage_counts_when_two_weeks_running_are_past_it(weekly):
    """A2: -20 % is a watch; the bound itself counts; one bad week is none."""
    fall = np.round(np.log1p([0, -0.2, 0, -0.199, -0.2, -0.2, 0]), 6)
    assert spells(weekly(usage_trend_30d=fall), "usage_drop") == [(5, 6)]


def test_the_stronger_alert_replaces_the_weaker_one(weekly):
    """A2: -30 % after -20 % is one situation, and has one alert open."""
    history = weekly(usage_trend_30d=np.log1p([0, -0.25, -0.25, -0.4, -0.4, -0.4]))
    assert spells(history, "usage_drop") == [(2, 4)]
    assert spells(history, "usage_collapse") == [(4, None)]
    collapse_off = replace(POLICY, usage_collapse=replace(POLICY.usage_collapse, enabled=False))
    assert spells(history, "usage_drop", collapse_off) == [(2, None)]


def test_silence_of_a_champion_grows_from_watch_to_risk(weekly):
    """A2: 14 and 30 days."""
    history = weekly(days_since_sponsor_heard=[6, 13, 14, 29, 30, 37, 1])
    assert spells(history, "champion_quiet") == [(2, 4)]
    assert spells(history, "champion_silent") == [(4, 6)]


def test_seats_tell_red_below_half_and_room_to_grow_after_two_weeks_at_four_fifths(weekly):
    """A2: the bounds themselves are neither red nor too little."""
    assert spells(weekly(seat_utilisation=[0.6, 0.5, 0.49, 0.5]), "seats_unused") == [(2, 3)]
    assert spells(weekly(seat_utilisation=[0.6, 0.8, 0.8, 0.8, 0.79]), "seats_full") == [(3, 4)]


def test_an_invoice_counts_when_something_was_overdue_for_14_days(weekly):
    """A2."""
    history = weekly(invoices_overdue=[0, 1, 1, 0, 1, 2, 1])
    assert spells(history, "invoice_overdue") == [(6, None)]


def test_a_limit_has_three_steps(weekly):
    """A2: 80, 95 and 100 %."""
    history = weekly(usage_limit_share=[0.7, 0.8, 0.95, 1.0])
    named = raise_alerts(history, policy=POLICY).frame.set_index("type")["closed_on"].isna()
    assert named.to_dict() == {"limit_near": False, "limit_close": False, "limit_reached": True}


def test_a_power_user_is_among_the_top_tenth_of_the_date_for_four_weeks():
    """A2: ten accounts, so the most active one; five weeks after a week as everybody."""
    dates = pd.date_range("2025-01-02", periods=5, freq="7D")
    rows = [
        {"account_id": f"A{n}", "observation_date": day, "seats": 10.0, "usage_30d": 1.0 + n / 10}
        for n in range(10) for day in dates
    ]  # fmt: skip
    history = pd.DataFrame(rows)
    busy = (history["account_id"] == "A0") & (history["observation_date"] > dates[0])
    history.loc[busy, "usage_30d"] = 30.0
    frame = raise_alerts(history, policy=POLICY).frame
    assert frame[["account_id", "type", "reason"]].to_numpy().tolist() == [
        ["A0", "power_user", "more active per seat than all but 0 % of the accounts, four weeks running"]
    ]
    history.loc[busy & (history["observation_date"] == dates[-1]), "seats"] = 0
    assert raise_alerts(history, policy=POLICY).frame.empty, "without seats nobody can tell"


def test_alerts_of_an_account_that_has_left_are_closed_when_it_is_gone(weekly):
    """A1: nobody is called about an account that is no longer there."""
    left = weekly(tickets_30d=[0, 3, 3])
    history = pd.concat([left, weekly("B", tickets_30d=[0, 0, 0, 0, 0])])
    assert spells(history, "tickets_many") == [(1, 3)]


def test_what_is_not_known_and_what_was_so_before_is_counted(weekly):
    """U4: no alert is not the same as all is well."""
    history = pd.concat(
        [
            weekly("A", tickets_30d=[3, 3]),
            weekly("B", tickets_30d=[0, NO]),
            weekly("C", tickets_30d=[0, 4]),
            weekly("D", tickets_30d=[0, 0]),
        ]
    )
    state = raise_alerts(history, policy=POLICY).states["tickets_many"]
    assert (state.n_open, state.n_before, state.n_unknown) == (1, 1, 1)
    assert raise_alerts(history, policy=POLICY).states["escalations"].n_unknown == 4


def test_an_empty_history_has_no_alerts(weekly):
    raised = raise_alerts(weekly(tickets_30d=[0]).iloc[:0], policy=POLICY)
    assert raised.frame.empty
    assert list(raised.frame.columns) == list(ALERT_COLUMNS)


def test_with_every_type_switched_off_nothing_is_looked_for(weekly):
    none = replace(POLICY, **{n: replace(s, enabled=False) for n, s in POLICY.enabled.items()})
    raised = raise_alerts(weekly(tickets_30d=[0, 9]), policy=none)
    assert raised.open.empty
    assert raised.states == {}


MEASURES = {
    "usage_trend_30d": st.sampled_from([0.0, -0.3, -0.5]),
    "days_since_sponsor_heard": st.sampled_from([1.0, 20.0, 40.0]),
    "tickets_30d": st.sampled_from([0.0, 3.0]),
    "seats": st.sampled_from([0.0, 5.0]),
    "usage_30d": st.sampled_from([0.0, 1.0, 2.0]),
}


@st.composite
def histories(draw):
    """Up to four accounts over up to twelve weeks, with weeks and values missing."""
    rows = []
    for name in "ABCD"[: draw(st.integers(1, 4))]:
        for week in draw(st.sets(st.integers(0, 11), min_size=1)):
            values = {key: draw(st.none() | values) for key, values in MEASURES.items()}
            day = pd.Timestamp("2025-01-02") + pd.Timedelta(days=7 * week)
            rows.append({"account_id": name, "observation_date": day, **values})
    return pd.DataFrame(rows).astype(dict.fromkeys(MEASURES, "float64"))


@settings(max_examples=15, deadline=None)
@given(histories(), st.integers(0, 40), st.randoms(use_true_random=False))
def test_laws_of_alerts(history, cooldown_days, random):
    """A1: order of rows, one open at a time, cooldown; and the past is not rewritten by what came later."""
    policy = replace(POLICY, cooldown_days=cooldown_days)
    frame = raise_alerts(history, policy=policy).frame
    order = list(range(len(history)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(frame, raise_alerts(history.iloc[order], policy=policy).frame)
    for _, same in frame.sort_values("opened_on").groupby(["account_id", "type"]):
        closed, opened = same["closed_on"].iloc[:-1].tolist(), same["opened_on"].iloc[1:].tolist()
        assert not pd.isna(closed).any(), "only the last may be open"
        for end, begin in zip(closed, opened, strict=True):
            assert (begin - end).days >= cooldown_days
        assert ((same["closed_on"] > same["opened_on"]) | same["closed_on"].isna()).all()
    dates = sorted(history["observation_date"].unique())
    until = dates[len(dates) // 2]
    before = raise_alerts(history[history["observation_date"] <= until], policy=policy).frame
    known_then = frame[frame["opened_on"] <= until].reset_index(drop=True)
    known_then["closed_on"] = known_then["closed_on"].where(known_then["closed_on"] <= until)
    pd.testing.assert_frame_equal(before, known_then, check_dtype=False)
    # the conditions of open alerts are not known to have ended
    newest = history[history["observation_date"] == dates[-1]].set_index("account_id")
    still = raise_alerts(history, policy=policy).open
    tickets = still.loc[still["type"] == "tickets_many", "account_id"]
    assert not (newest.loc[tickets, "tickets_30d"] < 3).any()
