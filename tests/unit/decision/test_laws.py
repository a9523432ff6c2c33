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
from standfast.decision.owner_limits import OwnerLimits
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


CHANNELS = ("in_person", "call", "email", "digital")
LIMITS = st.builds(
    OwnerLimits,
    channels=st.sampled_from([(), ("call",), ("call", "email"), ("review", "call", "email"), ("email",)]),
    most_accounts=st.none() | st.integers(0, 5),
    most_in_person=st.none() | st.integers(0, 4),
)


def touches_made(scores: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Give touches of the last 40 days, as many as there are accounts, and some of a stranger."""
    random, n = np.random.default_rng(seed), len(scores)
    days = pd.Timestamp("2026-01-01") - pd.to_timedelta(random.integers(1, 40, 2 * n), unit="D")
    ids = random.choice([*scores["account_id"], "stranger"], 2 * n)
    return pd.DataFrame({"account_id": ids, "day": days, "channel": random.choice(CHANNELS, 2 * n)})


@given(book=BOOKS, policy=POLICIES, limits=st.lists(LIMITS, min_size=3, max_size=3), hours=st.floats(0, 30))
def test_contacts_never_exceed_what_is_left_nor_owners_lists_what_they_may_be(
    make_book, plan_book, *, book, policy, limits, hours
):
    """C2: contact caps and cooldowns from touches made, and each owner's channels, accounts and visits."""
    scores = owned(make_book(book[0], seed=book[1]), book[2])
    made, own = touches_made(scores, seed=book[1]), dict(zip("ABC", limits, strict=True))
    capacity = Capacity(
        hours=4 * hours, owners=dict.fromkeys("ABC", hours), hourly_cost=policy.hourly_cost, limits=own
    )
    lines = plan_book(scores, capacity=capacity, made=made, **policy.given).lines
    weight = made["channel"].map({"in_person": 2, "call": 1, "email": 1, "digital": 0})
    is_recent = made["day"] > pd.Timestamp("2026-01-01") - pd.Timedelta(days=30)
    recent = weight[is_recent].groupby(made["account_id"]).sum().reindex(lines["account_id"]).fillna(0)
    contacts = 2 * lines["n_in_person"] + lines["n_call"] + lines["n_email"]
    cap = lines["cell"].map({cell.name: cell.contact_cap for cell in CELLS})
    assert (contacts.to_numpy() <= np.maximum(cap.to_numpy() - recent.to_numpy(), 0)).all()
    for name, limit in own.items():
        mine = lines[(lines["owner"] == name).fillna(value=False)]
        assert limit.most_accounts is None or (mine["hours"] > 0).sum() <= limit.most_accounts
        assert limit.most_in_person is None or mine["n_in_person"].sum() <= limit.most_in_person
        assert not limit.channels or "call" in limit.channels or not mine["n_call"].any()
        assert not limit.channels or "email" in limit.channels or not mine["n_email"].any()
        assert mine["hours"].sum() <= hours + 1e-6
    last_day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=policy.horizon_days)
    assert (lines["first_touch_by"].dropna() <= last_day).all()


@settings(max_examples=12, deadline=None)
@given(book=BOOKS, policy=POLICIES, limits=LIMITS, hours=st.tuples(st.floats(0, 20), st.floats(0, 20)))
def test_more_hours_never_lower_the_planned_value_of_a_limited_list(
    make_book, plan_book, *, book, policy, limits, hours
):
    scores = make_book(book[0], seed=book[1]).assign(owner="A", poor_fit=lambda s: s.index % 3 == 0)
    fewer, most = (
        plan_book(
            scores,
            capacity=Capacity(hours=h, owners={"A": h}, hourly_cost=policy.hourly_cost, limits={"A": limits}),
            made=touches_made(scores, seed=book[1]),
            **policy.given,
        ).summary
        for h in (hours[0], sum(hours))
    )
    assert most.expected_value >= fewer.expected_value * (1 - 1e-6)
    assert fewer.expected_value <= sum(use.bound for use in fewer.by_owner) * (1 + 1e-9) + 1e-6


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, policy=POLICIES, limits=LIMITS, hours=st.floats(0, 20))
def test_splitting_a_limited_book_by_owner_equals_planning_per_owner(
    make_book, plan_book, *, book, policy, limits, hours
):
    scores = owned(make_book(book[0], seed=book[1]), 4).dropna(subset=["owner"])
    if scores.empty:
        return
    made, owners = touches_made(scores, seed=book[1]), dict.fromkeys("ABC", hours)
    given = {"made": made, **policy.given}
    limited = Capacity(hours=3 * hours, owners=owners, hourly_cost=policy.hourly_cost, limits={"A": limits})
    whole = plan_book(scores, capacity=limited, **given).lines
    for name, part in scores.groupby("owner"):
        own = {"A": limits} if name == "A" else None
        alone = Capacity(hours=hours, owners={name: hours}, hourly_cost=policy.hourly_cost, limits=own)
        mine = plan_book(part, capacity=alone, **given).lines
        pd.testing.assert_frame_equal(mine, whole.loc[part.index], check_exact=True)


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, policy=POLICIES, hours=st.floats(0, 30))
def test_s6_a_poor_fit_gets_one_call_at_most_and_its_line_says_so(make_book, plan_book, book, policy, hours):
    scores = make_book(book[0], seed=book[1]).assign(poor_fit=lambda s: s.index % 2 == 0)
    lines = plan_book(scores, capacity=Capacity(hours=hours, hourly_cost=0), **policy.given).lines
    poor = lines[scores["poor_fit"].to_numpy()]
    assert (poor["n_call"] + 9 * (poor["n_in_person"] + poor["n_email"]) <= 1).all()
    assert poor["why"].str.endswith("poor fit: one call at most").all()
    assert not lines[~scores["poor_fit"].to_numpy()]["why"].str.contains("poor fit").any()


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


@given(book=BOOKS, policy=POLICIES, hours=st.tuples(st.floats(0, 30), st.floats(0, 30)))
def test_under_any_policy_more_hours_never_lower_the_planned_value(make_book, plan_book, book, policy, hours):
    scores = make_book(book[0], seed=book[1])
    fewer, most = (
        plan_book(scores, capacity=Capacity(hours=h, hourly_cost=policy.hourly_cost), **policy.given).summary
        for h in (hours[0], sum(hours))
    )
    assert most.expected_value >= fewer.expected_value * (1 - 1e-9)
    assert fewer.expected_value <= sum(use.bound for use in fewer.by_owner) * (1 + 1e-9)


@settings(max_examples=10, deadline=None)
@given(book=BOOKS, policy=POLICIES, hours=st.floats(0, 30))
def test_the_order_of_rows_changes_nothing_in_this_plan_or_the_last(
    make_book, plan_book, book, policy, hours
):
    scores = make_book(book[0], seed=book[1]).assign(annual_revenue=20_000.0, upsell_value=4_000.0)
    capacity = Capacity(hours=hours, hourly_cost=policy.hourly_cost)
    last = plan_book(scores.assign(churn_probability=0.2), capacity=capacity, **policy.given).lines
    policy_given = {**policy.given, "made": touches_made(scores, seed=book[1])}
    order = np.random.default_rng(book[1]).permutation(len(scores))
    straight = plan_book(scores, capacity=capacity, last_plan=last, **policy_given)
    turned = plan_book(scores.iloc[order], capacity=capacity, last_plan=last.iloc[order], **policy_given)
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
