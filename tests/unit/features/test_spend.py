"""Spend of accounts without contracts: what was bought before the date, in half-open windows."""

import pytest

from standfast.features.policy import ChurnPolicy, SnapshotPolicy
from standfast.features.snapshot import build_snapshots, collect_snapshots

INACTIVITY = SnapshotPolicy(allowed_gap_days=0, churn=ChurnPolicy(by="inactivity", active_days=10_000))


@pytest.fixture
def look(maker):
    def see(*invoices):
        rows = [
            {"account_id": "a", "issued_on": maker.day(day), "amount": float(amount)}
            for day, amount in invoices
        ]
        made = maker.book(accounts=[{"account_id": "a"}], invoices=rows)
        book = {name: made[name] for name in ("accounts", "invoices")}
        return collect_snapshots(build_snapshots(book, dates=[maker.t], policy=INACTIVITY)).iloc[0]

    return see


@pytest.mark.parametrize(("day", "inside"), [(-30, 10.0), (-31, 0.0), (-1, 10.0), (0, 0.0), (5, 0.0)])
def test_a_window_begins_on_its_first_day_and_ends_before_the_date(look, day, inside):
    assert look((-300, 1), (day, 10))["spend_30d"] == inside


def test_returns_lower_what_was_spent_and_are_no_purchase(look):
    seen = look((-20, 100), (-10, -30))
    assert (seen["spend_30d"], seen["purchases_30d"], seen["days_since_last_purchase"]) == (70.0, 1, 20)


def test_two_invoices_of_a_day_are_one_purchase(look):
    seen = look((-20, 100), (-20, 50))
    assert (seen["purchases_30d"], seen["mean_purchase"]) == (1, 150.0)


def test_the_rhythm_is_known_from_the_second_purchase_on(look):
    assert look((-20, 5))[["days_between_purchases", "purchase_overdue"]].isna().all()
    seen = look((-100, 5), (-60, 5), (-20, 5))
    assert (seen["days_between_purchases"], seen["purchase_overdue"]) == (40, 0.5)


def test_the_revenue_of_a_year_is_what_was_spent_in_it(look):
    """T1: trailing twelve months."""
    assert look((-366, 1000), (-365, 10), (-1, 5))["annual_revenue"] == 15.0


def test_who_spends_half_as_much_as_before_has_a_falling_trend(look):
    assert look((-120, 100), (-30, 50))["spend_trend_90d"] == pytest.approx(-0.693147)
