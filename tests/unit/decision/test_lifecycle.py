"""S1: lifecycle stage and cohort."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.lifecycle import STAGES, Lifecycle, lifecycle_stage, start_cohort


def stage(**columns: object) -> object:
    return lifecycle_stage(pd.DataFrame([columns]), policy=Lifecycle()).iloc[0]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"tenure_days": 89}, "onboarding"), ({"tenure_days": 90}, "adoption"),
        ({"tenure_days": 365}, "growth"),
        ({"tenure_days": 300, "days_to_renewal": 120}, "renewal"),
        ({"tenure_days": 300, "days_to_renewal": 121}, "adoption"),
        ({"tenure_days": 30, "days_to_renewal": 5}, "onboarding"),
        ({"tenure_days": 800, "days_to_renewal": np.nan}, "growth"),
        ({"tenure_days": 800, "days_to_renewal": 20, "days_to_anniversary": 300}, "growth"),
        ({"tenure_days": 1000, "days_to_renewal": 20, "days_to_anniversary": 95}, "renewal"),
        ({"observation_date": "2026-01-31", "started_on": "2026-01-01"}, "onboarding"),
    ],
)  # fmt: skip
def test_each_stage_begins_and_ends_where_the_policy_says(columns, expected):
    assert stage(**columns) == expected
    assert expected in STAGES


def test_an_account_of_unknown_age_has_no_stage_and_no_cohort():
    """U4."""
    assert pd.isna(stage(tenure_days=np.nan))
    assert pd.isna(stage(seats=3))
    nothing = pd.DataFrame({"observation_date": [pd.Timestamp("2026-01-01")], "tenure_days": [np.nan]})
    assert start_cohort(nothing, by="quarter").isna().all()


def test_a_cohort_is_the_day_of_the_start_not_that_of_the_look():
    book = pd.DataFrame(
        {"observation_date": pd.to_datetime(["2026-01-01", "2026-07-01"]), "tenure_days": [1, 182]}
    )
    assert start_cohort(book, by="year").tolist() == ["2025", "2025"]
    assert start_cohort(book, by="quarter").tolist() == ["2025 Q4", "2025 Q4"]
    assert start_cohort(pd.DataFrame({"started_on": ["2024-03-31", "no date"]}), by="quarter")[0] == "2024 Q1"
