"""The weeks people look at count days and tickets before the day they look, and nothing else."""

import pytest

from standfast.features.weekly import weekly_marks


def marks(maker, *, weeks=4, **tables):
    """(what, weeks ago, how often), sorted."""
    found = weekly_marks(maker.book(**tables), as_of=maker.t, weeks=weeks).to_pandas()
    return sorted(zip(found["what"], found["weeks_ago"], found["n"], strict=True))


@pytest.mark.parametrize(("day", "week"), [(-1, 0), (-7, 0), (-8, 1), (-28, 3)])
def test_a_week_is_the_seven_days_before_the_day_and_so_on_back(maker, day, week):
    assert marks(maker, usage=maker.events("day", day)) == [("usage", week, 1)]


@pytest.mark.parametrize("day", [0, 1, -29])
def test_what_lies_on_the_day_or_after_it_or_before_the_first_week_is_left_out(maker, day):
    assert marks(maker, usage=maker.events("day", day)) == []


def test_usage_is_counted_in_days_and_tickets_one_by_one(maker):
    tables = {"usage": maker.events("day", -1, -1, -2), "tickets": maker.events("opened_at", -1, -1)}
    assert marks(maker, **tables) == [("tickets", 0, 2), ("usage", 0, 2)]


def test_days_on_which_something_was_bought_count_where_there_is_no_usage(maker):
    bought = [{"account_id": "a", "issued_on": maker.day(n), "amount": a} for n, a in ((-3, 9.0), (-2, -9.0))]
    assert marks(maker, invoices=bought) == [("invoices", 0, 1)]


def test_a_book_without_such_tables_has_no_weeks(maker):
    assert weekly_marks(maker.book(), as_of=maker.t, weeks=4) is None
