"""Roles are guessed by names met in exports and by values, each with its reason; traps are told."""

import numpy as np
import pandas as pd
import pytest

from standfast.features.aliases import ACCOUNT_ALIASES, LABEL_ALIASES, REVENUE_ALIASES, plain_name
from standfast.features.label_values import LabelValues
from standfast.features.roles import GuessedRoles, guess_roles, period_in

N = 30


def guess(**columns: object) -> GuessedRoles:
    frame = pd.DataFrame(
        {name.replace("__", " "): values for name, values in columns.items()}, index=range(N)
    )
    return guess_roles(frame, file_name="book.csv")


IDS = [f"A{i}" for i in range(N)]
MONEY = [f"{i * 7.5}" for i in range(N)]
YES_NO = ["Yes", "No"] * (N // 2)


@pytest.mark.parametrize(
    "name", ["customerID", "Customerid", "account_id", "CustomerId", "client", "AccountId", "Id"]
)
def test_ids_are_known_by_their_names(name: str) -> None:
    assert guess(**{name: IDS, "tenure": range(N)}).account_id == name


def test_of_two_known_ids_the_unique_one_tells_accounts_apart() -> None:
    assert guess(AccountId=["P1", "P2"] * (N // 2), Id=IDS).account_id == "Id"


def test_an_id_without_a_known_name_is_known_by_its_values_with_a_warning() -> None:
    roles = guess(score=np.linspace(0, 1, N), vertrag=IDS)
    assert roles.account_id == "vertrag"
    assert any("taken for its values" in warning for warning in roles.warnings)


def test_repeated_ids_are_told_with_their_number() -> None:
    roles = guess(customer_id=["A1"] * 3 + IDS[3:])
    assert roles.account_id == "customer_id"
    assert any("2 rows repeat an id" in warning for warning in roles.warnings)


def test_nothing_that_tells_accounts_apart_is_told() -> None:
    roles = guess(plan=["a", "b"] * (N // 2))
    assert roles.account_id is None
    assert any("no column tells accounts apart" in warning for warning in roles.warnings)


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("MonthlyCharges", "month"),
        ("Monthlycharge", "month"),
        ("MRR", "month"),
        ("current_mrr_usd", "month"),
        ("ARR", "year"),
        ("hs_arr", "year"),
        ("annual_revenue", "year"),
        ("QuarterlyFee", "quarter"),
        ("contract_value", "year"),
    ],
)
def test_revenue_and_its_period_are_known_by_the_name(name: str, period: str) -> None:
    roles = guess(account_id=IDS, **{name: MONEY})
    assert (roles.annual_revenue, roles.revenue_period) == (name, period)


def test_a_name_without_a_period_is_per_year_and_says_so() -> None:
    assert any("per year" in warning for warning in guess(account_id=IDS, contract_value=MONEY).warnings)
    assert period_in("contract_value") is None


@pytest.mark.parametrize("name", ["AnnualRevenue", "Annual__Revenue", "annualrevenue"])
def test_a_crms_turnover_is_not_taken_for_revenue(name: str) -> None:
    roles = guess(Id=IDS, **{name: MONEY})
    assert roles.annual_revenue is None
    assert any("own turnover" in warning for warning in roles.warnings)


def test_what_the_account_pays_is_taken_beside_its_turnover() -> None:
    roles = guess(Id=IDS, AnnualRevenue=MONEY, ARR=MONEY)
    assert roles.annual_revenue == "ARR"
    assert any("own turnover" in warning for warning in roles.warnings)


def test_money_that_is_no_number_is_no_revenue() -> None:
    assert guess(account_id=IDS, MRR=["high", "low"] * (N // 2)).annual_revenue is None


@pytest.mark.parametrize(
    "name", ["Churn", "Churned", "churned", "Exited", "Attrition", "churn_next_90d", "left", "has_left"]
)
def test_churn_labels_are_known(name: str) -> None:
    roles = guess(account_id=IDS, **{name: YES_NO})
    assert roles.churned == name
    assert roles.label_values == {}


@pytest.mark.parametrize(
    ("name", "label"), [("Upsold", "expanded"), ("upgraded", "expanded"), ("downgrade_flag", "contracted")]
)
def test_expansion_and_contraction_labels_are_known(name: str, label: str) -> None:
    assert guess(account_id=IDS, **{name: YES_NO}).columns[label] == name


def test_a_status_of_three_values_gets_a_proposal() -> None:
    roles = guess(account_id=IDS, Customerstatus=["Joined", "Stayed", "Churned"] * (N // 3))
    assert roles.churned == "Customerstatus"
    assert roles.label_values == {
        "churned": LabelValues(is_true=("Churned",), is_false=("Stayed",), is_exclude=("Joined",))
    }


@pytest.mark.parametrize(
    ("met", "left", "stayed", "neither"),
    [
        (["Existing Customer", "Attrited Customer"], ("Attrited Customer",), ("Existing Customer",), ()),
        (["active", "canceled", "trialing"], ("canceled",), ("active",), ("trialing",)),
        (["Churned", "Not churned"], ("Churned",), ("Not churned",), ()),
        (["Active", "No longer customer"], ("No longer customer",), ("Active",), ()),
        (["live", "lost", "??"], ("lost",), ("live",), ("??",)),
    ],
)
def test_the_words_of_a_status_are_understood(
    met: list[str], left: tuple[str, ...], stayed: tuple[str, ...], neither: tuple[str, ...]
) -> None:
    roles = guess(account_id=IDS, status=np.resize(met, N))
    assert roles.label_values["churned"] == LabelValues(is_true=left, is_false=stayed, is_exclude=neither)


@pytest.mark.parametrize("values", [["open", "won"], ["p1", "p2"], [str(i) for i in range(N)]])
def test_a_status_that_does_not_say_who_left_is_no_label(values: list[str]) -> None:
    roles = guess(account_id=IDS, status=np.resize(values, N))
    assert roles.churned is None
    assert any("left or grew" in warning for warning in roles.warnings)


def test_a_column_that_says_who_stayed_is_turned_round() -> None:
    roles = guess(account_id=IDS, renewed=YES_NO)
    assert roles.churned == "renewed"
    assert roles.label_values["churned"] == LabelValues(is_true=("No",), is_false=("Yes",))


def test_a_second_column_of_the_same_label_is_ignored_with_its_reason() -> None:
    roles = guess(account_id=IDS, Churn__Label=YES_NO, Churn__Value=["1", "0"] * (N // 2))
    assert roles.churned == "Churn Label"
    assert [(ignored.column, ignored.reason) for ignored in roles.ignore] == [
        ("Churn Value", "it seems to say churned once more")
    ]


def test_names_owners_plans_and_start_dates_are_known() -> None:
    roles = guess(
        account_id=IDS,
        CompanyName=[f"Firm {i}" for i in range(N)],
        CSM=["Ann", "Bob"] * (N // 2),
        plan_tier=["Basic", "Pro"] * (N // 2),
        signup_date=["2024-01-01", "2024-02-01"] * (N // 2),
    )
    assert roles.columns == {
        "account_id": "account_id", "name": "CompanyName", "owner": "CSM", "plan": "plan_tier",
        "started_on": "signup_date",
    }  # fmt: skip


def test_a_contract_type_is_not_a_contraction() -> None:
    assert guess(account_id=IDS, Contract=YES_NO).contracted is None


def test_no_column_plays_two_roles_and_every_guess_has_its_reason() -> None:
    roles = guess(customer=IDS, company=IDS, ARR=MONEY, Churn=YES_NO, upgraded=YES_NO)
    played = [guess.column for guess in roles.guesses]
    assert len(played) == len(set(played))
    assert all(guess.reason for guess in roles.guesses)


def test_every_alias_is_written_as_a_plain_name() -> None:
    for listed in (*ACCOUNT_ALIASES.values(), *LABEL_ALIASES.values(), tuple(REVENUE_ALIASES)):
        assert all(plain_name(alias) == alias for alias in listed)
        assert len(set(listed)) == len(listed)
