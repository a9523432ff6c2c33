"""Published tables are read, guessed and checked as a person would."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from standfast.adapters.tables import read_flat_table
from standfast.features.book_guess import guess_book
from standfast.features.findings import CheckPolicy, Finding
from standfast.features.label_values import LabelValues, read_label
from standfast.features.roles import guess_roles
from standfast.features.settings_text import render_settings
from standfast.features.usability import check_flat_table, resolve

DATA = Path(__file__).parents[3] / "shared" / "data"
CLEAN = (
    "telco/telco_clean.csv",
    "maven/maven_clean.csv",
    "mlc/mlc_clean.csv",
    "saas/saas_clean.csv",
    "bank/bank_clean.csv",
)
pytestmark = [
    pytest.mark.real,
    pytest.mark.integration,
    pytest.mark.skipif(not DATA.is_dir(), reason="the published data sets are not beside the project"),
]


def findings_of(name: str) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    frame = read_flat_table(DATA / name)
    roles = guess_roles(frame, file_name=name)
    assert roles.churned is not None
    label = read_label(frame[roles.churned], spec=roles.label_values.get("churned"), name="churned")
    labels = {"churned": label.values}  # noqa: PD011  (a field of ReadLabel)
    return frame, check_flat_table(frame, labels=labels, roles=roles.columns)


def test_telco_is_guessed_exactly() -> None:
    frame = read_flat_table(DATA / "telco/telco.csv")
    roles = guess_roles(frame, file_name="telco.csv")
    assert roles.columns == {
        "account_id": "customerID",
        "annual_revenue": "MonthlyCharges",
        "churned": "Churn",
    }
    assert roles.revenue_period == "month"
    assert roles.label_values == {}
    assert roles.ignore == roles.warnings == ()
    assert "TotalCharges: number, 11 blank" in map(str, roles.kinds)
    assert len(frame) == 7043


def test_maven_with_mark_spaces_and_three_values_is_guessed_exactly() -> None:
    roles = guess_roles(read_flat_table(DATA / "maven/maven_raw.csv"), file_name="maven_raw.csv")
    assert roles.columns == {
        "account_id": "Customerid", "annual_revenue": "Monthlycharge", "churned": "Customerstatus",
    }  # fmt: skip
    assert roles.revenue_period == "month"
    assert roles.label_values == {
        "churned": LabelValues(is_true=("Churned",), is_false=("Stayed",), is_exclude=("Joined",))
    }


def test_mavens_two_leaks_are_errors_and_nothing_else_is() -> None:
    _, found = findings_of("maven/maven_raw.csv")
    errors = {finding.name for finding in found if finding.severity == "error"}
    assert errors == {"leak:Churncategory", "leak:Churnreason"}
    assert resolve(found, CheckPolicy(leakage="set_aside")) == (("Churncategory", "Churnreason"), ())
    assert {finding.name for finding in resolve(found, CheckPolicy())[1]} == errors


@pytest.mark.parametrize("name", ["telco/telco.csv", *CLEAN])
def test_sound_tables_raise_no_error_and_accuse_no_column(name: str) -> None:
    frame, found = findings_of(name)
    assert [finding.name for finding in found if finding.severity == "error"] == []
    assert [finding.name for finding in found if finding.name.startswith("suspect:")] == []
    assert resolve(found, CheckPolicy(leakage="set_aside")) == ((), ())
    assert len(frame) > 1000


def test_the_settings_for_maven_name_its_leaks_and_read_back() -> None:
    text = render_settings(guess_book({"maven_raw.csv": read_flat_table(DATA / "maven/maven_raw.csv")}))
    assert tomllib.loads(text)["check"] == {"leakage": "set_aside"}
    assert "# Churnreason seems to know churned" in text


def test_ravenstacks_files_are_recognised_and_its_list_of_leavers_left_out() -> None:
    files = sorted((DATA / "ravenstack").glob("*.csv"))
    book = guess_book({file.name: read_flat_table(file) for file in files}, name="ravenstack")
    assert {guess.table: guess.file_name for guess in book.tables} == {
        "accounts": "ravenstack_accounts.csv",
        "subscriptions": "ravenstack_subscriptions.csv",
        "usage": "ravenstack_feature_usage.csv",
        "tickets": "ravenstack_supports_ticket.csv",
    }
    unused = {guess.file_name: guess.reason for guess in book.unused}
    assert "subscriptions end" in unused["ravenstack_churn_events.csv"]
    assert book.revenue_period == "month"
    assert tomllib.loads(render_settings(book))["columns"]["subscriptions"]["amount"] == "mrr_amount"
