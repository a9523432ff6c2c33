"""Labels look at [t + lead, t + lead + horizon), and only where the future is known."""

from datetime import timedelta

import pandas as pd
import pytest

from standfast.features.labels import LabelPolicy, add_labels
from standfast.features.snapshot import build_snapshots, collect_snapshots


def one(labels, name="churned"):
    (value,) = labels[name]
    return value


def test_churn_is_an_end_in_the_half_open_horizon(maker):
    ends = [[maker.contract(end=end)] for end in (1, 89, 90, 91, None)]
    assert maker.each_label("churned", *ends) == [True, True, False, False, False]


def test_the_horizon_begins_after_the_lead_and_who_ends_before_is_left_out(maker):
    ends = [[maker.contract(end=end)] for end in (13, 14, 103, 104)]
    assert maker.each_label("churned", *ends, lead_days=14) == ["out", True, True, False]


def test_an_account_is_observed_from_its_first_day_to_the_day_before_its_end(maker):
    spans = [
        [maker.contract(start=start, end=end)] for start, end in ((0, None), (1, None), (-9, 0), (-9, 1))
    ]
    assert maker.each_label("churned", *spans) == [False, "out", "out", True]


def test_who_signs_up_again_within_the_allowed_gap_has_not_churned(maker):
    cases = [[maker.contract(end=20), maker.contract(start=20 + gap)] for gap in (0, 29, 30, 31)]
    assert maker.each_label("churned", *cases) == [False, False, False, True]


def test_overlapping_rows_are_one_active_period(maker):
    rows = [maker.contract(end=300), maker.contract(start=-30, end=20), maker.contract(start=10, end=40)]
    assert maker.labels(rows)["churned"].tolist() == [False]
    assert maker.labels(rows, horizon_days=365, allowed_gap_days=0)["churned"].tolist() == [True]


def test_a_chain_of_monthly_rows_ends_where_its_last_row_ends(maker):
    rows = [maker.contract(start=n, end=n + 30) for n in range(-300, 60, 30)]
    assert one(maker.labels(rows))
    assert not one(maker.labels(rows, horizon_days=60))


def test_rows_that_end_before_they_start_never_were(maker):
    rows = [maker.contract(end=20), maker.contract(start=25, end=25), maker.contract(start=30, end=10)]
    assert one(maker.labels(rows))


@pytest.mark.parametrize(("known_days", "is_known"), [(119, False), (120, True)])
def test_labels_are_empty_until_horizon_and_gap_have_passed(maker, known_days, is_known):
    labels = maker.labels([maker.contract(end=10)], as_of=maker.day(known_days))
    assert labels[["churned", "contracted", "expanded"]].notna().any(axis=None) == is_known
    assert len(labels) == 1


def test_an_end_ahead_of_the_as_of_date_leaves_nobody_out(maker):
    labels = maker.labels([maker.contract(end=3)], as_of=maker.t, lead_days=14)
    assert labels["churned"].isna().tolist() == [True]


def test_revenue_changes_count_at_their_thresholds(maker):
    later = (0, 89.99, 90, 90.01, 109.99, 110)
    cases = [[maker.contract(end=30), maker.contract(start=30, amount=float(amount))] for amount in later]
    assert maker.each_label("contracted", *cases) == [True, True, True, False, False, False]
    assert maker.each_label("expanded", *cases) == [False, False, False, False, False, True]


def test_revenue_is_compared_with_the_last_day_of_the_horizon(maker):
    cases = [[maker.contract(), maker.contract(start=start, amount=50.0)] for start in (0, 1, 89, 90)]
    assert maker.each_label("expanded", *cases) == [False, True, True, False]


def test_churners_neither_contract_nor_expand(maker):
    labels = maker.labels([maker.contract(end=10), maker.contract(end=20, amount=900.0)])
    assert one(labels)
    assert labels[["contracted", "expanded"]].isna().all(axis=None)


def test_revenue_inside_a_bridged_gap_is_that_of_the_last_row(maker):
    rows = [maker.contract(end=80, amount=200.0), maker.contract(start=95, amount=200.0)]
    labels = maker.labels(rows)
    assert (one(labels, "contracted"), one(labels, "expanded")) == (False, False)


def test_who_paid_nothing_cannot_contract_and_expands_when_it_pays(maker):
    free = [maker.contract("a", amount=0.0), maker.contract("b", amount=0.0, end=10)]
    labels = maker.labels([*free, maker.contract("b", start=10, amount=5.0)]).set_index("account_id")
    assert labels["contracted"].tolist() == [False, False]
    assert labels["expanded"].tolist() == [False, True]


def test_unknown_revenue_gives_no_revenue_label(maker):
    labels = maker.labels([maker.contract(amount=None), maker.contract("b")]).set_index("account_id")
    assert labels.loc["a", ["contracted", "expanded"]].isna().all()
    assert not labels.loc["a", "churned"]
    assert labels.loc["b"].notna().all()


def test_a_book_without_amounts_has_only_churn(maker):
    rows = pd.DataFrame([maker.contract(), maker.contract("b", end=5)]).drop(columns="amount")
    labels = maker.labels(rows)
    assert labels["churned"].tolist() == [False, True]
    assert labels[["contracted", "expanded"]].isna().all(axis=None)


def test_add_labels_keeps_the_features_and_drops_who_is_gone_before_the_horizon(maker):
    rows = [maker.contract(), maker.contract("b", end=20), maker.contract("c", end=3)]
    book = maker.book(subscriptions=rows)
    labelled = add_labels(
        build_snapshots(book, dates=[maker.t]),
        book["subscriptions"],
        dates=[maker.t],
        as_of=maker.t + timedelta(days=365),
        policy=LabelPolicy(lead_days=7),
    )
    kept = collect_snapshots(labelled)
    assert kept["account_id"].tolist() == ["a", "b"]
    assert kept["annual_revenue"].tolist() == [100.0, 100.0]
    assert kept["churned"].tolist() == [False, True]
