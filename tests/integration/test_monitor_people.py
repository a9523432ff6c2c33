"""What the ledger tells of people: overrides with their outcomes, alerts that came true, plans followed."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from standfast.adapters.ledger_alerts import sync_alerts
from standfast.adapters.ledger_plans import keep_plan
from standfast.adapters.ledger_touches import record_touches
from standfast.pipelines.book_ledger import book_ledger
from standfast.pipelines.monitor_people import judge_people, with_outcomes
from standfast.settings import build_settings

pytestmark = pytest.mark.integration
AS_OF = date(2025, 12, 1)


@pytest.fixture
def settings(tmp_path):
    made = build_settings({"book": {"accounts": "a.csv", "subscriptions": "s.csv"}}, folder=tmp_path)
    return replace(made, paths=replace(made.paths, ledger=f"sqlite:///{tmp_path / 'ledger.sqlite'}"))


@pytest.fixture
def labelled():
    """Thirty accounts in two months; the first ten left after the first, the second has not matured."""
    first = pd.DataFrame(
        {"account_id": [f"A{n:02d}" for n in range(30)], "observation_date": pd.Timestamp("2025-06-01")}
    )
    first = first.assign(churned=[n < 10 for n in range(30)], expanded=False)
    second = first.assign(observation_date=pd.Timestamp("2025-11-01"), churned=pd.NA, expanded=pd.NA)
    both = pd.concat([first, second], ignore_index=True)
    return both.astype({"churned": "boolean", "expanded": "boolean"})


def of_kind(checks, kind):
    return next(check for check in checks if check.kind == kind)


def test_an_empty_ledger_is_told_and_judges_nothing(settings, labelled):
    checks = judge_people(labelled, settings=settings, as_of=AS_OF)
    assert {check.step for check in checks} == {"nothing"}
    assert not any(check.is_judged for check in checks)


def test_u3_an_override_meets_the_outcome_of_the_month_it_was_made_in(settings, labelled):
    made = pd.DataFrame(
        {
            "override_id": [1, 2, 3], "account_id": ["A00", "A20", "A00"], "made_by": "x",
            "field": ["churn_probability", "churn_probability", "cell"],
            "value": ["0.8", "0.1", "Save"], "model_value": ["0.2", None, None],
            "made_at": pd.to_datetime(["2025-06-11 10:00", "2025-11-12 10:00", "2025-06-11 10:00"]),
        }
    )  # fmt: skip
    told = with_outcomes(made, labelled, settings=settings).set_index("override_id")
    assert told.loc[1, "happened"] == 1
    assert told["happened"].isna().loc[[2, 3]].all()
    assert pd.isna(told.loc[3, "said"])
    assert "made_by" not in told


def test_a1_alerts_are_set_against_what_followed_them(settings, labelled):
    alerts = pd.DataFrame(
        {
            "account_id": ["A00", "A01", "A02", "A15"], "type": "usage_drop", "severity": "risk",
            "owner_function": "cs", "reason": "use fell", "action": "call", "value": 1.0,
            "opened_on": pd.Timestamp("2025-06-05"), "closed_on": pd.NaT,
        }
    )  # fmt: skip
    name = next(iter(settings.alerts.enabled))
    with book_ledger(settings) as ledger:
        sync_alerts(ledger, alerts.assign(type=name), as_of=date(2025, 6, 9))
    check = of_kind(judge_people(labelled, settings=settings, as_of=AS_OF), "alerts")
    assert "3 of 4 accounts churned afterwards" in check.sentence
    assert check.threshold == pytest.approx(1 / 3)


def test_u5_a_plan_is_set_against_touches_and_hours_by_owner(settings, labelled):
    lines = pd.DataFrame(
        {
            "account_id": ["A00", "A01", "A02"], "owner": ["ada", "ada", "ben"], "segment": "", "cell": "",
            "play": "", "n_in_person": 0, "n_call": 3, "n_email": 0, "n_digital": 5, "hours": 3.0,
            "expected_value": 1.0, "conservative_value": 1.0, "value_per_hour": 1.0, "held_out": False,
            "why": "",
        }
    )  # fmt: skip
    touches = pd.DataFrame(
        {"account_id": ["A00", "A00", "A01"], "channel": ["call", "Phone", "digital"],
         "day": [date(2025, 10, 2), date(2025, 10, 20), date(2025, 10, 3)]}
    )  # fmt: skip
    with book_ledger(settings) as ledger:
        keep_plan(ledger, lines, as_of=date(2025, 10, 1), horizon_days=90, model_version="m", summary={})
        record_touches(ledger, touches)
    checks = judge_people(labelled, settings=settings, as_of=AS_OF)
    plan = of_kind(checks, "plan")
    assert "plan of 2025-10-01: 2 of 4 touches due were made" in plan.sentence
    assert "nothing is recorded by ben, which is not read as not done" in plan.sentence
    assert "took 2 at least" in of_kind(checks, "hours").sentence
