"""U1: why an account's probability is what it is, what changed, what is within reach; all adds up."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from standfast.errors import InputError
from standfast.features.encode import encode, learn_encoding
from standfast.features.peer_values import learn_peer_values
from standfast.features.reach import ReasonPolicy
from standfast.pipelines.account_reasons import within_reach
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.place import Yardsticks
from standfast.pipelines.scoring import Scorer, score_rows
from standfast.pipelines.why import Why, earlier_date, why_of
from standfast.propensity.model import Recipe, fit_propensity
from standfast.settings import Settings, build_settings

COLUMNS = ["industry", "plan", "usage_30d", "tickets_open", "seats", "logins"]


def rows(n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "account_id": [f"A{i}" for i in range(n)],
            "industry": rng.choice(["Retail", "Bank"], n),
            "plan": "pro",
            "usage_30d": rng.normal(10, 3, n).round(2),
            "tickets_open": rng.integers(0, 6, n).astype(float),
            "seats": np.where(rng.random(n) < 0.2, np.nan, rng.integers(1, 50, n)),
            "logins": rng.integers(0, 9, n).astype(float),
        }
    )


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    book = rows()
    encoding = learn_encoding(book, columns=COLUMNS)
    risk = 0.8 * book["tickets_open"] - 0.6 * book["usage_30d"] + 3 - 0.3 * book["logins"]
    y = (np.random.default_rng(6).random(len(book)) < 1 / (1 + np.exp(-risk))).astype(float)
    recipe = Recipe(n_folds=3, max_trees=30, patience=5, learning_rate=0.1, n_jobs=1, n_threads=1,
                    logistic_below=20)  # fmt: skip
    fitted = fit_propensity(
        encode(book, encoding).matrix, y, book["account_id"], encoding=encoding, recipe=recipe
    )
    assert fitted.rung == "blend"
    return Scorer("v", encoding, {"churned": fitted}, Yardsticks(0.3, None), Settings(), "f", is_flat=False,
                  peers=learn_peer_values(book, encoding))  # fmt: skip


def observed(then: pd.DataFrame | None = None) -> ObservedBook:
    told = {} if then is None else {"earlier": then, "earlier_on": date(2025, 12, 1)}
    return ObservedBook(rows()[:0], rows(), date(2026, 1, 1), is_flat=False, **told)


def why(scorer: Scorer, then: pd.DataFrame | None = None, account: str = "A3") -> Why:
    return why_of(account, observed(then), scorer, settings=Settings())


def test_all_reasons_with_the_base_are_the_probability_that_the_scores_hold(scorer):
    scores = score_rows(rows(), scorer=scorer).scores
    found = why(scorer)
    assert found.reasons.probability == pytest.approx(scores["churn_probability"].iloc[3], abs=1e-9)
    told = found.summary
    assert told["base"] + sum(told["families"].values()) == pytest.approx(told["log_odds"], abs=1e-9)
    assert {reason["feature"] for reason in told["reasons"]} >= {"usage in 30 days", "open tickets"}


def test_what_changed_adds_up_and_a_value_unknown_then_is_told(scorer):
    then = rows().assign(seats=np.nan, tickets_open=0.0)
    found = why(scorer, then)
    before = score_rows(then, scorer=scorer).scores["churn_probability"].iloc[3]
    assert found.moves.probability_then == pytest.approx(before, abs=1e-9)
    odds = np.log(before / (1 - before))
    assert sum(move.change for move in found.moves.every) == pytest.approx(
        found.reasons.log_odds - odds, abs=1e-9
    )
    assert {move.name: move.then for move in found.moves.every}["seats"] is None
    assert "since 2025-12-01, when it was" in "\n".join(found.lines("USD"))


def test_an_account_that_was_not_there_then_is_not_compared(scorer):
    found = why(scorer, rows()[:2])
    assert found.moves is None
    assert "since 2025-12-01: the account was not asked about then" in "\n".join(found.lines("USD"))
    assert "since" not in "\n".join(why(scorer).lines("USD"))


def test_what_is_within_reach_is_what_the_model_says_of_the_account_so_changed(scorer):
    row = rows()[3:4].assign(tickets_open=5.0, usage_30d=4.0)
    reach = within_reach(row, scorer, policy=ReasonPolicy())
    found = {(one.name, one.what): one for one in reach.every}
    assert set(found) == {
        ("tickets_open", "the best there is"),
        ("usage_30d", "usual among peers"),
        ("usage_30d", "the best tenth of the book"),
    }
    for one in reach.every:
        scored = score_rows(row.assign(**{one.name: one.goal}), scorer=scorer).scores
        assert one.probability == pytest.approx(scored["churn_probability"].iloc[0])
        assert one.probability < reach.probability
    nearest = {"tickets_open": 0.0, "usage_30d": found["usage_30d", "usual among peers"].goal}
    both = score_rows(row.assign(**nearest), scorer=scorer).scores["churn_probability"].iloc[0]
    assert reach.together == pytest.approx(both)


def test_what_is_as_good_already_or_not_known_has_no_goal(scorer):
    row = rows()[3:4].assign(tickets_open=0.0, usage_30d=np.nan)
    reach = within_reach(row, scorer, policy=ReasonPolicy())
    assert reach.every == ()
    assert reach.together is None


def test_a_column_of_the_team_s_own_may_be_within_reach(scorer):
    policy = build_settings({"reasons": {"within_reach": {"logins": "more", "no_such": "less"}}}).reasons
    reach = within_reach(rows()[3:4].assign(logins=0.0), scorer, policy=policy)
    assert "logins" in {one.name for one in reach.every}


def test_reasons_beside_others_are_those_of_the_row_alone(scorer):
    together = score_rows(rows(), scorer=scorer, n_reasons=4).scores["reasons"]
    alone = score_rows(rows()[7:8], scorer=scorer, n_reasons=4).scores["reasons"]
    assert together.iloc[7] == alone.iloc[0]
    assert '"peers": ' in alone.iloc[0]


def test_a_bundle_of_before_peers_were_kept_tells_everything_else(scorer):
    old = replace(scorer, peers=None)
    found = why(old)
    assert found.peers is None
    assert found.reach.every == ()
    assert all("peers" not in reason for reason in found.summary["reasons"])
    assert '"peers"' not in score_rows(rows(), scorer=old, n_reasons=2).scores["reasons"].iloc[0]
    assert "within reach" not in "\n".join(found.lines(""))


def test_the_earlier_date_is_the_one_asked_for_else_some_days_before(tmp_path):
    settings = build_settings(
        {
            "book": {"accounts": "a.csv", "subscriptions": "s.csv"},
            "paths": {"ledger": str(tmp_path / "none.sqlite")},
            "reasons": {"look_back_days": 7},
        }
    )
    assert earlier_date(settings, since=date(2025, 1, 1))(date(2026, 1, 31)) == date(2025, 1, 1)
    assert earlier_date(settings, since=None)(date(2026, 1, 31)) == date(2026, 1, 24)


def test_a_date_that_cannot_be_looked_back_to_is_refused_with_the_way_out():
    events = build_settings({"book": {"accounts": "a.csv", "subscriptions": "s.csv"}})
    with pytest.raises(InputError, match=r"--since 2026-01-31 is not before 2026-01-31.*earlier"):
        earlier_date(events, since=date(2026, 1, 31))(date(2026, 1, 31))
    flat = build_settings({"book": {"accounts": "a.csv"}, "columns": {"churned": "left"}})
    with pytest.raises(InputError, match=r"--since 2026-01-31: 'a' is a flat table"):
        earlier_date(flat, since=date(2026, 1, 31))
