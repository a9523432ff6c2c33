"""R3, R4: nine cells, each with everything a cell needs."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from standfast.decision.matrix import CELLS, SEGMENTS, place_in_matrix, summarise_matrix
from standfast.errors import InputError
from standfast.schema import RISK_TIERS, VALUE_TIERS

NAMES = {
    ("high", "high"): "Save", ("medium", "high"): "Rescue", ("high", "medium"): "Steer",
    ("high", "low"): "Protect & grow", ("medium", "medium"): "Watch", ("medium", "low"): "Nurture",
    ("low", "high"): "Rescue by program", ("low", "medium"): "Monitor", ("low", "low"): "Maintain",
}  # fmt: skip
"""R3's names by (reward, risk), in order of priority."""


def test_every_pair_of_tiers_has_exactly_one_cell():
    """R3: the matrix is total."""
    assert sorted((c.risk_tier, c.value_tier) for c in CELLS) == sorted(product(RISK_TIERS, VALUE_TIERS))


def test_segments_and_priorities_are_those_of_the_practice_page():
    """R3."""
    placed = place_in_matrix(
        pd.DataFrame({"value_tier": [v for v, _ in NAMES], "risk_tier": [r for _, r in NAMES]})
    )
    assert placed["segment"].tolist() == list(NAMES.values())
    assert placed["priority"].tolist() == list(range(1, 10))
    assert placed["cell"].iloc[1] == "high risk, medium value"


def test_every_cell_has_owner_words_and_a_promise():
    """R4: each half of retention has an owning function."""
    assert {cell.owner_function for cell in CELLS} <= {"CS", "sales", "finance", "executive"}
    assert all(cell.words and cell.sla_days > 0 for cell in CELLS)


def test_more_important_cells_allow_at_least_as_many_contacts_as_low_value_ones():
    assert CELLS[0].contact_cap == 10
    assert {cell.contact_cap for cell in CELLS[1:]} == {6}


def test_an_account_without_tier_has_no_cell():
    placed = place_in_matrix(pd.DataFrame({"risk_tier": ["high", "high"], "value_tier": ["low", None]}))
    assert placed["cell"].isna().tolist() == [False, True]
    assert placed["priority"].isna().tolist() == [False, True]
    assert placed["segment"].isna().tolist() == [False, True]


def test_an_unknown_tier_is_an_error():
    with pytest.raises(InputError, match="risk_tier"):
        place_in_matrix(pd.DataFrame({"risk_tier": ["huge"], "value_tier": ["low"]}))


def test_the_summary_shows_all_nine_cells_and_loses_no_money(make_book):
    scores = make_book(200)
    table = summarise_matrix(scores)
    assert table["segment"].tolist() == list(SEGMENTS)
    assert table["n_accounts"].sum() == 200
    for name in ("annual_revenue", "revenue_at_risk", "expected_upsell"):
        assert table[name].sum() == pytest.approx(scores[name].sum())


def test_empty_cells_are_shown_with_zero(make_book):
    table = summarise_matrix(make_book(1))
    assert table["n_accounts"].sum() == 1
    assert (table["annual_revenue"] == 0).sum() == 8


def test_unknown_money_does_not_spoil_a_cell(make_book):
    scores = make_book(50)
    scores["revenue_at_risk"] = np.nan
    assert summarise_matrix(scores)["revenue_at_risk"].sum() == 0
