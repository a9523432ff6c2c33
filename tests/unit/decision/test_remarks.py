"""What limits add to the sentence of a line."""

import pandas as pd

from standfast.decision.capacity import Capacity


def touches(account: str, *days: str, channel: str = "call") -> pd.DataFrame:
    return pd.DataFrame({"account_id": account, "day": pd.to_datetime(list(days)), "channel": channel})


def line_of(plan, account: str) -> pd.Series:
    return plan.lines.set_index("account_id").loc[account]


def test_contacts_made_are_told_and_the_first_touch_waits(make_book, plan_book):
    """The book's plans start on the first of January."""
    book = make_book(40)
    account = book.loc[book["annual_revenue"].idxmax(), "account_id"]
    made = touches(account, "2025-12-30", "2025-12-20", "2025-12-15")
    line = line_of(plan_book(book, capacity=Capacity(hours=1e4, hourly_cost=0), made=made), account)
    assert line["why"].endswith("; 3 contacts lately; the next contact may be on 2026-01-14")
    assert str(line["first_touch_by"].date()) == "2026-01-14"


def test_an_account_without_a_contact_left_is_closed_and_counted(make_book, plan_book):
    book = make_book(40)
    account = book.loc[book["annual_revenue"].idxmax(), "account_id"]
    made = touches(account, *["2025-12-30"] * 11)
    plan = plan_book(book, made=made)
    line = line_of(plan, account)
    assert line["why"] == (
        "11 contacts in the last 30 days: no more are left; the next contact may be on 2026-01-29"
    )
    assert line[["n_in_person", "n_call", "n_email", "n_digital", "hours"]].tolist() == [0] * 5
    assert (
        plan.summary.left[
            "contacted in the last 30 days, or by fixed work to come, as often as its limits allow"
        ]
        == 1
    )


def test_a_wait_beyond_the_horizon_closes_and_no_touch_is_promised_past_it(make_book, plan_book):
    book = make_book(40)
    account = book.loc[book["annual_revenue"].idxmax(), "account_id"]
    plan = plan_book(book, made=touches(account, *["2025-12-31"] * 3), horizon_days=14)
    assert "the next contact may be on 2026-01-30" in line_of(plan, account)["why"]
    assert pd.isna(line_of(plan, account)["first_touch_by"])


def test_without_a_day_to_start_from_the_wait_is_told_in_days(make_book, plan_book):
    book = make_book(40).drop(columns="observation_date")
    account = book.loc[book["annual_revenue"].idxmax(), "account_id"]
    made = touches(account, *["2025-12-31"] * 11)
    assert "the next contact may be in 29 days" in line_of(plan_book(book, made=made), account)["why"]


def test_touches_of_nobody_change_nothing(make_book, plan_book):
    book = make_book(40)
    plain = plan_book(book)
    for made in (touches("stranger", "2025-12-30"), touches("stranger")):
        pd.testing.assert_frame_equal(plan_book(book, made=made).lines, plain.lines)
