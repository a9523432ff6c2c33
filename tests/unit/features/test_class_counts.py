"""U6: the counts of each outcome say which step of the model ladder a book is large enough for."""

import pandas as pd
import pytest

from standfast.features.class_counts import check_dates, check_labels


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
    (finding,) = check_labels({"churned": label(n_true, n_false)})
    assert (finding.name, finding.severity) == ("classes:churned", severity)
    assert told in finding.explanation
    assert f"{n_true} yes" in finding.explanation


@pytest.mark.parametrize(("n_true", "n_false"), [(0, 50), (50, 0), (0, 0)])
def test_a_single_outcome_is_an_error_with_its_number(n_true: int, n_false: int) -> None:
    (finding,) = check_labels({"churned": label(n_true, n_false)})
    assert (finding.name, finding.severity) == ("one_class:churned", "error")
    assert f"{n_true} yes" in finding.explanation


def test_no_label_at_all_is_an_error() -> None:
    assert [finding.name for finding in check_labels({})] == ["no_label"]


def test_dates_with_a_single_outcome_are_named_and_unmatured_ones_are_not() -> None:
    frame = pd.DataFrame(
        {
            "observation_date": pd.to_datetime(["2024-01-01"] * 2 + ["2024-02-01"] * 2 + ["2024-03-01"] * 2),
            "churned": pd.array([True, False, False, False, None, None], dtype="boolean"),
        }
    )
    (finding,) = check_dates(frame, {"churned": frame["churned"]})
    assert "1 of 3 observation dates: 2024-02-01." in finding.explanation
