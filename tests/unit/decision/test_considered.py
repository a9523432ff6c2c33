"""C10: what explain shows of one account."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.capacity import Capacity
from standfast.decision.guards import Guards
from standfast.decision.outreach import bundles_considered
from standfast.decision.plan_policy import PlanPolicy
from standfast.errors import InputError

POLICY = PlanPolicy(capacity=Capacity(hours=40))


@pytest.fixture(scope="module")
def book(make_book):
    return make_book(300)


def test_bundles_come_from_few_hours_to_many_and_nothing_is_worth_nothing(book):
    rows = bundles_considered(book, account_id="A000001", cut_off=100.0, policy=POLICY)
    assert rows["hours"].is_monotonic_increasing
    assert rows.loc[rows["touches"] == "nothing", "value"].item() == 0


def test_the_planned_bundle_is_the_last_that_passes_the_cut_off(book, plan_book):
    """The sentence on the line and the table of explain agree (large pool: no exact rearrangement)."""
    plan = plan_book(book.assign(account_id=book["account_id"]), capacity=Capacity(hours=60))
    planned = plan.lines[plan.lines["hours"] > 0].head(10)
    for line in planned.itertuples():
        rows = bundles_considered(
            book, account_id=line.account_id, cut_off=plan.cut_off_of(line.account_id), policy=POLICY
        )
        chosen = rows[
            (rows["hours"] == line.hours)
            & (rows["n_call"] == line.n_call)
            & (rows["n_email"] == line.n_email)
        ]
        assert chosen["value"].item() == pytest.approx(line.expected_value)


def test_marginal_values_fall_along_the_hull(book):
    largest = book.loc[book["annual_revenue"].idxmax(), "account_id"]
    rows = bundles_considered(book, account_id=largest, cut_off=0.0, policy=POLICY)
    marginal = rows["marginal_per_hour"].dropna().to_numpy()
    assert len(marginal) >= 2
    assert (np.diff(marginal) <= 0).all()


def test_a_closed_account_can_only_be_left(book):
    rows = bundles_considered(book.assign(churned=True), account_id="A000001", cut_off=0.0, policy=POLICY)
    assert rows["touches"].tolist() == ["nothing"]


def test_an_unknown_account_is_named(book):
    with pytest.raises(InputError, match="'nobody' is not among the 300 accounts"):
        bundles_considered(book, account_id="nobody", cut_off=0.0, policy=POLICY)


def test_the_last_plans_bundle_shows_the_bonus_that_the_solver_counted(book, plan_book):
    """What explain shows is what the plan was made by: value and bonus apart, marginal values with it."""
    last = plan_book(book, capacity=Capacity(hours=60)).lines
    held = last[last["hours"] > 0].iloc[0]
    given = {"account_id": held["account_id"], "cut_off": 0.0, "policy": POLICY}
    plain, kept = bundles_considered(book, **given), bundles_considered(book, last_plan=last, **given)
    assert (plain["keep_bonus"] == 0).all()
    assert (kept["value"] == plain["value"]).all()
    told = kept[kept["keep_bonus"] > 0]
    assert told["hours"].item() == held["hours"]
    assert told["keep_bonus"].item() == pytest.approx(Guards().keep_bonus * held["expected_value"])
    assert told["marginal_per_hour"].item() > plain.loc[told.index, "marginal_per_hour"].fillna(0).item()


def test_a_bundle_that_a_limit_forbids_says_which_and_never_passes(book):
    largest = book["annual_revenue"].idxmax()
    account = book.loc[largest, "account_id"]
    made = pd.DataFrame(
        {"account_id": account, "day": [pd.Timestamp("2025-12-20")] * 4, "channel": ["call"] * 4}
    )
    rows = bundles_considered(book, account_id=account, cut_off=0.0, made=made, policy=POLICY)
    forbidden = rows["not_allowed"].notna()
    contacts = 2 * rows["n_in_person"] + rows["n_call"] + rows["n_email"]
    assert forbidden.any()
    assert (forbidden == (contacts > contacts[~forbidden].max())).all()
    assert not rows.loc[forbidden, "passes"].any()
    flagged = bundles_considered(book.assign(poor_fit=True), account_id=account, cut_off=0.0, policy=POLICY)
    assert "poor fit: one call at most" in flagged["not_allowed"].dropna().unique()
