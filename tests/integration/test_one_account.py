"""One account through the Python API: the numbers of a scored table, in milliseconds."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from standfast.errors import InputError, UnknownNameError
from standfast.pipelines.book_rows import open_book
from standfast.pipelines.flat import known_revenue, prepare_flat
from standfast.pipelines.one_account import AccountScorer, open_scorer
from standfast.pipelines.one_cells import UnusualCellError
from standfast.pipelines.stretches import score_batch
from standfast.settings import load_settings

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def scorer(trained_flat_folder):
    return open_scorer(trained_flat_folder / "models")


@pytest.fixture(scope="module")
def accounts(trained_flat_folder):
    """Accounts with cells of every usual kind, and what travels to a plan beside them."""
    rows = pd.read_csv(trained_flat_folder / "customers.csv").drop(columns=["left", "upsold"]).head(40)
    rows["mrr"] = rows["mrr"].mask(rows.index % 9 == 0)
    rows.loc[rows.index % 10 == 0, "plan"] = None
    rows.loc[rows.index % 11 == 0, "plan"] = "never met"
    return rows.assign(
        owner="ann", auto_renew=np.where(rows.index % 2 == 0, "yes", "no"), gross_margin=0.7,
        observation_date="2026-01-05", renews_on=np.where(rows.index % 3 == 0, "2026-03-01", None),
        upsell_value=np.where(rows.index % 4 == 0, 500.0, np.nan), seat_utilisation=0.9,
    )  # fmt: skip


def same(one, row):
    """Compare an answer with a line of the scores: the same columns in the same order, the same cells."""
    assert list(one) == list(row.index)
    for name, cell in one.items():
        told = row[name]
        if name == "reasons":
            assert cell == json.loads(told)
        elif cell is None:
            assert pd.isna(told), name
        else:
            assert cell == told, name


def test_one_account_gets_the_numbers_that_a_table_gets_to_the_last_bit(scorer, accounts, monkeypatch):
    """U1: reasons and all; and none of these cells needs the slow way through a table."""
    scores = scorer.score(accounts, n_reasons=3).scores
    monkeypatch.setattr(AccountScorer, "_by_table", None)
    for place, account in enumerate(accounts.to_dict("records")):
        same(scorer.score_one(account, n_reasons=3), scores.iloc[place])


@pytest.mark.parametrize(
    "cells",
    [{"tickets": "3"}, {"tickets": True}, {"usage": " -1.5 "}, {"usage": "n/a"}, {"id": 7.0}, {"mrr": "900"},
     {"mrr": -5}, {"mrr": None}, {"plan": 12.0}, {"plan": ""}, {"gross_margin": None}, {"left": "No"},
     {"observation_date": pd.Timestamp("2026-01-05", tz="UTC")}, {"auto_renew": 1}, {"churned": "no"}],
    ids=str,
)  # fmt: skip
def test_odd_cells_are_read_as_in_a_table(scorer, accounts, cells):
    account = {**accounts.iloc[1].to_dict(), **cells}
    row = scorer.score(pd.DataFrame([account]), n_reasons=2).scores.iloc[0]
    same(scorer.score_one(account, n_reasons=2), row)


@pytest.mark.parametrize(
    ("cells", "said"),
    [({"tickets": "many"}, "tickets: 'many' is not a number"), ({"mrr": "a lot"}, "is not an amount"),
     ({"gross_margin": 70}, "is not a share"), ({"id": " "}, "account_id is empty")],
    ids=str,
)  # fmt: skip
def test_an_account_that_cannot_be_scored_is_one_sentence(scorer, accounts, cells, said):
    with pytest.raises(InputError) as refused:
        scorer.score_one({**accounts.iloc[1].to_dict(), **cells})
    assert "cannot be scored: " in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("column", ["plan", "mrr", "id"])
def test_a_missing_column_is_named(scorer, accounts, column):
    account = accounts.iloc[1].drop(column).to_dict()
    with pytest.raises(InputError, match=column):
        scorer.score_one(account)


def test_a_table_gives_scores_and_rejected_rows_and_refuses_twins(scorer, accounts):
    broken = accounts.astype({"tickets": object})
    broken.loc[2, "tickets"] = "many"
    batch = scorer.score(broken)
    assert (len(batch.scores), list(batch.rejected["row"])) == (len(accounts) - 1, [3])
    with pytest.raises(InputError, match="more than once"):
        scorer.score(pd.concat([accounts, accounts.head(1)]))


def test_accounts_of_a_book_with_events_come_in_our_own_words(scorer, accounts):
    """Their revenue is per year already, and nothing is renamed."""
    words = prepare_flat(accounts, settings=scorer.scorer.settings).rows
    of_events = AccountScorer(replace(scorer.scorer, is_flat=False))
    scores = of_events.score(words, n_reasons=3).scores
    for place, account in enumerate(words.to_dict("records")[:10]):
        same(of_events.score_one(account, n_reasons=3), scores.iloc[place])
    with pytest.raises(InputError, match="account_id"):
        of_events.score(words.drop(columns="account_id"))


def test_what_only_a_table_can_read_is_left_to_it(scorer, accounts):
    cells = scorer._cells
    usual = accounts.iloc[1].to_dict()
    assert cells.read(usual)["annual_revenue"] == usual["mrr"] * 12
    for account in ({**usual, "mrr": "900"}, {**usual, "churned": True}, {}):
        with pytest.raises(UnusualCellError):
            cells.read(account)


def test_an_account_of_the_book_is_asked_by_its_id_and_may_be_thought_otherwise(
    flat_folder, scorer, accounts
):
    book = open_book(load_settings())
    name = str(accounts["id"].iloc[1])
    as_it_is = book.score_one(name, n_reasons=2)
    table = pd.read_csv(flat_folder / "customers.csv").drop(columns=["left", "upsold"]).head(40)
    row = scorer.score(table).scores.iloc[1]
    for column in ("churn_probability", "upsell_probability", "annual_revenue", "cell"):
        assert as_it_is[column] == row[column], column
    assert book.score_one(name, {"tickets": 30})["churn_probability"] > as_it_is["churn_probability"]
    with pytest.raises(UnknownNameError, match="does not hold account 'A-00x' now"):
        book.score_one("A-00x")


def test_money_of_rows_in_our_own_words_is_per_year_whatever_the_users_tables_say(scorer, accounts):
    words = prepare_flat(accounts, settings=scorer.scorer.settings).rows
    of_events = replace(scorer.scorer, is_flat=False)
    assert of_events.settings.units.revenue_period == "month"
    scores = score_batch(words, 1, scorer=of_events, n_reasons=0).scores
    assert scores["annual_revenue"].equals(known_revenue(words["annual_revenue"]).reset_index(drop=True))
