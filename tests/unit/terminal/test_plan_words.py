"""C2: the terminal shows capacity beside the plan, what was cut, and what rests on assumptions."""

import pandas as pd
import pytest

from standfast.pipelines.plan import plan
from standfast.settings import build_settings
from standfast.terminal.plan_words import show_plan_figures


@pytest.fixture
def scores():
    n = 60
    return pd.DataFrame(
        {
            "account_id": [f"A{number}" for number in range(n)], "owner": ["Ada", "Zoë [b]"] * (n // 2),
            "churn_probability": [(number % 9 + 1) / 20 for number in range(n)], "upsell_probability": 0.1,
            "annual_revenue": [1_000.0 * (number + 1) for number in range(n)], "upsell_value": 5_000.0,
        }
    )  # fmt: skip


def told(scores, capsys, **capacity):
    summary = plan(scores, settings=build_settings({"capacity": capacity})).summary
    show_plan_figures(summary, "USD")
    return " ".join(capsys.readouterr().out.replace("\xa0", " ").split())


def test_owners_cuts_one_more_csm_and_sensitivity_are_shown(scores, capsys):
    said = told(scores, capsys, owners={"Ada": 10, "Zoë [b]": 300}, hours=310)
    for part in (
        "Hours there are, hours planned", "Ada 30 10 h 10 h", "Zoë [b]", "Cut for want of hours",
        "One more CSM, 288 h in 90 days, would use", "beside Ada and earn",
        "before their cost, which is 36 k",
        "If it works half as well as planned", "It pays for itself from a save rate of",
    ):  # fmt: skip
        assert part in said


def test_one_pool_shows_no_table_of_owners_and_free_hours_no_cost(scores, capsys):
    said = told(scores, capsys, hours=10, hourly_cost=0)
    assert "Hours there are" not in said
    assert "hourly_cost is 0, so what that costs is not told" in said
