"""Where an account stands in its life with us: its stage, and the cohort it started in (S1)."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from annotated_types import Gt
from typing_extensions import Doc

from standfast.decision.columns import numbers, texts

STAGES: dict[str, str] = {
    "onboarding": "New: close guidance until the first goal is reached.",
    "adoption": "In its first year: wider and deeper use, scheduled check-ins.",
    "renewal": "Its renewal is near: value reached, open questions, the next term.",
    "growth": "Past its first year and not yet renewing: the next step.",
}
"""The stages in order, with what each is about."""


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """When one stage ends and the next begins."""

    onboarding_days: Annotated[int, Gt(0), Doc("days from the start in which an account is new")] = 90
    adoption_days: Annotated[int, Gt(0), Doc("days from the start after which it has grown up")] = 365
    renewal_days: Annotated[int, Gt(0), Doc("days before a yearly renewal from which it is renewing")] = 120


def lifecycle_stage(frame: pd.DataFrame, *, policy: Lifecycle) -> pd.Series:
    """Return each account's stage; empty where its age is unknown.

    A contract that renews each month is renewing only before its anniversary, where that is known.

    Examples
    --------
    >>> book = pd.DataFrame({"tenure_days": [10, 200, 900, 900], "days_to_renewal": [355, 165, 60, 200]})
    >>> lifecycle_stage(book, policy=Lifecycle()).tolist()
    ['onboarding', 'adoption', 'renewal', 'growth']
    """
    age = _age_days(frame)
    soon = numbers(frame, "days_to_renewal") <= policy.renewal_days
    yearly = ~(numbers(frame, "days_to_anniversary") > policy.renewal_days)
    codes = np.select(
        [np.isnan(age), age < policy.onboarding_days, soon & yearly, age < policy.adoption_days],
        [-1, 0, 2, 1],
        3,
    )
    return texts(tuple(STAGES), codes, frame.index)


def start_cohort(frame: pd.DataFrame, *, by: str) -> pd.Series:
    """Return the year (``2024``) or the quarter (``2024 Q3``) an account started in; empty where unknown.

    Examples
    --------
    >>> book = pd.DataFrame({"observation_date": [pd.Timestamp("2026-01-01")], "tenure_days": [400]})
    >>> start_cohort(book, by="year").tolist(), start_cohort(book, by="quarter").tolist()
    (['2024'], ['2024 Q4'])
    """
    started = start_dates(frame)
    year = started.dt.year.astype("Int64").astype("string")
    if by == "quarter":
        year = year + " Q" + started.dt.quarter.astype("Int64").astype("string")
    return pd.Series(year, index=frame.index, dtype="str")


def start_dates(frame: pd.DataFrame) -> pd.Series:
    """Return when each account started, by its tenure, else by ``started_on``."""
    if {"tenure_days", "observation_date"} <= set(frame.columns):
        tenure = pd.to_timedelta(numbers(frame, "tenure_days"), unit="D")
        return pd.Series(pd.to_datetime(frame["observation_date"]) - tenure, index=frame.index)
    if "started_on" in frame:
        return pd.to_datetime(frame["started_on"], errors="coerce")
    return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[ns]")


def _age_days(frame: pd.DataFrame) -> np.ndarray:
    if "tenure_days" in frame or "observation_date" not in frame:
        return numbers(frame, "tenure_days")
    age = pd.to_datetime(frame["observation_date"]) - start_dates(frame)
    return np.asarray(age.dt.days, dtype=np.float64)
