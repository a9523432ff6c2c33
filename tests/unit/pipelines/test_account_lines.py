"""What is told of one account beside its probability."""

import pandas as pd

from standfast.decision.outreach import Plan
from standfast.pipelines.account_lines import fixed_lines, fixed_rows, play_lines, voice_lines
from standfast.settings import build_settings


def voices(**scores):
    return voice_lines(pd.Series({"nps_mean_180d": 8.25, "nps_worst_180d": 3.0, **scores}))


def test_the_worst_decision_maker_stands_beside_the_mean():
    """S3."""
    (line,) = voices(nps_worst_sponsor_180d=6.0)
    assert line == "NPS in 180 days: 6 the worst of a decision-maker; mean of all answers 8.2, worst 3"
    assert "no decision-maker answered" in voices()[0]


def test_silence_is_told_by_no_line():
    """U4: the state of the survey stands among the features."""
    assert voices(nps_worst_180d=None) == []


def test_fixed_work_is_told_by_day_and_of_this_account_alone():
    fixed = pd.DataFrame(
        {
            "account_id": ["a", "b"], "due_on": pd.to_datetime(["2026-02-03", "2026-02-04"]),
            "channel": "call", "minutes": [60, 1], "play": "Renewal call", "why": "renews on 2026-05-04",
        }
    )  # fmt: skip
    heading, line = fixed_lines(fixed_rows("a", Plan(pd.DataFrame(), None, fixed)))
    assert heading.startswith("fixed work")
    assert line.endswith("minutes: Renewal call (renews on 2026-05-04)")
    assert fixed_lines(fixed_rows("c", Plan(pd.DataFrame(), None, fixed))) == []


def test_a_play_comes_with_its_goal_and_steps():
    """C4."""
    goal, *steps = play_lines("Executive rescue", settings=build_settings({}))
    assert "agree a recovery plan (executive)" in goal
    assert "  - Call the sponsor within two days" in steps
    assert play_lines("no such play", settings=build_settings({})) == []
