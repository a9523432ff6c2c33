"""U1: reasons, changes and what is within reach, as a person reads them."""

import pytest

from standfast.propensity.reasons import Reach, Reached, Reason, Reasons, moves_between
from standfast.report.reason_words import move_lines, reach_lines, reason_lines, told
from standfast.report.wording import GLUE, MINUS


def reason(name: str, effect: float, value: object = 3, *, family: str = "usage", **more) -> Reason:
    return Reason(name, value, effect, family, more.get("peers"), name, more.get("unit", ""))


def read(lines: list[str]) -> list[str]:
    return [line.replace(GLUE, " ").replace(MINUS, "-") for line in lines]


def test_families_come_with_their_sum_their_strongest_and_what_is_left():
    every = [reason(f"u{i}", 0.1 * i) for i in (5, 4, 3, 2, 1)]
    every.append(reason("days late", -2.0, 12, family="commercial", unit="days", peers=3.0))
    lines = read(reason_lines(Reasons(-1.0, tuple(every)), peers="40 of Retail", word="churn"))
    assert lines == [
        "why this probability of churn, in log-odds (+ raises it, - lowers it; peers: 40 of Retail):",
        "  -1.00  the average account",
        "  -2.00  commercial",
        "       -2.00  days late: 12 days (peers 3 days)",
        "  +1.50  usage",
        "       +0.50  u5: 3",
        "       +0.40  u4: 3",
        "       +0.30  u3: 3",
        "       +0.30  2 more",
        "  -1.50  together, which is 18 %",
    ]


def test_changes_name_both_values_and_what_is_left():
    then = Reasons(-1.0, (reason("nps", 0.2, None), *(reason(f"f{i}", 0.0) for i in range(7))))
    now = Reasons(-1.0, (reason("nps", 1.2, 3), *(reason(f"f{i}", 0.1) for i in range(7))))
    lines = read(move_lines(moves_between(then, now), since="2025-12-01"))
    assert lines[0] == "since 2025-12-01, when it was 31 %, the log-odds moved by +1.70:"
    assert lines[1] == "  +1.00  nps: unknown, now 3"
    assert lines[2] == "  +0.10  f0: 3 as before, beside other features"
    assert lines[-1] == "  +0.20  all others"


def test_nothing_that_changed_is_one_line():
    same = Reasons(-1.0, (reason("nps", 0.2),))
    assert read(move_lines(moves_between(same, same), since="May")) == [
        "since May: nothing that moves the probability, which was 31 %"
    ]


def test_only_what_lowers_the_probability_is_told_to_be_within_reach():
    every = (
        Reached("open tickets", "support", 4, 0, "the best there is", 0.1, "t", "tickets"),
        Reached("contacts", "relationship", 1, 3, "usual among peers", 0.3, "c", "people"),
    )
    lines = read(reach_lines(Reach(0.2, every, 0.09), word="churn"))
    assert lines == [
        "within reach (what the model would say of churn then; a sign, not a cause):",
        "  10 %  open tickets: 0 instead of 4 (the best there is)",
        "  9 %  all that is within reach, each at its nearest goal",
    ]
    assert reach_lines(Reach(0.05, every, None), word="churn") == []


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.5, "share", "50 %"),
        (-0.2, "log ratio", "-18 %"),
        (0, "1 or 0", "no"),
        (1200, "money per year", "1.2 k USD"),
        (None, "days", "unknown"),
        ("pro", "", "pro"),
        (2.3456, "activity per day", "2.35"),
    ],
)
def test_values_are_said_in_their_unit(value, unit, said):
    assert read([told(value, unit, "USD")]) == [said]
