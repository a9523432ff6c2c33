"""Who is asked about at a date is settled by what was known then."""

import pandas as pd
import pytest

from standfast.errors import InputError
from standfast.features.policy import ChurnPolicy, SnapshotPolicy
from standfast.features.snapshot import collect_snapshots
from standfast.features.standing import (
    ACTIVE,
    GONE,
    IN_GAP,
    IN_TRIAL,
    NOT_YET,
    TOO_YOUNG,
    standing,
)
from standfast.features.windows import observation_calendar


def stand(maker, *, gap=30, dates=None, tables, **churn):
    """Everything known of how accounts stand, one row per account and date."""
    policy = SnapshotPolicy(allowed_gap_days=gap, churn=ChurnPolicy(**churn))
    calendar = observation_calendar(dates or [maker.t])
    return collect_snapshots(standing(maker.book(**tables), calendar, policy=policy))


def states(maker, *cases, **policy):
    """The state of each of several lists of subscription rows; None where an account had not appeared."""
    rows = [{**row, "account_id": f"{number:03}"} for number, case in enumerate(cases) for row in case]
    found = stand(maker, tables={"subscriptions": rows}, **policy).set_index("account_id")["state"]
    return [found.get(f"{number:03}") for number in range(len(cases))]


def of_accounts(maker, accounts, *, dates=None, tables=None, **policy):
    """The states of a book with these accounts, in their order."""
    book = {"accounts": accounts} | (tables or {})
    found = stand(maker, tables=book, dates=dates, **policy).set_index("account_id")["state"]
    return [found.get(account["account_id"]) for account in accounts]


def test_active_is_started_on_or_before_and_ended_after(maker):
    spans = [[maker.contract(start=s, end=e)] for s, e in ((0, None), (1, None), (-9, 0), (-9, 1))]
    assert states(maker, *spans) == [ACTIVE, None, IN_GAP, ACTIVE]


@pytest.mark.parametrize("end", [-1, -10, -29])
def test_coming_back_later_changes_nothing_about_standing_in_a_gap(maker, end):
    """U2: at the date nobody knows who will return."""
    left = [maker.contract(end=end)]
    cases = [left, *([*left, maker.contract(start=back)] for back in (1, 29 + end, 200) if back > 0)]
    assert set(states(maker, *cases)) == {IN_GAP}


@pytest.mark.parametrize(("end", "state"), [(-29, IN_GAP), (-30, GONE), (-31, GONE)])
def test_a_gap_is_over_once_it_can_no_longer_be_bridged(maker, end, state):
    assert states(maker, [maker.contract(end=end)]) == [state]
    assert states(maker, [maker.contract(end=end)], gap=0) == [GONE]


def test_who_came_back_is_active_again_and_its_period_began_before_a_bridged_gap(maker):
    rows = [maker.contract(start=-90, end=-60), maker.contract(start=-40)]
    for gap, begun in ((30, -90), (10, -40)):
        (row,) = stand(maker, tables={"subscriptions": rows}, gap=gap).to_dict("records")
        assert row["state"] == ACTIVE
        assert row["period_started_on"].date() == maker.day(begun)
        assert row["first_started_on"].date() == maker.day(-90)


def test_only_trials_in_force_is_in_trial_by_flag_or_by_plan(maker):
    flag, plan = {"is_trial": True, "plan": "pro"}, {"is_trial": None, "plan": " Free Trial "}
    paid = maker.contract(is_trial=False, plan="pro")
    cases = [
        [maker.contract(start=-5, end=9, **flag)],
        [maker.contract(start=-5, end=9, **plan)],
        [maker.contract(start=-5, end=9, **flag), paid],
        [maker.contract(start=-90, end=-60, **flag)],
        [maker.contract(start=-90, end=-60, **flag), maker.contract(start=-60, is_trial=None, plan=None)],
        [maker.contract(start=-90, end=-60, is_trial=False, plan="pro"), maker.contract(start=-5, **flag)],
    ]
    assert states(maker, *cases) == [IN_TRIAL, IN_TRIAL, ACTIVE, NOT_YET, ACTIVE, IN_TRIAL]


def test_the_plans_that_are_trials_are_a_setting(maker):
    rows = [maker.contract(plan="Taster")]
    assert states(maker, rows) == [ACTIVE]
    assert states(maker, rows, trial_plans=("taster",)) == [IN_TRIAL]
    assert states(maker, [maker.contract(plan="trial")], trial_plans=()) == [ACTIVE]


def test_a_trial_does_not_start_tenure_though_the_account_was_signed_up_by_then(maker):
    rows = [maker.contract(start=-40, end=-10, is_trial=True), maker.contract(start=-10, is_trial=False)]
    for signed_up, since in ((-40, -10), (-20, -10), (-300, -300)):
        accounts = [{"account_id": "a", "started_on": maker.day(signed_up)}]
        (row,) = stand(maker, tables={"accounts": accounts, "subscriptions": rows}).to_dict("records")
        assert row["first_started_on"].date() == maker.day(since)


def test_too_young_is_a_tenure_below_the_least(maker):
    starts = [[maker.contract(start=start)] for start in (-59, -60, -61)]
    assert states(maker, *starts, min_tenure_days=60) == [TOO_YOUNG, ACTIVE, ACTIVE]
    assert states(maker, [maker.contract(start=0)]) == [ACTIVE]


def test_an_account_without_a_contract_counts_from_its_start(maker):
    accounts = [
        {"account_id": name, "started_on": maker.day(start)}
        for name, start in (("b", -1), ("c", 0), ("d", 1))
    ]
    assert of_accounts(maker, accounts) == [NOT_YET, NOT_YET, None]


def test_by_inactivity_active_is_activity_in_the_half_open_window_before(maker):
    accounts = [{"account_id": str(n)} for n in (-181, -180, -1, 0)]
    bought = [{"account_id": str(n), "issued_on": maker.day(n), "amount": 9.0} for n in (-181, -180, -1, 0)]
    found = of_accounts(maker, accounts, tables={"invoices": bought}, by="inactivity")
    assert found == [GONE, ACTIVE, ACTIVE, None]


def test_by_inactivity_tenure_runs_from_the_first_activity_or_an_earlier_start(maker):
    accounts = [
        {"account_id": "a", "started_on": None},
        {"account_id": "b", "started_on": maker.day(-60)},
        {"account_id": "c", "started_on": maker.day(-5)},
    ]
    bought = [row for name in "abc" for row in maker.events("issued_on", -50, -2, account_id=name)]
    tables = {"accounts": accounts, "invoices": bought}
    found = stand(maker, tables=tables, by="inactivity").sort_values("account_id")
    assert [(day.date() - maker.t).days for day in found["first_started_on"]] == [-50, -60, -50]
    young = stand(maker, tables=tables, by="inactivity", min_tenure_days=60)
    assert young["state"].tolist() == [TOO_YOUNG, ACTIVE, TOO_YOUNG]


def test_by_column_active_is_from_the_start_to_the_day_before_churn(maker):
    cases = ((0, None), (1, None), (-9, 0), (-9, 1))
    accounts = [
        {"account_id": str(n), "started_on": maker.day(start), "churned_on": maker.day(end)}
        for n, (start, end) in enumerate(cases)
    ]
    assert of_accounts(maker, accounts, by="column") == [ACTIVE, None, GONE, ACTIVE]


def test_by_column_without_a_start_an_account_begins_when_it_is_first_heard_of(maker):
    accounts = [{"account_id": str(n), "churned_on": None, "started_on": None} for n in (-1, 0)]
    events = {"usage": [{"account_id": str(n), "day": maker.day(n)} for n in (-1, 0)]}
    events["subscriptions"] = [maker.contract("other", start=-30)]
    assert of_accounts(maker, accounts, tables=events, by="column") == [ACTIVE, None]
    bare = [{"account_id": row["account_id"], "churned_on": None} for row in accounts]
    bare_frame = pd.DataFrame(bare).astype({"churned_on": "datetime64[us]"})
    found = stand(maker, tables=events | {"accounts": bare_frame}, by="column").set_index("account_id")
    assert found["state"].to_dict() == {"-1": ACTIVE}


def test_a_book_that_lacks_what_the_definition_looks_at_is_an_error_with_a_way_out(maker):
    accounts = {"accounts": maker.book()["accounts"]}
    calendar = observation_calendar([maker.t])
    for by, wanted in (
        ("subscription", "subscriptions table"), ("inactivity", "neither invoices nor usage"),
        ("column", "churned_on in accounts"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=wanted):
            standing(accounts, calendar, policy=SnapshotPolicy(churn=ChurnPolicy(by=by)))


def test_every_account_that_had_appeared_stands_in_one_state_per_date(maker):
    rows = [maker.contract(f"{n}", start=-n, end=30 - n) for n in range(1, 90)]
    found = stand(maker, tables={"subscriptions": rows}, dates=[maker.day(-40), maker.t])
    assert not found.duplicated(["account_id", "observation_date"]).any()
    assert found.groupby("observation_date")["account_id"].count().tolist() == [50, 89]
