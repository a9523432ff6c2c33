"""Tickets and survey answers, as known before the date."""

import pandas as pd


def test_tickets_count_inside_their_window(maker):
    cases = [{"tickets": maker.events("opened_at", n, escalated=True)} for n in (0, -1, -30, -31, -90, -91)]
    assert maker.each("tickets_30d", *cases) == [0, 1, 1, 0, 0, 0]
    assert maker.each("tickets_90d", *cases) == [0, 1, 1, 1, 1, 0]
    assert maker.each("escalations_90d", *cases) == [0, 1, 1, 1, 1, 0]


def test_a_ticket_counts_by_its_day_whatever_the_hour(maker):
    late = [{"account_id": "a", "opened_at": pd.Timestamp(maker.day(-1)) + pd.Timedelta("23:59:59")}]
    early = [{"account_id": "a", "opened_at": pd.Timestamp(maker.day(0))}]
    assert maker.each("tickets_30d", {"tickets": late}, {"tickets": early}) == [1, 0]


def test_a_ticket_is_open_until_the_day_it_is_closed(maker):
    cases = [
        {"tickets": maker.events("opened_at", -200, closed_at=maker.day(closed), priority="Critical")}
        for closed in (-1, 0, 5, None)
    ]
    assert maker.each("tickets_open", *cases) == [0, 1, 1, 1]
    assert maker.each("open_critical", *cases) == [0, 1, 1, 1]


def test_only_critical_priorities_count_as_critical(maker):
    tickets = maker.events("opened_at", -5, closed_at=None, priority="low")
    tickets += maker.events("opened_at", -5, closed_at=None, priority=None)
    assert maker.each("open_critical", {"tickets": tickets}) == [0]


def test_the_last_answer_counts_and_of_two_at_once_the_lower_one(maker):
    surveys = [*maker.events("answered_at", -40, score=2), *maker.events("answered_at", -7, score=9)]
    surveys += maker.events("answered_at", -7, score=6)
    (row,) = maker.look(surveys=surveys).to_dict("records")
    assert (row["nps_last"], row["nps_worst_180d"], row["days_since_nps"]) == (6, 2, 7)


def test_the_worst_score_is_of_180_days(maker):
    cases = [{"surveys": maker.events("answered_at", n, score=3)} for n in (-1, -180, -181, 0)]
    assert maker.each("nps_worst_180d", *cases) == [3, 3, None, None]


def test_silence_is_a_state_of_its_own(maker):
    """U4: an answer without a score, or of the day itself, is silence, and silence is no score."""
    surveys = maker.events("answered_at", -3, score=None) + maker.events("answered_at", 0, score=10)
    assert maker.look(surveys=surveys)[["nps_last", "nps_worst_180d", "days_since_nps"]].isna().all(axis=None)
