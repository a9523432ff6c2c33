"""S6: who is a poor fit, from scores and snapshots, and what the plan does about it."""

import pandas as pd

from standfast.pipelines.plan import plan
from standfast.pipelines.poor_fit import flag_poor_fit
from standfast.settings import build_settings

SCORES = pd.DataFrame(
    {
        "account_id": ["=cmd", "a,b", "😀", "d"],
        "risk_tier": ["high", "high", "low", "high"],
        "value_tier": ["low", "high", "low", "low"],
        "gross_margin": [0.8, 0.4, 0.3, None],
    }
)
ROWS = pd.DataFrame({"account_id": ["d", "😀", "a,b", "=cmd"], "tickets_90d": [None, 9, 0, 6]})


def flagged(*args, **values):
    found = flag_poor_fit(*args, settings=build_settings(values))
    return found["poor_fit"].tolist() if "poor_fit" in found else None


def test_s6_the_named_segments_rule_is_followed_on_scores_and_snapshots():
    assert flagged(SCORES, ROWS) == [True, True, False, False]


def test_what_is_unknown_is_no_poor_fit():
    assert flagged(SCORES) == [False, True, False, False]
    assert flagged(SCORES.drop(columns=["gross_margin", "value_tier"])) == [False] * 4


def test_flags_that_are_there_stand_and_a_rule_switched_off_flags_nobody():
    assert flagged(SCORES.assign(poor_fit=False), ROWS) == [False] * 4
    assert flagged(SCORES, guards={"deprioritise_poor_fit": False}) is None
    assert flagged(SCORES, segments={"poor fit": {"enabled": False}}) is None


def test_a_rule_that_cannot_be_followed_here_flags_nobody():
    assert flagged(SCORES, segments={"poor fit": {"where": "no_such_column == 1"}}) is None


def test_s6_a_stranger_with_a_thin_margin_gets_one_call_at_most_and_the_plan_says_so():
    scores = pd.DataFrame(
        {
            "account_id": list("abc"), "churn_probability": [0.6, 0.5, 0.02], "upsell_probability": 0.1,
            "annual_revenue": [90_000.0, 80_000.0, 20_000.0], "upsell_value": 9_000.0,
            "gross_margin": [0.3, 0.8, 0.8],
        }
    )  # fmt: skip
    lines = plan(scores, settings=build_settings({})).lines
    assert lines.loc[0, ["n_in_person", "n_call", "n_email"]].tolist() == [0, 1, 0]
    assert lines.loc[0, "why"].endswith("; poor fit: one call at most")
    assert lines.loc[1, "hours"] > lines.loc[0, "hours"]
