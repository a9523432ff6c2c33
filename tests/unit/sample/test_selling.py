from datetime import timedelta

import pytest


@pytest.fixture(scope="module")
def opportunities(book):
    return book.tables["opportunities"]


def test_what_is_still_open_is_neither_won_nor_lost(opportunities):
    still_open = opportunities["closed_on"].isna()
    assert still_open.any()
    assert opportunities["won"].isna().equals(still_open)
    closed = opportunities[~still_open]
    assert (closed["closed_on"] > closed["opened_on"]).all()


def test_hopes_for_expansion_are_mostly_wrong_and_renewals_mostly_right(opportunities):
    won = opportunities.dropna(subset=["won"]).groupby("kind")["won"].mean()
    assert 0.1 < won["expansion"] < 0.6
    assert won["renewal"] > 0.7
    assert won["new"] == 1.0


def test_a_won_expansion_is_a_new_subscription_row_of_that_day(book, opportunities):
    won = opportunities[(opportunities["kind"] == "expansion") & opportunities["won"].fillna(value=False)]
    rows = book.tables["subscriptions"][["account_id", "started_on"]]
    found = won.merge(rows, left_on=["account_id", "closed_on"], right_on=["account_id", "started_on"])
    assert len(found) == len(won) > 100


def test_the_pipeline_does_not_run_dry_towards_the_end_of_the_book(opportunities):
    """Open opportunities are a feature; fewer at the end would look like a change of the book."""
    closed = opportunities["closed_on"].fillna(opportunities["closed_on"].max() + timedelta(days=1))
    ends = [opportunities["opened_on"].max() - timedelta(days=n) for n in (5, 180, 360)]
    now, *before = [((opportunities["opened_on"] <= day) & (closed > day)).sum() for day in ends]
    assert 0.6 < now / (sum(before) / 2) < 1.6
