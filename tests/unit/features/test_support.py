"""Tickets and survey answers, as known before the date."""

import pandas as pd

from standfast.features.policy import SnapshotPolicy


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


def test_the_worst_score_of_a_decision_maker_stands_beside_the_mean_of_all(maker):
    """S3: a champion's 5 is not hidden by users' tens; who is no sponsor counts in the mean alone."""
    contacts = [
        {"contact_id": who, "account_id": "a", "role": role, "joined_on": maker.day(-300), "left_on": None}
        for who, role in (("c1", "Champion"), ("c2", "user"))
    ]
    surveys = [
        *maker.events("answered_at", -9, score=10, contact_id="c2"),
        *maker.events("answered_at", -8, score=3, contact_id="c2"),
        *maker.events("answered_at", -7, score=7, contact_id="c1"),
        *maker.events("answered_at", -6, score=9, contact_id="c1"),
        *maker.events("answered_at", -181, score=0, contact_id="c1"),
    ]
    (row,) = maker.look(surveys=surveys, contacts=contacts).to_dict("records")
    assert (row["nps_mean_180d"], row["nps_worst_sponsor_180d"], row["nps_worst_180d"]) == (7.25, 7, 3)


def test_silence_is_a_state_of_its_own(maker):
    """U4: an answer without a score, or of the day itself, is silence, and silence is no score."""
    surveys = maker.events("answered_at", -3, score=None) + maker.events("answered_at", 0, score=10)
    assert maker.look(surveys=surveys)[["nps_last", "nps_worst_180d", "days_since_nps"]].isna().all(axis=None)


def test_the_change_in_tickets_is_against_the_90_days_before(maker):
    cases = [{"tickets": maker.events("opened_at", n)} for n in (0, -1, -90, -91, -180, -181)]
    assert maker.each("tickets_change_90d", *cases) == [0, 1, 1, -1, -1, 0]


def test_the_share_of_escalated_tickets_is_of_180_days(maker):
    def tickets(n):
        return maker.events("opened_at", n, escalated=True) + maker.events("opened_at", -1, escalated=False)

    cases = [{"tickets": tickets(n)} for n in (-180, -181, 0)]
    assert maker.each("escalation_share_180d", *cases, {}) == [0.5, 0, 0, None]


def test_tickets_are_counted_per_seat_where_seats_are_known(maker):
    cases = [
        {"subscriptions": [maker.contract(seats=n)], "tickets": maker.events("opened_at", -1, -2)}
        for n in (4, 0, None)
    ]
    assert maker.each("tickets_per_seat_90d", *cases) == [0.5, None, None]


def closed(maker, day, **more):
    return {"tickets": maker.events("opened_at", -190, closed_at=maker.day(day), **more)}


def test_a_ticket_tells_how_it_went_for_180_days_from_its_closing(maker):
    days = (0, -1, -180, -181, None)
    cases = [closed(maker, n, satisfaction=" Bad", reopens=2) for n in days]
    assert maker.each("days_to_close_180d", *cases) == [None, 189, 10, None, None]
    assert maker.each("reopened_180d", *cases) == [0, 2, 2, 0, 0]
    assert maker.each("satisfaction_180d", *cases) == [None, 0, 0, None, None]


def test_satisfaction_is_of_the_tickets_that_were_rated(maker):
    def rated(*words):
        return {"tickets": [row for word in words for row in closed(maker, -1, satisfaction=word)["tickets"]]}

    cases = [rated("good", "Bad with comment", "offered", None), rated("offered"), rated("5", "4", "1")]
    assert maker.each("satisfaction_180d", *cases) == [0.5, None, round(2 / 3, 6)]
    policy = SnapshotPolicy(good_ratings=("fine",), bad_ratings=("poor",))
    assert maker.each("satisfaction_180d", rated("fine", "poor", "good"), policy=policy) == [0.5]


def answers(maker, *scored):
    return {"surveys": [row for n, score in scored for row in maker.events("answered_at", n, score=score)]}


def test_the_nps_state_is_that_of_the_last_answer_of_180_days(maker):
    cases = [answers(maker, (-1, score)) for score in (6, 7, 8, 9)]
    assert maker.each("nps_state", *cases) == ["detractor", "passive", "passive", "promoter"]
    edges = [answers(maker, (n, 3)) for n in (0, -180, -181)]
    assert maker.each("nps_state", *edges) == ["not asked", "detractor", "not asked"]


def test_who_was_asked_and_kept_silent_is_told_apart_from_who_was_not_asked(maker):
    """By a survey row without a score, or a touch that asked; an answer within the time outweighs both."""
    sent = [{"touches": maker.events("day", n, play=play)} for n, play in ((-1, "NPS survey"), (-1, "call"))]
    cases = [answers(maker, (n, None)) for n in (-1, -180, -181, 0)] + sent
    cases += [answers(maker, (-5, 9), (-1, None)), answers(maker, (-200, 9), (-1, None))]
    silent = "asked, silent"
    expected = [silent, silent, "not asked", "not asked", silent, "not asked", "promoter", silent]
    assert maker.each("nps_state", *cases) == expected
