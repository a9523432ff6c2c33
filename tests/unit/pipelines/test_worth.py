"""S7: which dimensions are tested, on which rows, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from standfast.decision.expression import parse_expression
from standfast.errors import InputError
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.worth import columns_of_scores, hold_by_date, judge_dimensions
from standfast.settings import Settings, build_settings


def observed(*, is_flat: bool = False, set_aside: tuple[str, ...] = ()) -> ObservedBook:
    random = np.random.default_rng(4)
    n = 600
    industry = random.choice(["Retail", "Finance"], n)
    snapshots = pd.DataFrame(
        {
            "account_id": [f"A{place % 300}" for place in range(n)],
            "observation_date": pd.to_datetime(["2025-01-01"] * 300 + ["2025-02-01"] * 300),
            "industry": np.resize(industry[:300], n), "owner": "Ann",
            "colour": random.choice(["red", "blue"], n),
            "annual_revenue": random.lognormal(9, 1, n), "tickets_30d": random.poisson(1, n).astype(float),
            "escalations_90d": 0.0, "open_critical": 0.0,
        }
    )  # fmt: skip
    leaves = random.random(n) < np.where(snapshots["tickets_30d"] >= 3, 0.6, 0.1)
    snapshots["churned"] = pd.array(leaves, dtype="boolean")
    snapshots["expanded"] = pd.array([None] * n, dtype="boolean")
    return ObservedBook(snapshots, snapshots, None, is_flat=is_flat, set_aside=set_aside)


def names(judged) -> set[str]:
    return {one.name for one in judged}


def test_a_book_tests_its_dimensions_and_the_segments_its_past_can_tell():
    judged = judge_dimensions(observed(), settings=Settings())
    assert names(judged) == {"revenue", "list", "industry", "high-maintenance"}, "owner is today's"
    assert {one.comparison.outcome for one in judged} == {"churned"}, "nothing is known of expansion"
    found = {one.name: one.finding for one in judged}
    assert found["high-maintenance"] == "differ"
    assert found["industry"] != "differ"


def test_a_rule_that_looks_at_today_s_columns_is_not_tested():
    settings = build_settings({"segments": {"key": {"where": "status == 'x' and tickets_30d > 1"},
                                            "busy": {"where": "tickets_30d > 1"}}})  # fmt: skip
    judged = names(judge_dimensions(observed(set_aside=("status",)), settings=settings))
    assert "busy" in judged
    assert "key" not in judged


def test_a_flat_book_tests_its_word_columns_too():
    assert "colour" in names(judge_dimensions(observed(is_flat=True), settings=Settings()))


def test_who_asks_for_dimensions_gets_just_these():
    judged = judge_dimensions(observed(), settings=Settings(), asked=["owner", "colour"])
    assert [one.name for one in judged] == ["owner", "colour"]
    assert judged[0].n_tried == 1, "a book with one owner has nothing to compare"


def test_today_s_state_is_not_tested_on_the_past():
    with pytest.raises(InputError, match=r"'status' is an undated column.*\[book\] static"):
        judge_dimensions(observed(set_aside=("status",)), settings=Settings(), asked=["status"])


def test_the_top_is_that_of_each_date_and_not_of_all_dates():
    rows = pd.DataFrame(
        {"observation_date": pd.to_datetime(["2025-01-01", "2025-02-01"] * 2), "usage_30d": [1.0, 30, 2, 40]}
    )
    told = hold_by_date(parse_expression("in_top(usage_30d, 0.5)"), rows)
    assert told.tolist() == ["no", "no", "yes", "yes"]
    assert hold_by_date(parse_expression("seats > 3"), rows).isna().all()


def test_a_score_is_no_evidence_unless_the_book_has_a_column_of_that_name():
    rule = parse_expression("risk_tier == 'high' and seats > 3")
    assert columns_of_scores(rule, pd.DataFrame({"seats": [1]})) == ["risk_tier"]
    assert columns_of_scores(rule, pd.DataFrame({"risk_tier": ["x"]})) == []
