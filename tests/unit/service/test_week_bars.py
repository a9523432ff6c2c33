"""An account's weeks are drawn oldest first, and told in words to who does not see them."""

from datetime import date

import pandas as pd

from standfast.service.page.week_bars import N_WEEKS, week_by_week, weeks_of

AS_OF = date(2026, 1, 1)


def rows(*found):
    return pd.DataFrame(found, columns=["account_id", "what", "weeks_ago", "n"])


def weeks(*found, account="b", touched=()):
    days = [pd.Timestamp(day) for day in touched]
    return weeks_of(account, rows(*found), days, as_of=AS_OF)


def test_the_newest_week_stands_last_and_weeks_without_anything_are_zero():
    found = weeks(("a", "usage", 0, 7), ("b", "usage", 0, 5), ("b", "usage", 3, 2), ("c", "usage", 1, 1))
    assert list(found.active) == [0] * (N_WEEKS - 4) + [2, 0, 0, 5]


def test_an_account_that_did_nothing_is_drawn_as_nothing_where_the_book_tells_of_others():
    found = weeks(("a", "usage", 0, 7), ("a", "tickets", 0, 1))
    assert (sum(found.active), sum(found.tickets)) == (0, 0)
    assert "<rect" not in week_by_week(found)


def test_tickets_are_unknown_where_the_book_has_none_which_is_not_zero():
    assert weeks(("b", "usage", 0, 1)).tickets is None


def test_touches_count_in_the_week_they_were_made_and_those_of_the_day_itself_do_not():
    found = weeks(("b", "usage", 0, 1), touched=("2025-12-31", "2025-12-25", "2025-12-24", "2026-01-01"))
    assert list(found.touches[-2:]) == [1, 2]


def test_a_book_without_a_past_has_no_weeks():
    assert weeks_of("b", None, [], as_of=AS_OF) is None
    assert weeks_of("b", rows(), [], as_of=None) is None


def test_the_drawing_says_in_words_what_it_shows():
    drawn = week_by_week(weeks(("b", "invoices", 0, 2), ("b", "tickets", 20, 3)))
    assert "2 days with an invoice in the last 13 weeks" in drawn
    assert "3 tickets opened in as many before" in drawn
    assert drawn.count("<rect") == 1
    assert "style=" not in drawn
