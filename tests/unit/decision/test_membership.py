"""S2 to S6, U4: who is in which segment, and why."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.decision.membership import assign_named_segments, explain_members
from standfast.decision.named_segments import NAMED_SEGMENTS, UNCLEAR, NamedSegment
from standfast.errors import InputError
from standfast.features.catalogue import CATALOGUE
from standfast.schema import SCORE_COLUMNS

KNOWN = {*CATALOGUE, *SCORE_COLUMNS, "gross_margin"}
HEALTHY = {
    "account_id": "A", "risk_tier": "low", "value_tier": "medium", "usage_trend_90d": 0.0,
    "active_days_30d": 20.0,
    "seats": 10.0, "employees": 100.0, "seat_utilisation": 0.6, "usage_limit_share": 0.3, "usage_30d": 5.0,
    "opportunities_open": 0.0, "revenue_change_180d": 0.0, "payment_delay_days": 0.0, "invoices_overdue": 0.0,
    "tickets_30d": 0.0, "tickets_90d": 0.0, "escalations_90d": 0.0, "open_critical": 0.0,
    "nps_worst_180d": 8.0, "gross_margin": 0.8,
}  # fmt: skip
OTHERS = pd.DataFrame([{**HEALTHY, "account_id": f"B{number}", "usage_30d": 50.0} for number in range(19)])


def names_of(**changed: object) -> set[str]:
    """The segments of one account beside nineteen that use more."""
    frame = pd.concat([pd.DataFrame([{**HEALTHY, **changed}]), OTHERS], ignore_index=True)
    found = assign_named_segments(frame, NAMED_SEGMENTS, known_columns=KNOWN)
    return {member.segment.name for member in found if member.is_in[0]}


@pytest.mark.parametrize(
    ("changed", "segments"),
    [
        ({}, {"stable", "passive"}),
        ({"nps_worst_180d": 9.0}, {"stable", "advocate", "promoter"}),
        ({"nps_worst_180d": 6.0}, {"stable", "detractor"}),
        ({"nps_worst_180d": np.nan}, {"stable", "silent"}),
        ({"seat_utilisation": 0.8}, {"stable", "growth-ready", "passive"}),
        ({"employees": 12.0}, {"stable", "saturated", "passive"}),
        ({"invoices_overdue": 1.0}, {"stable", "price-sensitive", "passive"}),
        ({"revenue_change_180d": 0.05, "usage_trend_90d": -0.1}, {"stable", "price-sensitive", "passive"}),
        ({"seat_utilisation": 0.49}, {"stable", "under-adopted", "passive"}),
        ({"usage_trend_90d": -0.22}, {"declining", "passive"}),
        ({"active_days_30d": 2.0}, {"dormant", "passive"}),
        ({"tickets_30d": 3.0}, {"stable", "high-maintenance", "passive"}),
        ({"value_tier": "low", "usage_limit_share": 0.8},
         {"stable", "growth-ready", "HiPo", "masked low", "passive"}),
        ({"value_tier": "low", "usage_30d": 500.0}, {"stable", "masked low", "passive"}),
        ({"value_tier": "low"}, {"stable", "truly low", "passive"}),
        ({"value_tier": "low", "employees": 200.0}, {"stable", "HiPo", "truly low", "passive"}),
        ({"risk_tier": "high", "gross_margin": 0.4}, {"poor fit", "passive", UNCLEAR}),
        ({"risk_tier": "high", "nps_worst_180d": 9.0}, {"promoter", UNCLEAR}),
    ],
)  # fmt: skip
def test_an_account_is_in_every_segment_that_fits_it(changed, segments):
    """S2 to S6: segments overlap, and overlap is kept."""
    assert names_of(**changed) == segments


@pytest.mark.parametrize("hidden", [name for name in HEALTHY if name != "account_id"])
def test_an_account_with_one_thing_unknown_is_in_no_segment_that_rests_on_it(hidden):
    """U4: an empty cell never puts an account into a segment, but for silence, which is one itself."""
    gained = names_of(**{hidden: None}) - names_of()
    assert gained <= {"silent", UNCLEAR}


def test_a_column_that_the_book_lacks_is_unknown_for_all_and_told():
    frame = OTHERS.drop(columns=["nps_worst_180d", "tickets_30d"])
    found = {m.segment.name: m for m in assign_named_segments(frame, NAMED_SEGMENTS, known_columns=KNOWN)}
    assert found["silent"].unknown.all(), "no survey table is not silence"
    assert not found["silent"].is_in.any()
    assert found["high-maintenance"].unknown.all()
    assert found["high-maintenance"].lacking == ("tickets_30d",)
    assert not found["high-maintenance"].is_told
    assert found["dormant"].is_told, "nobody is dormant, and that is known"


def test_by_hand_goes_before_the_rule_and_keeps_its_reason():
    """S2: a manual tag, with its reason."""
    hipo = NamedSegment(name="HiPo", where="seats > 100", accounts={"B3": "pilot of a global brand"})
    found = assign_named_segments(OTHERS.assign(seats=np.nan), [hipo])[0]
    assert np.flatnonzero(found.is_in).tolist() == [3]
    assert found.unknown.sum() == 18
    assert explain_members(OTHERS, found).tolist() == ["by hand: pilot of a global brand"]


def test_a_reason_names_the_parts_of_the_rule_that_hold():
    rule = NamedSegment(name="x", where="seats > 100 or seat_utilisation >= 0.6 and not plan == 'Pro'")
    frame = OTHERS.head(1).assign(plan="Basic")
    member = assign_named_segments(frame, [rule])[0]
    assert explain_members(frame, member).tolist() == ["seat_utilisation >= 0.6 (0.6) and not plan == 'Pro'"]


def test_an_account_by_hand_that_has_left_is_named_and_stops_nothing():
    member = assign_named_segments(OTHERS, [NamedSegment(name="key", accounts={"Z": "x", "B1": "y"})])[0]
    assert member.absent == ("Z",)
    assert member.is_in.sum() == 1


def test_a_rule_about_a_column_that_nobody_knows_is_refused():
    with pytest.raises(InputError, match="'seets'; the nearest column is 'seats'"):
        assign_named_segments(OTHERS, [NamedSegment(name="key", where="seets > 3")])


maybe = st.one_of(st.none(), st.floats(-1, 30))


accounts = st.fixed_dictionaries(
    dict.fromkeys(sorted(set(HEALTHY) - {"account_id", "risk_tier", "value_tier"}), maybe)
    | {"risk_tier": st.sampled_from(["high", "medium", "low"])}
)


@given(st.lists(accounts, min_size=1, max_size=12))
def test_every_account_is_in_at_least_one_behaviour_segment(rows):
    """S5: nobody falls out silently, whatever is known of them."""
    frame = pd.DataFrame(rows).set_index("risk_tier").astype(float).reset_index()
    frame = frame.assign(account_id=[str(n) for n in range(len(rows))], value_tier="low")
    found = assign_named_segments(frame, NAMED_SEGMENTS, known_columns=KNOWN)
    behaviours = np.array([member.is_in for member in found if member.segment.kind == "behaviour"])
    assert behaviours.any(axis=0).all()
    unclear = found[-1].is_in
    assert (unclear == ~behaviours[:-1].any(axis=0)).all()
    low = {member.segment.name: member.is_in for member in found}
    assert not (low["masked low"] & low["truly low"]).any(), "S4: low is one or the other"
    nps = np.array([member.is_in for member in found if member.segment.kind == "NPS"])
    assert (nps.sum(axis=0) == 1).all(), "S3: one NPS group each, silence included"
