"""A table is checked before anyone trusts a model of it: each finding names the thing and its number."""

import numpy as np
import pandas as pd
import pytest

from standfast.features.findings import CheckPolicy
from standfast.features.usability import check_flat_table, check_snapshots, resolve

N = 400
RNG = np.random.default_rng(3)


@pytest.fixture
def book() -> pd.DataFrame:
    left = RNG.random(N) < 0.4
    return pd.DataFrame(
        {
            "account_id": [f"A{i}" for i in range(N)],
            "annual_revenue": RNG.lognormal(8, 1, N),
            "visits": RNG.poisson(5, N),
            "plan": RNG.choice(["Basic", "Pro"], N),
            "churned": pd.array(left, dtype="boolean"),
        }
    )


def names(findings: object) -> list[str]:
    return [finding.name for finding in findings]  # type: ignore[attr-defined]


def test_a_sound_table_has_its_class_counts_and_nothing_else(book: pd.DataFrame) -> None:
    assert names(check_flat_table(book)) == ["classes:churned"]


def test_few_rows_and_duplicate_or_blank_ids_are_told_with_their_numbers(book: pd.DataFrame) -> None:
    small = book.head(20).copy()
    small["account_id"] = ["A1", "A1", "A2", "A2", "", None, *small["account_id"][6:]]
    found = {finding.name: finding for finding in check_flat_table(small)}
    assert found["few_rows"].explanation.startswith("there are only 20 rows")
    assert found["duplicate_ids"].severity == "error"
    assert "2 ids occur more than once: A1, A2." in found["duplicate_ids"].explanation
    assert "2 rows have no account_id" in found["blank_ids"].explanation


def test_columns_that_cannot_be_features_are_set_aside(book: pd.DataFrame) -> None:
    book = book.assign(
        batch="2024", email=[f"x{i}@y.z" for i in range(N)], began=["27-07-2023", "28-08-2023"] * (N // 2)
    )
    found = check_flat_table(book)
    assert resolve(found, CheckPolicy())[0] == ("batch", "email", "began")
    assert {finding.severity for finding in found} == {"note"}


def test_missing_shares_are_told_from_the_setting_on(book: pd.DataFrame) -> None:
    book["visits"] = book["visits"].astype(float).where(RNG.random(N) < 0.5)
    assert "missing:visits" in names(check_flat_table(book))
    assert "missing:visits" not in names(check_flat_table(book, policy=CheckPolicy(missing_share=0.9)))


def test_negative_and_missing_revenue_are_counted(book: pd.DataFrame) -> None:
    book.loc[:2, "annual_revenue"] = -1.0
    book.loc[3:6, "annual_revenue"] = np.nan
    found = {finding.name: finding.explanation for finding in check_flat_table(book)}
    assert "3 of 400 rows have a negative annual_revenue" in found["negative_revenue"]
    assert "4 of 400 rows have no annual_revenue" in found["missing_revenue"]
    assert "no_revenue" in names(check_flat_table(book.drop(columns="annual_revenue")))


def test_a_leak_is_an_error_once_however_many_labels_it_knows(book: pd.DataFrame) -> None:
    book["churn_reason"] = np.where(book["churned"], "price", None)
    book["expanded"] = ~book["churned"]
    found = [finding for finding in check_flat_table(book) if finding.column == "churn_reason"]
    assert [(finding.name, finding.severity) for finding in found] == [("leak:churn_reason", "error")]
    assert 'accept = ["leak:churn_reason"]' in found[0].way_out


def test_a_name_alone_is_a_warning(book: pd.DataFrame) -> None:
    book["lifecycle_stage"] = RNG.choice(["a", "b"], N)
    found = {finding.name: finding.severity for finding in check_flat_table(book)}
    assert found["suspect:lifecycle_stage"] == "warning"


def test_ignored_columns_and_roles_are_not_checked(book: pd.DataFrame) -> None:
    renamed = book.rename(columns={"account_id": "Id", "churned": "Status"}).assign(churn_reason="x")
    renamed["churn_reason"] = renamed["churn_reason"].where(renamed["Status"])
    found = check_flat_table(
        renamed,
        labels={"churned": renamed["Status"]},
        roles={"account_id": "Id", "churned": "Status"},
        ignore=["churn_reason"],
    )
    assert names(found) == ["classes:churned"]


def test_errors_come_first(book: pd.DataFrame) -> None:
    book["churn_reason"] = book["churned"].map({True: "price", False: None})
    rank = {"error": 0, "warning": 1, "note": 2}
    order = [rank[finding.severity] for finding in check_flat_table(book.assign(batch="2024").head(300))]
    assert order == sorted(order)


def test_snapshots_are_checked_over_all_dates_and_for_leaks(book: pd.DataFrame) -> None:
    snapshots = pd.concat(
        [
            book.assign(
                observation_date=pd.Timestamp("2024-01-01"), ended=np.where(book["churned"], 1.0, np.nan)
            ),
            book.assign(observation_date=pd.Timestamp("2024-02-01"), churned=False, ended=np.nan),
        ],
        ignore_index=True,
    )
    snapshots["churned"] = snapshots["churned"].astype("boolean")
    found = names(check_snapshots(snapshots))
    assert "leak:ended" in found
    assert "one_class_dates:churned" in found
    assert "duplicate_ids" not in found


def test_the_frame_given_is_not_changed(book: pd.DataFrame) -> None:
    before = book.copy()
    check_flat_table(book)
    pd.testing.assert_frame_equal(book, before)
