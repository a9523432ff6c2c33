"""What a plan says about what it did not know."""

import numpy as np
import pytest

from standfast.decision.capacity import Capacity
from standfast.decision.reward import Economics


def test_a_complete_book_with_few_hours_needs_no_note(make_book, plan_book):
    assert plan_book(make_book(200)).summary.notes == ()


@pytest.mark.parametrize("outcome", ["churn", "upsell"])
def test_a_missing_model_is_said(make_book, plan_book, outcome):
    scores = make_book(200).assign(**{f"{outcome}_probability": np.nan})
    notes = " ".join(plan_book(scores, capacity=Capacity(hours=1)).summary.notes)
    assert f"no {outcome} model: {outcome}_probability is empty throughout and is taken as zero" in notes


def test_single_gaps_are_counted(make_book, plan_book):
    scores = make_book(200)
    scores.loc[[3, 4], "churn_probability"] = np.nan
    scores.loc[5, "annual_revenue"] = np.nan
    assert plan_book(scores).summary.notes == (
        "2 accounts have no churn_probability; it is taken as zero",
        "1 account has no annual_revenue, so no hours are planned there",
    )


def test_accounts_without_any_hours_are_said(make_book, plan_book):
    scores = make_book(200).assign(owner=["Ada"] * 199 + [None])
    notes = plan_book(scores, capacity=Capacity(hours=30, owners={"Ada": 30.0})).summary.notes
    empty = "1 account has no owner with hours, and the shared pool is empty; "
    spare = "no owner has an hour to spare for them: give [capacity] hours beyond the owners' own"
    assert notes == (empty + spare,)


def test_hours_that_stay_free_are_said(make_book, plan_book):
    notes = plan_book(make_book(50), capacity=Capacity(hours=5000)).summary.notes
    assert len(notes) == 1
    assert "hours stay free" in notes[0]


@pytest.mark.parametrize(
    ("owner", "capacity", "spare"),
    [
        ("Ada", Capacity(hours=90, owners={"Ada": 4.0, "Bo": 36.0}), 86),  # Bo's and the shared pool's
        (None, Capacity(hours=12, owners={"Ada": 8.0}), 8),
    ],
)
def test_hours_that_no_account_may_use_are_not_called_worthless(make_book, plan_book, owner, capacity, spare):
    scores = make_book(200).assign(owner=owner)
    told = f"{spare} hours stay free: they belong to owners, or a shared pool, without accounts"
    assert plan_book(scores, capacity=capacity).summary.notes == (told,)


def test_touches_that_cost_much_of_the_revenue_are_named(make_book, plan_book):
    """R6: cost to serve; each of the accounts counted really costs more than the share."""
    scores = make_book(200)
    dear = plan_book(scores, economics=Economics(most_cost_to_serve=1e-9)).summary
    (note,) = dear.notes
    assert note.startswith(f"cost to serve: the touches of {dear.n_planned} accounts cost more than 1e-07 % ")
    assert plan_book(scores, economics=Economics(most_cost_to_serve=1e9)).summary.notes == ()


def test_an_account_whose_touches_cost_just_the_share_is_not_named(make_book, plan_book):
    one = make_book(1, churn_probability=0.5, annual_revenue=100_000.0)
    share = plan_book(one).summary.cost / (100_000 * 90 / 365)

    def told(most: float) -> str:
        return " ".join(plan_book(one, economics=Economics(most_cost_to_serve=most)).summary.notes)

    assert "cost to serve" not in told(share + 1e-9)
    assert "the touches of 1 account cost more" in told(share - 1e-9)
