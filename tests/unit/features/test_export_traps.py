"""What misleads in an export is told with its numbers."""

import pandas as pd
import pytest

from standfast.features.export_traps import trap_warnings
from standfast.features.table_guess import guess_table


def warnings(name: str, *, is_flat: bool = False, **columns: object) -> str:
    frame = pd.DataFrame(columns)
    return "\n".join(trap_warnings(frame, guess_table(frame, file_name=name), is_flat=is_flat))


STRIPE = {
    "customer": ["c1", "c2", "c3", "c4"], "start_date": ["1"] * 4, "current_period_end": ["2"] * 4,
    "canceled_at": [None] * 4, "status": ["active", "active", "incomplete", "incomplete_expired"],
}  # fmt: skip


def test_when_the_end_was_asked_for_is_not_the_end() -> None:
    told = warnings("subs.csv", **STRIPE, ended_at=[None] * 4)
    assert "canceled_at is when the end was asked for" in told
    assert "nobody churns" not in told


def test_without_ends_nobody_churns() -> None:
    assert "nobody churns" in warnings("subs.csv", **STRIPE)


def test_the_period_now_running_is_no_renewal_date() -> None:
    assert "current_period_end is that of the period now running" in warnings("subs.csv", **STRIPE)


def test_amounts_and_quantities_of_today_are_told() -> None:
    told = warnings("subs.csv", **STRIPE, quantity=["1"] * 4)
    assert "quantity and the amount are those of the export" in told


def test_rows_that_were_never_paid_for_are_counted() -> None:
    assert "2 of 4 rows (50.0%) are incomplete, incomplete_expired" in warnings("subs.csv", **STRIPE)


@pytest.mark.parametrize(
    "column",
    ["Status", "StageName", "lifecyclestage", "Churn Reason", "LastActivityDate", "notes_last_contacted"],
)
def test_columns_of_today_are_named(column: str) -> None:
    accounts = {"account_id": ["a", "b"], "industry": ["x", "y"], column: ["p", "q"]}
    assert f"tell the future: {column}; no feature is made of them" in warnings("accounts.csv", **accounts)
    assert "ignore under [columns]" in warnings("accounts.csv", is_flat=True, **accounts)


def test_a_column_that_plays_a_role_is_not_held_against_it() -> None:
    deals = {"AccountId": ["a"], "StageName": ["Won"], "IsWon": ["true"], "CreatedDate": ["2024-01-01"]}
    told = warnings("deals.csv", **deals)
    assert "tell the future: StageName; no" in told


def test_parents_are_counted() -> None:
    accounts = {"account_id": ["a", "b"], "parent_id": [None, "a"], "industry": ["x", "y"]}
    assert "1 of 2 accounts have a parent (parent_id)" in warnings("accounts.csv", **accounts)


def test_rows_that_name_no_account_are_counted() -> None:
    told = warnings("invoices.csv", CustomerID=["a", None, None, "b"], InvoiceDate=["2024-01-01"] * 4)
    assert "2 of 4 rows (50.0%) name no account (CustomerID is blank)" in told
