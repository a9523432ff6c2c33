"""Laws that hold for any book under any policy: hours, money, contacts, cells, order of rows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfast.decision.bundles import Channel, Channels
from standfast.decision.capacity import Capacity
from standfast.decision.guards import Guards
from standfast.decision.matrix import CELLS
from standfast.decision.plays import PLAY_OF
from standfast.decision.response import Response
from standfast.decision.reward import Economics

BOOKS = st.tuples(st.integers(1, 40), st.integers(0, 999), st.integers(1, 4))
"""Accounts, seed, and owners, one of whom is nobody."""


@dataclass(frozen=True)
class Policy:
    """Everything a settings file may say about a plan."""

    response: Response
    economics: Economics
    channels: Channels
    guards: Guards
    hourly_cost: float
    horizon_days: int

    @property
    def given(self) -> dict[str, object]:
        return {name: value for name, value in vars(self).items() if name != "hourly_cost"}


POLICIES = st.builds(
    Policy,
    response=st.builds(
        Response,
        save_effect=st.floats(0, 3),
        expand_effect=st.floats(0, 3),
        fatigue_per_contact=st.floats(0, 1),
        free_contacts=st.floats(0, 8),
        call_weight=st.floats(0, 3),
        call_saturation=st.floats(0.1, 5),
    ),
    economics=st.builds(Economics, gross_margin=st.floats(0.01, 1), upsell_share=st.floats(0, 5)),
    channels=st.builds(
        Channels,
        call=st.builds(Channel, minutes=st.integers(1, 90), direct_cost=st.floats(0, 50)),
        email=st.builds(Channel, minutes=st.integers(0, 30), direct_cost=st.floats(0, 5)),
        digital=st.builds(Channel, direct_cost=st.floats(0, 20)),
    ),
    guards=st.builds(Guards, keep_bonus=st.floats(0, 1)),
    hourly_cost=st.floats(0, 1000),
    horizon_days=st.integers(1, 800),
)


def owned(scores: pd.DataFrame, n_owners: int) -> pd.DataFrame:
    """Deal the accounts to owners and to nobody in turn."""
    names = np.array([None, *"ABC"[: n_owners - 1]], dtype=object)
    return scores.assign(owner=names[np.arange(len(scores)) % n_owners])


@settings(max_examples=60, deadline=None)
@given(book=BOOKS, policy=POLICIES, hours=st.lists(st.floats(0, 30), min_size=4, max_size=4))
def test_under_any_policy_hours_hold_and_no_line_loses_money(make_book, plan_book, book, policy, hours):
    """C2, C3: per owner, and in the shared pool."""
    scores = owned(make_book(book[0], seed=book[1]), book[2])
    own = dict(zip("ABC", hours[:3], strict=True))
    capacity = Capacity(hours=sum(own.values()) + hours[3], owners=own, hourly_cost=policy.hourly_cost)
    lines = plan_book(scores, capacity=capacity, **policy.given).lines
    used = lines.groupby(lines["owner"].fillna("nobody"))["hours"].sum()
    assert all(taken <= {**own, "nobody": hours[3]}[owner] + 1e-6 for owner, taken in used.items())
    assert (lines["expected_value"] >= 0).all()
    assert not ((lines["n_email"] > 0) & (lines["n_call"] + lines["n_in_person"] == 0)).any()
    assert lines["why"].str.len().min() > 0


@settings(max_examples=40, deadline=None)
@given(book=BOOKS, policy=POLICIES)
def test_under_any_policy_no_cell_is_contacted_beyond_its_ceilings(make_book, plan_book, book, policy):
    lines = plan_book(
        make_book(book[0], seed=book[1]), capacity=Capacity(hours=1e4, hourly_cost=0), **policy.given
    ).lines
    cells = pd.DataFrame(
        [(c.name, c.contact_cap, c.ceiling.visits + c.ceiling.reviews, c.ceiling.calls) for c in CELLS],
        columns=["cell", "contacts", "in_person", "calls"],
    ).set_index("cell").loc[lines["cell"]].reset_index()  # fmt: skip
    contacts = 2 * lines["n_in_person"] + lines["n_call"] + lines["n_email"] + lines["n_digital"]
    assert (contacts.to_numpy() <= cells["contacts"]).all()
    assert (lines["n_in_person"].to_numpy() <= cells["in_person"]).all()
    assert (lines["n_call"].to_numpy() <= cells["calls"]).all()


@settings(max_examples=40, deadline=None)
@given(book=BOOKS, policy=POLICIES, hours=st.tuples(st.floats(0, 30), st.floats(0, 30)))
def test_under_any_policy_more_hours_never_lower_the_planned_value(make_book, plan_book, book, policy, hours):
    scores = make_book(book[0], seed=book[1])
    fewer, most = (
        plan_book(scores, capacity=Capacity(hours=h, hourly_cost=policy.hourly_cost), **policy.given).summary
        for h in (hours[0], sum(hours))
    )
    assert most.expected_value >= fewer.expected_value * (1 - 1e-9)
    assert fewer.expected_value <= sum(use.bound for use in fewer.by_owner) * (1 + 1e-9)


@settings(max_examples=20, deadline=None)
@given(book=BOOKS, policy=POLICIES, hours=st.floats(0, 30))
def test_the_order_of_rows_changes_nothing_in_this_plan_or_the_last(
    make_book, plan_book, book, policy, hours
):
    scores = make_book(book[0], seed=book[1]).assign(annual_revenue=20_000.0, upsell_value=4_000.0)
    capacity = Capacity(hours=hours, hourly_cost=policy.hourly_cost)
    last = plan_book(scores.assign(churn_probability=0.2), capacity=capacity, **policy.given).lines
    order = np.random.default_rng(book[1]).permutation(len(scores))
    straight = plan_book(scores, capacity=capacity, last_plan=last, **policy.given)
    turned = plan_book(scores.iloc[order], capacity=capacity, last_plan=last.iloc[order], **policy.given)
    pd.testing.assert_frame_equal(turned.lines, straight.lines.iloc[order], check_exact=True)
    assert turned.summary == straight.summary


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.segment)
def test_every_cell_can_be_planned_and_has_a_play_for_what_it_gets(make_book, plan_book, cell):
    """R3: each cell lets a person in where that pays, and leaves nobody without play, owner or words."""
    scores = make_book(1, annual_revenue=1e6, churn_probability=0.3).assign(cell=cell.name)
    paid = "protect" if cell.risk_tier == "low" else "save"
    for hours, action in ((100.0, paid), (0.0, "leave")):
        line = plan_book(scores, capacity=Capacity(hours=hours)).lines.iloc[0]
        assert (line["segment"], line["hours"] > 0) == (cell.segment, hours > 0)
        assert line["play"] == PLAY_OF[cell.segment, action].name
