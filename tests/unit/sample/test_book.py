import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.errors import InputError
from standfast.sample.book import EVENT_COLUMNS, make_sample_book
from standfast.schema import TABLES

LAST_DAY = pd.Timestamp("2025-12-31 23:59:59")


def test_the_same_seed_gives_the_same_book_and_another_seed_another():
    first, again, other = (make_sample_book(n_accounts=60, n_months=6, seed=seed) for seed in (3, 3, 4))
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    pd.testing.assert_frame_equal(first.truth, again.truth)
    assert not first.tables["usage"].equals(other.tables["usage"])


def test_every_canonical_table_is_there_with_the_columns_it_needs(book):
    assert set(book.tables) == set(TABLES)
    for name, table in book.tables.items():
        assert set(TABLES[name].needed) <= set(table.columns)
        assert table[list(TABLES[name].needed)].notna().all(axis=None)


def test_columns_beside_the_canonical_ones_are_few_and_meant(book):
    extra = {name: set(table.columns) - set(TABLES[name].names) for name, table in book.tables.items()}
    assert {name: columns for name, columns in extra.items() if columns} == {
        "accounts": {"status", "sales_region_code", "fiscal_year_end"},
        "subscriptions": {"billing_cycle_day"},
        "invoices": {"invoice_id"},
        "tickets": {"ticket_id"},
    }


def test_nothing_happens_after_the_end_and_the_as_of_date_is_the_day_after_the_last_event(book):
    for name, columns in EVENT_COLUMNS.items():
        assert book.tables[name][list(columns)].max().max() <= LAST_DAY
    assert book.tables["usage"]["day"].max() == pd.Timestamp("2025-12-31")
    assert book.as_of == dt.date(2026, 1, 1)


def test_only_facts_about_accounts_and_people_are_older_than_the_period(book):
    for name in set(EVENT_COLUMNS) - {"contacts"}:
        assert book.tables[name][EVENT_COLUMNS[name][0]].min() >= pd.Timestamp("2024-01-01")
    assert book.tables["accounts"]["started_on"].min() < pd.Timestamp("2022-01-01")


def test_orphans_aside_every_row_belongs_to_an_account_and_every_owner_to_the_team(book):
    known = set(book.tables["accounts"]["account_id"])
    for name in set(TABLES) - {"team", "tickets", "usage"}:
        assert set(book.tables[name]["account_id"]) <= known
    assert set(book.tables["accounts"]["owner"].dropna()) <= set(book.tables["team"]["owner"])


def test_churn_and_expansion_within_ninety_days_stay_in_the_band_a_real_book_shows(book):
    quarter = book.truth.assign(quarter=book.truth["month"].dt.to_period("Q"))
    start = quarter.groupby(["account_id", "quarter"], observed=True)["active"].first()
    happened = quarter.groupby(["account_id", "quarter"], observed=True)[["churned", "expanded"]].max()
    active = happened[start]
    churn = active["churned"].mean()
    expansion = active.loc[~active["churned"], "expanded"].mean()
    assert 0.03 < churn < 0.05
    assert 0.04 < expansion < 0.08


def test_more_than_a_hundred_accounts_churn_so_that_boosted_trees_may_learn(book):
    assert book.truth.loc[book.truth["churned"], "account_id"].nunique() > 100


def test_health_before_the_event_separates_those_who_leave_from_those_who_stay(book):
    truth = book.truth.sort_values(["account_id", "month"])
    before = truth.groupby("account_id")["health"].shift(1)
    leaves = truth["churned"] & before.notna()
    stays = truth["active"] & ~truth["churned"] & before.notna()
    rank = pd.concat([before[leaves], before[stays]]).rank().to_numpy()[: leaves.sum()]
    below = (rank.mean() - (leaves.sum() + 1) / 2) / stays.sum()
    assert 0.1 < below < 0.35, "the chance that a leaver was healthier than one who stayed"


def test_usage_tells_something_about_health(book):
    july = book.tables["usage"].query("event == 'login' and '2025-07-01' <= day <= '2025-07-31'")
    use = (july["quantity"] / july["limit"]).groupby(july["account_id"]).sum()
    health = book.truth[book.truth["month"] == "2025-07-01"].set_index("account_id")["health"]
    both = pd.concat([use, health], axis=1, join="inner")
    assert both.corr(method="spearman").iloc[0, 1] > 0.3


@pytest.mark.parametrize(("n_accounts", "n_months"), [(0, 24), (10, 0), (-1, -1)])
def test_a_book_without_accounts_or_months_is_refused_with_the_numbers(n_accounts, n_months):
    with pytest.raises(InputError, match=re.escape(f"not {n_accounts} and {n_months}")):
        make_sample_book(n_accounts=n_accounts, n_months=n_months)


def test_a_negative_seed_is_refused():
    with pytest.raises(InputError, match="not -1"):
        make_sample_book(n_accounts=5, n_months=2, seed=-1)


@given(n_accounts=st.integers(1, 12), n_months=st.integers(1, 30), seed=st.integers(0, 2**31))
def test_the_smallest_books_are_whole_too(n_accounts, n_months, seed):
    book = make_sample_book(n_accounts=n_accounts, n_months=n_months, seed=seed)
    assert len(book.tables["accounts"]) == book.tables["accounts"]["account_id"].nunique() == n_accounts
    assert len(book.truth) == n_accounts * n_months
    assert set(book.tables["subscriptions"]["account_id"]) == set(book.tables["accounts"]["account_id"])
    assert book.as_of <= dt.date(2026, 1, 1)
    assert np.isfinite(book.tables["subscriptions"]["amount"]).all()
