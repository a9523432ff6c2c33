import pandas as pd
import pytest


@pytest.fixture(scope="module")
def invoices(book):
    return book.tables["invoices"]


def test_invoices_are_paid_after_they_are_issued_and_late_ones_are_there(invoices):
    paid = invoices[invoices["paid_on"].notna()]
    assert (paid["paid_on"] > paid["issued_on"]).all()
    assert 0.1 < (paid["paid_on"] > paid["due_on"]).mean() < 0.6
    old = invoices["issued_on"] < "2025-06-01"
    assert 0 < invoices["paid_on"][old].isna().mean() < 0.02


def test_a_year_of_invoices_is_a_year_of_subscription(book, invoices):
    rows = book.tables["subscriptions"]
    whole = rows[(rows["renews_on"] - rows["started_on"]).dt.days >= 365]
    billed = whole.merge(invoices, left_on=["account_id", "started_on"], right_on=["account_id", "issued_on"])
    full = billed[billed["amount_y"] > 0.9 * billed["amount_x"]]
    assert len(full) > 0.9 * len(billed) > 100


def test_unhappy_accounts_pay_late(book, invoices):
    month = invoices["issued_on"].dt.to_period("M").dt.to_timestamp()
    health = book.truth.set_index(["account_id", "month"])["health"]
    felt = health.reindex(pd.MultiIndex.from_arrays([invoices["account_id"], month])).to_numpy()
    late = (invoices["paid_on"] - invoices["due_on"]).dt.days
    assert late.corr(pd.Series(felt), method="spearman") < -0.15


def test_what_was_imported_was_billed_by_the_system_before(book, invoices):
    assert invoices["issued_on"].min() > pd.Timestamp("2024-01-01")
    assert invoices["amount"].min() > 0
    assert len(invoices) < len(book.tables["subscriptions"])
