import numpy as np

from standfast.sample.accounts import INDUSTRIES, accounts_table, found_accounts
from standfast.sample.period import Period


def test_ids_are_unique_and_owners_have_about_a_hundred_accounts_each(book):
    accounts = book.tables["accounts"]
    assert accounts["account_id"].is_unique
    assert accounts["owner"].nunique() == 20
    assert accounts["owner"].value_counts().between(60, 140).all()


def test_the_top_tenth_carries_more_than_two_fifths_of_the_revenue():
    """T5: the book is concentrated, as real ones are."""
    revenue = np.sort(found_accounts(2000, period=Period(24), seed=1).revenue)[::-1]
    assert 0.4 < revenue[:200].sum() / revenue.sum() < 0.8


def test_a_third_joins_during_the_period():
    joined = found_accounts(2000, period=Period(24), seed=1).joined_month
    assert 0.28 < (joined >= 0).mean() < 0.38
    assert joined.max() == 23


def test_industries_are_typed_in_mixed_case_and_sometimes_missing(book):
    industry = book.tables["accounts"]["industry"]
    assert 0.01 < industry.isna().mean() < 0.06
    odd = ~industry.dropna().isin(INDUSTRIES)
    assert 0.05 < odd.mean() < 0.2
    assert set(industry.dropna().str.strip().str.lower()) == {word.lower() for word in INDUSTRIES}


def test_parents_are_other_accounts_without_a_parent(book):
    accounts = book.tables["accounts"].set_index("account_id")
    children = accounts[accounts["parent_id"].notna()]
    assert len(children) > 20
    assert (children.index != children["parent_id"]).all()
    assert accounts.loc[children["parent_id"], "parent_id"].isna().all()


def test_status_is_the_state_of_today_and_would_leak(book):
    active_now = book.tables["accounts"].set_index("account_id")["status"].eq("Active")
    open_rows = book.tables["subscriptions"].query("ended_on.isna()")["account_id"].unique()
    assert set(active_now[active_now].index) >= set(open_rows)


def test_facts_of_the_table_do_not_depend_on_who_left(life):
    n = life.roster.n_accounts
    everyone, nobody = (
        accounts_table(
            life.roster, plan=life.contracts.plan, active=np.full(n, value), period=life.period, seed=1
        )
        for value in (True, False)
    )
    assert everyone.drop(columns="status").equals(nobody.drop(columns="status"))
