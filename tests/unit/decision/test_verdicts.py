"""S7, S8: what a comparison amounts to, in words, corrected for how many were tried."""

import math

import pandas as pd
import pytest

from standfast.decision.differences import EvidencePolicy, compare_groups
from standfast.decision.verdicts import Judged, judge


def judged(counts: dict[str, tuple[int, int]], *, about: str = "dimension", n_others: int = 0) -> Judged:
    """A comparison of groups with so many leavers of so many accounts, beside others that find nothing."""
    group = [name for name, (_, n) in counts.items() for _ in range(n)]
    churned = [int(place < events) for events, n in counts.values() for place in range(n)]
    rows = pd.DataFrame({"account_id": range(len(group)), "churned": churned})
    policy = EvidencePolicy()
    own = compare_groups(rows, pd.Series(group), outcome="churned", policy=policy)
    chance = compare_groups(
        rows,
        pd.Series(["x", "y"] * (len(rows) // 2) + ["x"] * (len(rows) % 2)),
        outcome="churned",
        policy=policy,
    )
    return judge([("own", own), *[("chance", chance)] * n_others], policy=policy, about=about)[0]


def test_a_dimension_whose_groups_differ_is_worth_segmenting_by():
    told = judged({"Retail": (60, 200), "Finance": (20, 200)})
    assert told.verdict == "worth segmenting by"
    assert told.effect == "Finance: 10.0 % against 30.0 % of the others (-20.0 points, -27.5 to -12.3)"


def test_a_dimension_that_may_be_chance_is_reported_as_not_worth_it():
    """S7."""
    assert judged({"a": (22, 100), "b": (18, 100)}).verdict.startswith(
        "not worth segmenting by on this evidence"
    )


def test_a_dimension_whose_groups_are_surely_alike_is_not_worth_it_however_large_the_book():
    assert judged({"a": (2000, 10_000), "b": (2010, 10_000)}).finding == "alike"
    assert judged({"a": (20_000, 100_000), "b": (20_800, 100_000)}).finding == "alike", (
        "sure, but too small to act"
    )


def test_too_little_is_said_as_that_and_not_as_no():
    few = judged({"a": (4, 100), "b": (3, 100)})
    assert few.finding == "too little"
    assert "7 accounts churn; it takes 2 groups and 10 accounts" in few.effect
    assert math.isnan(few.adjusted_p)
    assert judged({"a": (40, 100), "b": (3, 10)}).effect.startswith("1 of 2 groups")


@pytest.mark.parametrize(
    ("yes", "no", "verdict"),
    [((60, 200), (20, 200), "they churn more"), ((20, 200), (60, 200), "they churn less"),
     ((22, 100), (18, 100), "not shown: it may be chance"), ((3, 12), (18, 100), "too little is known"),
     ((2000, 10_000), (2010, 10_000), "no difference worth acting on")],
)  # fmt: skip
def test_a_belief_gets_a_plain_verdict(yes, no, verdict):
    """S8."""
    assert judged({"yes": yes, "no": no}, about="belief").verdict == verdict


def test_yes_is_what_a_rule_is_about_although_no_differs_as_much():
    assert judged({"no": (20, 200), "yes": (60, 200)}).strongest.group == "yes"


@pytest.mark.parametrize("about", ["dimension", "belief"])
def test_what_is_found_alone_is_chance_among_many_tried(about):
    """S7: p = 0.03 is a find in one try and none in twenty."""
    groups = {"yes": (30, 100), "no": (17, 100)}
    assert judged(groups, about=about).finding == "differ"
    among = judged(groups, about=about, n_others=19)
    assert among.n_tried == 20
    assert among.finding == "not shown"
