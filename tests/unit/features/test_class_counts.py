"""U6: the counts of each outcome say which step of the model ladder a book is large enough for."""

import pandas as pd
import pytest

from standfast.features.class_counts import (
    check_dates,
    check_drift,
    check_labels,
    date_facts,
    label_facts,
)


def label(n_true: int, n_false: int) -> pd.Series:
    return pd.Series(pd.array([True] * n_true + [False] * n_false + [None], dtype="boolean"))


@pytest.mark.parametrize(
    ("n_true", "n_false", "severity", "told"),
    [
        (19, 500, "warning", "scorecard"),
        (20, 500, "warning", "logistic"),
        (99, 500, "warning", "logistic"),
        (100, 500, "note", "boosted trees"),
        (500, 19, "warning", "scorecard"),
    ],
)
def test_the_rarer_outcome_decides_the_step(n_true: int, n_false: int, severity: str, told: str) -> None:
    (finding,) = check_labels(label_facts({"churned": label(n_true, n_false)}))
    assert (finding.name, finding.severity) == ("classes:churned", severity)
    assert told in finding.explanation
    assert f"{n_true} yes" in finding.explanation


@pytest.mark.parametrize(("n_true", "n_false"), [(0, 50), (50, 0), (0, 0)])
def test_a_single_outcome_is_an_error_with_its_number(n_true: int, n_false: int) -> None:
    (finding,) = check_labels(label_facts({"churned": label(n_true, n_false)}))
    assert (finding.name, finding.severity) == ("one_class:churned", "error")
    assert f"{n_true} yes" in finding.explanation


def test_no_label_at_all_is_an_error() -> None:
    assert [finding.name for finding in check_labels(())] == ["no_label"]


def test_dates_with_a_single_outcome_are_named_and_unmatured_ones_are_not() -> None:
    frame = pd.DataFrame(
        {
            "observation_date": pd.to_datetime(["2024-01-01"] * 2 + ["2024-02-01"] * 2 + ["2024-03-01"] * 2),
            "churned": pd.array([True, False, False, False, None, None], dtype="boolean"),
        }
    )
    (finding,) = check_dates(date_facts(frame, {"churned": frame["churned"]}))
    assert "1 of 3 observation dates: 2024-02-01." in finding.explanation


def test_events_are_counted_by_account_where_one_has_several_rows() -> None:
    """U6: ten accounts that left, seen on three dates each, are ten events."""
    rows = pd.Series(pd.array([True] * 30 + [False] * 300, dtype="boolean"))
    accounts = pd.Series([f"A{i % 10}" for i in range(30)] + [f"B{i}" for i in range(300)])
    (facts,) = label_facts({"churned": rows}, accounts=accounts)
    assert (facts.n_true, facts.n_events, facts.step) == (30, 10, "scorecard")


def monthly(shares: list[float], n: int = 1000) -> pd.DataFrame:
    days = pd.date_range("2024-01-01", periods=len(shares), freq="MS")
    parts = [pd.DataFrame({"observation_date": d, "churned": [i < s * n for i in range(n)]})
             for d, s in zip(days, shares, strict=True)]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def drifts(frame: pd.DataFrame) -> list[str]:
    labels = {"churned": frame["churned"].astype("boolean")}
    return [finding.name for finding in check_drift(date_facts(frame, labels))]


def test_a_base_rate_that_doubles_is_told_and_one_that_wobbles_is_not() -> None:
    assert drifts(monthly([0.05, 0.05, 0.05, 0.05, 0.12, 0.12])) == ["drift:churned"]
    assert drifts(monthly([0.05, 0.055, 0.048, 0.052, 0.05, 0.053])) == []


def test_each_date_counts_its_rows_and_who_was_left_out() -> None:
    frame = monthly([0.1, 0.2], n=10)
    first, second = date_facts(
        frame, {"churned": frame["churned"].astype("boolean")}, left_out={"2024-02-01": {"in trial": 3}}
    )
    assert (first.date, first.n_rows, first.labels["churned"]) == ("2024-01-01", 10, (1, 10))
    assert (second.labels["churned"], second.left_out) == ((2, 10), {"in trial": 3})
