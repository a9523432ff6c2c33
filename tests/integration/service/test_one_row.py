"""One account scored at once gets what the table's kernel gives it, or is left to that."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.pipelines.one_account import AccountScorer
from standfast.pipelines.score_sent import score_sent
from standfast.schema import LABELS
from standfast.service.api import score as score_route
from standfast.service.rows import row_of, rows_of

pytestmark = pytest.mark.integration

ROW = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["A-1", " A 2 ", "007"]),
        "plan": st.sampled_from(["pro", "PRO", "gold", "", " basic ", None, True, 7, 7.5]),
        "usage": st.one_of(
            st.none(), st.floats(-5, 5), st.integers(-3, 3), st.sampled_from(["0.5", "n/a", "", True])
        ),
        "tickets": st.one_of(st.none(), st.integers(0, 20), st.sampled_from(["3", "many", 2.5])),
        "mrr": st.one_of(
            st.none(), st.floats(-100, 1e6), st.integers(0, 10_000), st.sampled_from(["100", "much", True])
        ),
    },
    optional={
        "left": st.sampled_from([None, "yes", "No", "?"]),
        "gross_margin": st.sampled_from([None, 0.5, 1, 0, 2, "0.7"]),
        "upsell_value": st.sampled_from([None, 100, -1.0, "x"]),
        "auto_renew": st.sampled_from([None, True, 1, 0.0, "yes"]),
        "seat_utilisation": st.sampled_from([None, 0.2, 0.9, "0.9"]),
        "observation_date": st.sampled_from([None, "2026-01-01", "01/02/2026", "2026-02-30"]),
        "renews_on": st.sampled_from([None, "2026-05-01", "soon", "2026-05-01T10:00:00"]),
        "name": st.sampled_from([None, "Acme", "=1+1"]),
        "owner": st.sampled_from([None, "cleo"]),
        "annual_revenue": st.sampled_from([None, 5]),
        "account_id": st.sampled_from(["other"]),
        "colour": st.sampled_from(["red", 1]),
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def scorer(desk):
    return desk.scorer


@pytest.fixture(scope="module")
def quick(scorer):
    return AccountScorer(scorer)


@given(row=ROW)
def test_whatever_the_cells_the_quick_way_tells_the_same_or_nothing(row, scorer, quick):
    from standfast.errors import InputError

    try:
        told = quick.score_plain(row)
    except InputError as problem:
        with pytest.raises(InputError, match=re.escape(str(problem))):
            score_sent([row], scorer)
        return
    if told is None:
        return
    try:
        table = score_sent([row], scorer)
    except InputError as problem:  # pragma: no cover  (what the table refuses the quick way must not score)
        raise AssertionError(row) from problem
    assert not len(table.rejected)
    assert [row_of(told)] == rows_of(table.scores)


def test_a_plain_row_goes_the_quick_way(quick, row):
    assert quick.score_plain(row) is not None
    assert quick.score_plain(row | {"left": "yes"}) is None
    assert quick.score_plain({name: cell for name, cell in row.items() if name != "plan"}) is None


@pytest.fixture
def of_events(running, desk):
    """A service on a desk whose model is of a book with events, and so is asked in standfast's words."""
    scorer = replace(desk.scorer, is_flat=False)
    run = running()
    observed = desk.seen.observed
    unlabelled = observed.current.drop(columns=list(LABELS), errors="ignore")  # as books with events are now
    seen = replace(desk.seen, observed=replace(observed, current=unlabelled))
    run.app.state.service.keeper.desk = replace(desk, seen=seen, book=replace(desk.book, scorer=scorer))
    run.app.state.service.keeper.look = lambda: None
    return run


def test_an_account_of_a_book_with_events_is_scored_by_its_id_without_a_table(of_events, desk, monkeypatch):
    """U1: the numbers of the book's own scores, and a note says where the cells come from."""
    monkeypatch.setattr(score_route, "score_sent", None)
    account = desk.accounts.iloc[3]
    asked = {"rows": [{"account_id": account["account_id"]}], "reasons": 2}
    told = of_events.client.post("/api/v1/score", json=asked, headers=of_events.key("read", "score")).json()
    for name in ("churn_probability", "annual_revenue", "reward", "cell", "segment"):
        assert told["scores"][0][name] == account[name], name
    assert len(told["scores"][0]["reasons"]) == 2
    assert any("cells of 1 accounts are the book's" in note for note in told["notes"])


def test_what_a_row_says_counts_before_what_the_book_says(of_events, desk):
    account = desk.accounts["account_id"].iloc[3]
    asked = {"rows": [{"account_id": account}, {"account_id": "New", "tickets": 1}]}
    asked["rows"][0] |= {"tickets": 30, "usage": -3}
    told = of_events.client.post("/api/v1/score", json=asked, headers=of_events.key("read", "score")).json()
    own = desk.accounts.set_index("account_id")["churn_probability"]
    assert told["scores"][0]["churn_probability"] > own[account]
    assert told["rows_in"] == told["scored"] + told["rejected"] == 2


def test_an_unknown_account_of_a_book_with_events_needs_all_features(of_events):
    asked = {"rows": [{"account_id": "New", "tickets": 1}]}
    answer = of_events.client.post("/api/v1/score", json=asked, headers=of_events.key("read", "score"))
    assert answer.status_code == 422
    assert "usage" in answer.json()["detail"]


def test_whoever_may_score_and_not_read_learns_nothing_of_the_book_by_an_id(of_events, desk):
    """OWASP API1 and API3: the book's cells are not to be had by asking for their scores."""
    asked = {"rows": [{"account_id": desk.accounts["account_id"].iloc[3]}]}
    answer = of_events.client.post("/api/v1/score", json=asked, headers=of_events.key("score"))
    assert answer.status_code == 422
