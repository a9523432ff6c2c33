"""Labels look at [t + lead, t + lead + horizon), and only where the future is known."""

from datetime import timedelta

import pandas as pd
import pytest

from standfast.features.labels import LabelPolicy, add_labels, build_labels
from standfast.features.policy import ChurnPolicy
from standfast.features.snapshot import build_snapshots, collect_snapshots


def one(labels, name="churned"):
    (value,) = labels[name]
    return value


def told(maker, name="churned", *, as_of=365, churn=None, **tables_and_policy):
    """One label by account, of a book that need have no contracts; None where it is empty."""
    tables = {key: rows for key, rows in tables_and_policy.items() if isinstance(rows, list)}
    policy = {key: value for key, value in tables_and_policy.items() if key not in tables}
    book = {
        name: table for name, table in maker.book(**tables).items() if name in tables or name == "accounts"
    }
    built = build_labels(
        book,
        dates=[maker.t],
        as_of=maker.day(as_of),
        policy=LabelPolicy(**{"allowed_gap_days": 0} | policy),
        churn=churn or ChurnPolicy(by="inactivity"),
    )
    found = collect_snapshots(built).set_index("account_id")[name]
    return {account_id: None if value is pd.NA else value for account_id, value in found.items()}


def purchases(maker, **accounts):
    """Invoices by account, each a pair of day and amount."""
    return [
        {"account_id": account_id, "issued_on": maker.day(day), "amount": float(amount)}
        for account_id, bought in accounts.items()
        for day, amount in bought
    ]


def accounts_of(rows, **more):
    return [{"account_id": name} | more for name in dict.fromkeys(row["account_id"] for row in rows)]


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
        book,
        dates=[maker.t],
        as_of=maker.t + timedelta(days=365),
        policy=LabelPolicy(lead_days=7),
    )
    kept = collect_snapshots(labelled)
    assert kept["account_id"].tolist() == ["a", "b"]
    assert kept["annual_revenue"].tolist() == [100.0, 100.0]
    assert kept["churned"].tolist() == [False, True]


def test_a_gap_before_the_date_leaves_out_who_came_back_as_well_as_who_did_not(maker):
    """A sure survivor would be one known only by looking ahead."""
    cases = [[maker.contract(end=-5)], [maker.contract(end=-5), maker.contract(start=10)]]
    assert maker.each_label("churned", *cases) == ["out", "out"]


def test_a_trial_is_neither_churn_nor_survival(maker):
    trial = {"is_trial": True, "plan": "pro"}
    cases = [
        [maker.contract(start=-9, end=20, **trial)],
        [maker.contract(end=20, is_trial=False, plan="pro"), maker.contract(start=10, **trial)],
    ]
    assert maker.each_label("churned", *cases) == ["out", True]


def test_too_young_accounts_have_no_label(maker):
    rows = [maker.contract(start=-29), maker.contract("b", start=-30)]
    churn = ChurnPolicy(min_tenure_days=30)
    assert told(maker, subscriptions=rows, churn=churn) == {"b": False}


def test_silence_through_the_whole_half_open_horizon_is_churn(maker):
    later = {"none": (), "before": (13,), "first": (14,), "last": (103,), "after": (104,)}
    bought = purchases(maker, **{name: [(-9, 5), *((n, 5) for n in days)] for name, days in later.items()})
    found = told(maker, accounts=accounts_of(bought), invoices=bought, lead_days=14)
    assert found == {"none": True, "before": True, "first": False, "last": False, "after": True}


def test_a_return_of_goods_does_not_make_an_account_active(maker):
    bought = purchases(maker, a=[(-9, 5), (20, -5)], b=[(-9, 5), (20, 5)])
    assert told(maker, accounts=accounts_of(bought), invoices=bought) == {"a": True, "b": False}


@pytest.mark.parametrize(("known_days", "label"), [(103, None), (104, True)])
def test_inactivity_matures_after_lead_and_horizon(maker, known_days, label):
    bought = purchases(maker, a=[(-9, 5)])
    book = {"accounts": accounts_of(bought), "invoices": bought}
    assert told(maker, **book, lead_days=14, as_of=known_days) == {"a": label}


def test_spend_is_compared_with_as_long_before(maker):
    """Each account spent 100 in [t - 90, t) and what is named in the windows' edges."""
    cases = {
        "flat": [(-90, 60), (-1, 40), (0, 100)],
        "more": [(-90, 100), (0, 110)],
        "edge": [(-91, 400), (-90, 100), (89, 50), (90, 999)],
        "less": [(-1, 100), (89, 90)],
        "net": [(-1, 100), (1, 300), (2, -220)],
        "new": [(-120, 40), (1, 10)],
        "silent": [(-1, 100)],
    }
    bought = purchases(maker, **cases)
    book = {"accounts": accounts_of(bought), "invoices": bought}
    expanded, contracted = (told(maker, name, **book) for name in ("expanded", "contracted"))
    assert {name for name, value in expanded.items() if value} == {"more", "new"}
    assert {name for name, value in contracted.items() if value} == {"edge", "less", "net"}
    assert expanded["silent"] is None
    assert contracted["silent"] is None


def test_an_expansion_has_to_be_worth_the_margin(maker):
    bought = purchases(maker, a=[(-1, 100), (1, 174.99)], b=[(-1, 100), (1, 175)], c=[(-1, 1), (1, 50)])
    book = {"accounts": accounts_of(bought), "invoices": bought}
    found = told(maker, "expanded", **book, expanded_at=1.25, expanded_margin=50)
    assert found == {"a": False, "b": True, "c": False}
    rows = [
        row
        for name, then in (("a", 114.9), ("b", 115.0))
        for row in (maker.contract(name, end=9), maker.contract(name, start=9, amount=then))
    ]
    by_contract = maker.labels(rows, expanded_at=1.1, expanded_margin=5).set_index("account_id")["expanded"]
    assert by_contract.to_dict() == {"a": False, "b": True}


def test_a_book_of_usage_alone_has_only_churn(maker):
    used = maker.events("day", -5, 20)
    book = {"accounts": accounts_of(used), "usage": used}
    assert told(maker, **book) == {"a": False}
    assert told(maker, "expanded", **book) == told(maker, "contracted", **book) == {"a": None}
    paid = purchases(maker, a=[(-1, 10), (1, 20)])
    assert told(
        maker, "expanded", **book, invoices=paid, churn=ChurnPolicy(activity=("usage",), by="inactivity")
    ) == {"a": True}


def test_a_column_tells_the_day_of_churn(maker):
    ends = {"lead": 13, "first": 14, "last": 103, "after": 104, "never": None}
    accounts = [
        {"account_id": name, "started_on": maker.day(-400), "churned_on": maker.day(end)}
        for name, end in ends.items()
    ]
    by_column = ChurnPolicy(by="column")
    found = told(maker, accounts=accounts, churn=by_column, lead_days=14)
    assert found == {"first": True, "last": True, "after": False, "never": False}
    early = told(maker, accounts=accounts, churn=by_column, lead_days=14, as_of=103)
    assert early == dict.fromkeys(("first", "last", "after", "never"))


def test_by_column_revenue_is_that_of_contracts_else_what_was_spent(maker):
    accounts = [{"account_id": "a", "started_on": maker.day(-400), "churned_on": maker.day(400)}]
    spent = purchases(maker, a=[(-1, 100), (1, 50)])
    by_column = ChurnPolicy(by="column")
    assert told(maker, "contracted", accounts=accounts, invoices=spent, churn=by_column) == {"a": True}
    rows = [maker.contract(end=9), maker.contract(start=9, amount=200.0)]
    both = {"accounts": accounts, "invoices": spent, "subscriptions": rows}
    assert told(maker, "contracted", **both, churn=by_column) == {"a": False}
    assert told(maker, "expanded", **both, churn=by_column) == {"a": True}
