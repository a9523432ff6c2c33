"""Fixed work comes first, in its hours, and is cut in a fixed order (C2, C3, C6, C7)."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.calendar_policy import ONBOARDING, ByValue, CalendarPolicy
from standfast.decision.capacity import Capacity
from standfast.decision.guards import CONTACTED, HELD_OUT, REASONS, UNTOUCHED, Guards
from standfast.decision.play_choice import merge_plays
from standfast.decision.plays import Play
from standfast.decision.recent_contact import fixed_contacts, with_last_touch, with_risk_alerts
from standfast.decision.response import Response
from standfast.errors import InputError
from standfast.schema import PLAN_COLUMNS, SCHEDULE_COLUMNS

START = pd.Timestamp("2026-01-01")
AMPLE = Capacity(hours=100_000)
ALL = CalendarPolicy(contract_share=1, alert_share=1, yearly_share=1, most_share=1)
BOOKS = st.tuples(st.integers(1, 60), st.integers(0, 500))
CELL = "{} risk, {} value"


def accounts(n: int = 1, *, cell: str = CELL.format("low", "high"), **columns: object) -> pd.DataFrame:
    """Placed accounts that are all alike."""
    return pd.DataFrame(
        {
            "account_id": [f"A{number:03d}" for number in range(n)],
            "observation_date": START,
            "churn_probability": 0.05,
            "upsell_probability": 0.05,
            "annual_revenue": 50_000.0,
            "upsell_value": 10_000.0,
            "cell": cell,
            **columns,
        }
    )


def days_from_start(days: int) -> pd.Timestamp:
    return START + pd.Timedelta(days=days)


def dated(scores: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The book with dates of every kind, some of them missing."""
    random = np.random.default_rng(seed)

    def some(low: int, high: int) -> pd.Series:
        days = pd.Series(random.integers(low, high, len(scores)), index=scores.index)
        return (START + pd.to_timedelta(days, unit="D")).where(random.random(len(scores)) < 0.7)

    owner = np.array(["Ada", "Bo", None], dtype=object)[random.integers(0, 3, len(scores))]
    return scores.assign(
        owner=owner, started_on=some(-120, 10), renews_on=some(0, 300), last_human_touch_on=some(-700, 0),
        alert_opened_on=some(-60, 1),
    )  # fmt: skip


def due_days(rows: pd.DataFrame) -> list[int]:
    return (rows["due_on"] - START).dt.days.tolist()


def test_without_dates_the_plan_is_the_same_to_the_byte(make_book, plan_book):
    scores = make_book(60)
    plan = plan_book(scores)
    assert plan.fixed.empty
    assert list(plan.fixed.columns) == list(SCHEDULE_COLUMNS)
    assert (plan.summary.hours_fixed, plan.summary.fixed) == (0.0, ())
    undated = plan_book(scores.assign(started_on=pd.NaT, renews_on=None), calendar=ALL)
    pd.testing.assert_frame_equal(plan.lines, undated.lines)


def test_a_renewal_has_its_steps_120_90_60_and_30_days_before_as_far_as_they_lie_ahead(plan_book):
    """C6, R3: a step on the first day of the horizon is in it, one on the day after its last is not."""
    scores = accounts(renews_on=days_from_start(120))
    rows = plan_book(scores, capacity=AMPLE, calendar=ALL).fixed
    assert due_days(rows) == [0, 30, 60]
    assert rows["minutes"].tolist() == [150, 150, 150]
    assert rows["channel"].tolist() == ["call", "review", "call"]
    assert rows["why"].iloc[1] == "renews on 2026-05-01: 90 days before"
    assert due_days(plan_book(accounts(renews_on=days_from_start(29)), capacity=AMPLE).fixed) == []


@pytest.mark.parametrize(("tier", "hours"), [("high", 10), ("medium", 2), ("low", 0)])
def test_the_hours_of_a_renewal_hang_on_the_value_tier(plan_book, tier, hours):
    scores = accounts(cell=CELL.format("low", tier), renews_on=days_from_start(120))
    rows = plan_book(scores, capacity=AMPLE, calendar=ALL, horizon_days=120).fixed
    assert rows["minutes"].sum() == hours * 60


def test_low_value_renewals_get_an_automated_notice_and_no_hours(plan_book):
    scores = accounts(cell=CELL.format("low", "low"), renews_on=days_from_start(40))
    plan = plan_book(scores, capacity=AMPLE)
    assert plan.fixed.empty
    assert any("automated notice" in note for note in plan.summary.notes)


def test_onboarding_starts_close_and_tapers(plan_book):
    """C6."""
    rows = plan_book(accounts(started_on=START), capacity=AMPLE, calendar=ALL).fixed
    assert rows["minutes"].sum() == 9 * 60
    for sessions in ONBOARDING.values():
        gaps = np.diff([0, *(session.day for session in sessions)])
        assert (np.diff(gaps) >= 0).all()
        assert (np.diff([session.weight for session in sessions]) <= 0).all()


def test_only_the_part_of_onboarding_that_lies_ahead_is_planned(plan_book):
    scores = accounts(started_on=days_from_start(-28))
    assert due_days(plan_book(scores, capacity=AMPLE, calendar=ALL).fixed) == [0, 14, 32, 57]
    assert plan_book(accounts(started_on=days_from_start(-100)), capacity=AMPLE).fixed.empty


def test_an_account_silent_for_a_year_gets_one_pooled_call(plan_book):
    """C3: the day before the horizon's end is within it, the end is not."""
    low = CELL.format("low", "low")
    last = [days_from_start(-365), days_from_start(-276), days_from_start(-275), days_from_start(-10)]
    scores = accounts(4, cell=low, last_human_touch_on=last)
    rows = plan_book(scores, capacity=AMPLE, calendar=ALL).fixed
    assert rows["account_id"].tolist() == ["A000", "A001"]
    assert due_days(rows) == [0, 89]
    assert set(rows["minutes"]) == {30}


def test_accounts_never_touched_are_spread_over_the_year_by_their_id(plan_book):
    """C3: the five horizons of a year reach each account once."""
    scores = accounts(400, cell=CELL.format("low", "low"), last_human_touch_on=pd.NaT)
    reached = [
        plan_book(scores, capacity=AMPLE, calendar=ALL, as_of=days_from_start(73 * k), horizon_days=73).fixed
        for k in range(5)
    ]
    ids = pd.concat(reached)["account_id"]
    assert ids.nunique() == 400
    assert all(50 <= len(rows) <= 110 for rows in reached)


def test_without_a_history_of_touches_no_yearly_calls_are_made_up(plan_book):
    plan = plan_book(accounts(50, cell=CELL.format("low", "low"), renews_on=pd.NaT), capacity=AMPLE)
    assert plan.fixed.empty
    assert any("past touches are not known" in note for note in plan.summary.notes)


def test_self_service_drops_the_yearly_call_keeps_the_alert_call_and_says_so(plan_book):
    """C3, C7."""
    scores = accounts(
        2,
        cell=CELL.format("low", "low"),
        last_human_touch_on=days_from_start(-500),
        alert_opened_on=[days_from_start(-3), pd.NaT],
    )
    plan = plan_book(scores, calendar=ALL, capacity=AMPLE, guards=Guards(self_service=True))
    assert plan.fixed[["account_id", "kind"]].to_numpy().tolist() == [["A000", "alert"]]
    told = [note for note in plan.summary.notes if "self_service" in note]
    assert told == [] if plan.lines["n_call"].iloc[1] else len(told) == 1


def test_a_risk_alert_gets_low_value_accounts_a_call_within_days(plan_book):
    """C7: an alert opened alert_days ago still counts, one a day older does not."""
    opened = [days_from_start(-30), days_from_start(-31), days_from_start(-1)]
    scores = accounts(3, cell=CELL.format("high", "low"), alert_opened_on=opened, alert_reason="use fell")
    rows = plan_book(scores, capacity=AMPLE, calendar=ALL).fixed
    assert sorted(rows["account_id"]) == ["A000", "A002"]
    assert due_days(rows) == [5, 5]
    assert rows["why"].iloc[0] == "alert opened on 2025-12-02: use fell"
    assert plan_book(accounts(alert_opened_on=START), capacity=AMPLE).fixed.empty  # high value: no routine


@settings(max_examples=12, deadline=None)
@given(book=BOOKS, hours=st.floats(0, 60), share=st.floats(0, 1))
def test_capacity_is_fixed_work_and_outreach_and_what_is_left_for_every_owner(
    make_book, plan_book, book, hours, share
):
    """C2."""
    scores = dated(make_book(book[0], seed=book[1]), book[1])
    plan = plan_book(scores, capacity=Capacity(hours=hours, owners={"Ada": hours * share}))
    assert list(plan.lines.columns) == list(PLAN_COLUMNS)
    assert list(plan.fixed.columns) == list(SCHEDULE_COLUMNS)
    for use in plan.summary.by_owner:
        assert use.left >= -1e-9
        assert use.fixed <= 0.6 * use.capacity + 1e-9
        mine = (
            plan.fixed["owner"].eq("Ada").to_numpy() if use.owner == "Ada" else plan.fixed["owner"].ne("Ada")
        )
        assert plan.fixed.loc[mine, "minutes"].sum() / 60 == pytest.approx(use.fixed)
    assert plan.fixed["minutes"].sum() / 60 == pytest.approx(plan.summary.hours_fixed)
    end = START + pd.Timedelta(days=90)
    assert plan.fixed["due_on"].between(START, end, inclusive="left").all()


@settings(max_examples=12, deadline=None)
@given(book=BOOKS, hours=st.floats(0, 60), more=st.floats(0, 30))
def test_more_hours_never_cut_more_contract_work_or_alert_calls(make_book, plan_book, book, hours, more):
    """C2."""
    scores = dated(make_book(book[0], seed=book[1]), book[1]).drop(columns="owner")

    def kept(given_hours: float) -> set[tuple[str, str]]:
        rows = plan_book(scores, capacity=Capacity(hours=given_hours)).fixed
        rows = rows[rows["kind"] != "yearly_call"]
        return set(zip(rows["account_id"], rows["why"], strict=True))

    assert kept(hours) <= kept(hours + more)


def test_cuts_take_yearly_calls_then_alert_calls_then_the_lower_tiers_and_save_last(plan_book):
    """C2: one touch of each sort, an hour each, and hours for one after the other."""
    soon = days_from_start(31)
    low = {"cell": CELL.format("low", "low")}
    parts = [
        accounts(cell=CELL.format("high", "high"), renews_on=soon).assign(account_id="save"),
        accounts(cell=CELL.format("low", "high"), renews_on=soon).assign(account_id="high"),
        accounts(cell=CELL.format("high", "medium"), renews_on=soon).assign(account_id="medium"),
        accounts(**low, alert_opened_on=START).assign(account_id="alert"),
        accounts(**low, last_human_touch_on=days_from_start(-400)).assign(account_id="yearly"),
    ]
    scores = pd.concat(parts, ignore_index=True)
    policy = replace(ALL, renewal_hours=ByValue(high=2, medium=2, low=0), renewal_days=(30,))
    minutes = [0, 119, 120, 240, 360, 390, 420]
    kept = [
        plan_book(scores, capacity=Capacity(hours=m / 60), calendar=policy).fixed["account_id"].tolist()
        for m in minutes
    ]
    assert [sorted(ids) for ids in kept] == [
        [], [], ["save"], ["high", "save"], ["high", "medium", "save"], ["alert", "high", "medium", "save"],
        ["alert", "high", "medium", "save", "yearly"],
    ]  # fmt: skip


def test_what_was_cut_is_told(plan_book):
    """C2."""
    plan = plan_book(accounts(5, renews_on=days_from_start(120)), capacity=Capacity(hours=5))
    assert "fixed work cut for lack of hours: 15 of 15 renewal steps, 38 hours" in plan.summary.notes
    (use,) = plan.summary.fixed
    assert (use.kind, use.n_touches, use.n_cut, use.hours_cut) == ("renewal", 0, 15, 37.5)


def test_held_out_accounts_get_contract_work_and_answers_to_alerts_and_suppressed_ones_nothing(plan_book):
    """U5: both arms of the comparison renew and are heard; calls of our own choosing are outreach."""
    low = CELL.format("medium", "low")
    scores = accounts(3, cell=low, started_on=START, last_human_touch_on=days_from_start(-500))
    scores["held_out"] = [True, False, False]
    scores["churned"] = [False, True, False]
    rows = plan_book(scores, capacity=AMPLE, calendar=ALL).fixed
    assert rows.groupby("account_id")["kind"].agg(list).to_dict() == {
        "A000": ["onboarding"], "A002": ["onboarding"],
    }  # fmt: skip
    alerted = plan_book(scores.assign(alert_opened_on=START), capacity=AMPLE, calendar=ALL).fixed
    assert sorted(alerted.loc[alerted["account_id"] == "A000", "kind"]) == ["alert", "onboarding"]
    assert set(alerted["account_id"]) == {"A000", "A002"}
    assert set(REASONS) - set(UNTOUCHED) == {REASONS[HELD_OUT], REASONS[CONTACTED]}


def test_why_mentions_fixed_work_in_one_clause(plan_book):
    plan = plan_book(accounts(2, renews_on=[days_from_start(120), pd.NaT]), capacity=AMPLE, calendar=ALL)
    assert plan.lines["why"].str.endswith("; fixed work: 3 renewal steps").tolist() == [True, False]


def test_rows_in_another_order_give_the_same_fixed_work(make_book, plan_book):
    scores = dated(make_book(80), 3)
    turned = scores.sample(frac=1, random_state=1)
    first, second = (plan_book(book, capacity=Capacity(hours=30)) for book in (scores, turned))
    pd.testing.assert_frame_equal(first.fixed, second.fixed)


@pytest.mark.parametrize("identifier", ["=cmd()", "a,b", "🙂", 7])
def test_odd_ids_keep_their_fixed_work(plan_book, identifier):
    rows = plan_book(
        accounts(account_id=[identifier], renews_on=START + pd.Timedelta(days=40)), capacity=AMPLE
    )
    assert rows.fixed["account_id"].tolist() == [identifier]


def test_fixed_contacts_count_per_account(plan_book):
    """The contact cap counts a review as two."""
    scores = accounts(2, renews_on=[days_from_start(120), pd.NaT])
    rows = plan_book(scores, capacity=AMPLE, calendar=ALL).fixed
    assert fixed_contacts(rows, scores["account_id"], response=Response()).tolist() == [4, 0]
    assert fixed_contacts(rows.iloc[:0], scores["account_id"], response=Response()).tolist() == [0, 0]


def test_recorded_touches_and_alerts_join_what_the_scores_know():
    scores = accounts(3, last_human_touch_on=[days_from_start(-9), days_from_start(-9), pd.NaT])
    made = pd.DataFrame(
        {
            "account_id": ["A000", "A001", "A002"],
            "day": ["2025-12-30", "2025-12-01", "2025-12-31"],
            "channel": ["Call", "call", "email"],
        }
    )
    known = with_last_touch(scores, made, human_channels=("call",))["last_human_touch_on"]
    assert (known - START).dt.days.fillna(1).tolist() == [-2, -9, 1]
    assert with_last_touch(scores, made.iloc[:0], human_channels=("call",)) is scores
    alerts = pd.DataFrame(
        {
            "account_id": ["A000", "A000", "A001"],
            "severity": ["risk", "risk", "watch"],
            "opened_on": ["2025-12-01", "2025-12-20", "2025-12-30"],
            "reason": ["old", "new", "watch"],
        }
    )
    told = with_risk_alerts(scores, alerts)
    assert told["alert_reason"].fillna("").tolist() == ["new", "", ""]
    assert told["alert_opened_on"].notna().tolist() == [True, False, False]


def test_renewal_days_must_fall():
    with pytest.raises(InputError, match=r"renewal_days = \[30, 60\] must fall"):
        CalendarPolicy(renewal_days=(30, 60))


def test_without_a_day_to_start_from_there_is_no_fixed_work_and_a_note(plan_book):
    undated = accounts(renews_on=days_from_start(40)).drop(columns="observation_date")
    plan = plan_book(undated, capacity=AMPLE)
    assert plan.fixed.empty
    assert any("give it with --as-of" in note for note in plan.summary.notes)
    assert len(plan_book(undated, capacity=AMPLE, as_of="2026-01-01").fixed) == 1


def test_the_minutes_of_a_teams_own_play_go_before_the_calendars(plan_book):
    """S1: guidance may take longer for one kind of account; its steps add up to the play's minutes."""
    long = Play("", "", "Guided start", "", (), kind="onboarding", minutes=601, where="industry == 'Retail'")
    scores = accounts(2, cell=CELL.format("low", "high"), started_on=START)
    scores["industry"] = ["Retail", "Finance"]
    rows = plan_book(scores, capacity=AMPLE, calendar=ALL, plays=merge_plays([long])).fixed
    taken = rows.groupby(["account_id", "play"])["minutes"].sum()
    assert taken.to_dict() == {("A000", "Guided start"): 601, ("A001", "Onboarding guidance"): 540}
