"""C10: what explain shows of one account."""

import numpy as np
import pytest

from standfast.decision.bundles import Channels
from standfast.decision.capacity import Capacity
from standfast.decision.guards import Guards
from standfast.decision.outreach import bundles_considered
from standfast.decision.response import Response
from standfast.decision.reward import Economics
from standfast.errors import InputError

POLICY = {
    "capacity": Capacity(hours=40), "economics": Economics(), "response": Response(), "channels": Channels(),
    "guards": Guards(), "horizon_days": 90,
}  # fmt: skip


@pytest.fixture(scope="module")
def book(make_book):
    return make_book(300)


def test_bundles_come_from_few_hours_to_many_and_nothing_is_worth_nothing(book):
    rows = bundles_considered(book, account_id="A000001", cut_off=100.0, **POLICY)
    assert rows["hours"].is_monotonic_increasing
    assert rows.loc[rows["touches"] == "nothing", "value"].item() == 0


def test_the_planned_bundle_is_the_last_that_passes_the_cut_off(book, plan_book):
    """The sentence on the line and the table of explain agree (large pool: no exact rearrangement)."""
    plan = plan_book(book.assign(account_id=book["account_id"]), capacity=Capacity(hours=60))
    planned = plan.lines[plan.lines["hours"] > 0].head(10)
    for line in planned.itertuples():
        rows = bundles_considered(
            book, account_id=line.account_id, cut_off=plan.cut_off_of(line.account_id), **POLICY
        )
        chosen = rows[
            (rows["hours"] == line.hours)
            & (rows["n_call"] == line.n_call)
            & (rows["n_email"] == line.n_email)
        ]
        assert chosen["value"].item() == pytest.approx(line.expected_value)


def test_marginal_values_fall_along_the_hull(book):
    largest = book.loc[book["annual_revenue"].idxmax(), "account_id"]
    rows = bundles_considered(book, account_id=largest, cut_off=0.0, **POLICY)
    marginal = rows["marginal_per_hour"].dropna().to_numpy()
    assert len(marginal) >= 2
    assert (np.diff(marginal) <= 0).all()


def test_a_closed_account_can_only_be_left(book):
    rows = bundles_considered(book.assign(churned=True), account_id="A000001", cut_off=0.0, **POLICY)
    assert rows["touches"].tolist() == ["nothing"]


def test_an_unknown_account_is_named(book):
    with pytest.raises(InputError, match="'nobody' is not among the 300 accounts"):
        bundles_considered(book, account_id="nobody", cut_off=0.0, **POLICY)
