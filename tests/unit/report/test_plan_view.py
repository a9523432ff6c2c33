"""C10: the output is a Monday list per owner: who, by when, which channel, which play, how long, why."""

import pandas as pd

from standfast.report.content import PageLimits
from standfast.report.plan_view import NO_OWNER, is_planned, owner_lists, takes_time


def _lists(content, **limits):
    return {one.owner: one for one in owner_lists(content, limits=PageLimits(**limits))}


def test_each_owner_gets_a_list_and_accounts_without_owner_get_their_own(content):
    assert list(_lists(content)) == ["Ann", NO_OWNER, "Zoë"]


def test_a_line_says_who_by_when_how_and_why(content):
    line = _lists(content)["Zoë"].lines[0]
    told = [text.replace("\u00a0", " ") for text in (line.by_when, line.touches, line.hours, line.cautious)]
    assert told == ["3 Dec", "1 meeting, 3 calls, 1 e-mail", "6.5 h", "4.2 k"]
    assert line.why == "This call is worth 1,246 an hour."
    assert line.reasons == "Raises the risk: open tickets 4."


def test_an_account_with_automated_messages_alone_is_planned_but_takes_no_time(plan):
    assert is_planned(plan).tolist() == [True, True, True, True]
    assert takes_time(plan).tolist() == [True, True, True, False]


def test_the_most_urgent_line_comes_first_then_the_worthiest(bent, plan):
    same = pd.concat([plan.iloc[[0]]] * 3, ignore_index=True).assign(
        account_id=["A1", "A2", "A3"],
        first_touch_by=pd.to_datetime(["2026-12-09", "2026-12-02", "2026-12-09"]),
        expected_value=[1.0, 2.0, 3.0],
    )
    lines = _lists(bent(plan=same))["Zoë"].lines
    assert [line.name for line in lines] == [
        "株式会社サンプル",
        "<script>alert(1)</script>",
        "Müller & Söhne",
    ]


def test_what_does_not_fit_is_counted_and_nothing_is_lost(content):
    lists = _lists(content, owners_listed=2, lines_overall=1)
    assert [(one.n_planned, one.n_more) for one in lists.values()] == [(3, 2)]


def test_an_account_without_a_name_goes_by_its_id(bent, scores):
    line = _lists(bent(scores=scores.drop(columns="name")))["Zoë"].lines[0]
    assert (line.name, line.account_id) == ("A1", "")


def test_a_plan_that_touches_nobody_gives_no_list(bent, plan):
    none = plan.assign(n_in_person=0, n_call=0, n_email=0)
    assert owner_lists(bent(plan=none), limits=PageLimits()) == []
    assert owner_lists(bent(plan=None), limits=PageLimits()) == []


def test_the_input_frames_are_left_as_they_were(content):
    before = content.plan.copy(), content.scores.copy()
    _lists(content)
    pd.testing.assert_frame_equal(content.plan, before[0])
    pd.testing.assert_frame_equal(content.scores, before[1])
