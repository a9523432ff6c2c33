"""Plans, touches, outcomes and alerts go into the ledger and come back, in SQLite and in PostgreSQL alike."""

import multiprocessing
import os
import signal
import time
from datetime import date

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_alerts import last_look, open_alerts, sync_alerts
from standfast.adapters.ledger_holdings import (
    count_open_alerts,
    count_outcomes,
    count_touches,
    list_campaigns,
)
from standfast.adapters.ledger_plans import keep_plan, kept_plans, last_plan
from standfast.adapters.ledger_record_pages import newest_outcomes, newest_touches
from standfast.adapters.ledger_touches import (
    Kept,
    read_outcomes,
    read_touches,
    record_outcomes,
    record_touches,
)

pytestmark = pytest.mark.integration

TOUCHES = pd.DataFrame(
    {
        "account_id": ["=cmd", "a, b", "😀"],
        "day": pd.to_datetime(["2026-01-01", "2026-01-01", "2026-01-02"]),
        "channel": ["call", "call", "email"],
        "play": ["save", None, "save"],
        "minutes": [30.0, np.nan, 10.0],
    }
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    return request.getfixturevalue("ledger_in_postgres")


@pytest.fixture(scope="module")
def ledger_in_postgres(postgres):
    """The address of a database of its own, for others hold tables of the same names."""
    server = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE ledger"))
    server.dispose()
    return sa.make_url(postgres).set(database="ledger").render_as_string(hide_password=False)


@pytest.fixture
def ledger(address, request):
    """A ledger, through a book of the test's own."""
    with open_ledger(address, book=request.node.name) as opened:
        yield opened


def plan_of(n=3, **columns):
    base = {
        "account_id": [f"{i:04d}" for i in range(n)], "owner": None, "segment": "Save", "cell": "c",
        "play": "p", "n_in_person": 0, "n_call": 1, "n_email": 0, "n_digital": 3, "hours": 0.5,
        "expected_value": 10.0, "conservative_value": 1.5, "value_per_hour": np.nan,
        "first_touch_by": pd.Timestamp("2026-01-03"), "held_out": False, "why": "because",
        "churn_probability": 0.25,
    }  # fmt: skip
    return pd.DataFrame(base | columns)


def keep(ledger, lines, day, *, horizon_days=90):
    return keep_plan(
        ledger,
        lines,
        as_of=day,
        horizon_days=horizon_days,
        model_version=None,
        summary={"gap": float("nan"), "lambda_": np.float64(3)},
    )


def alerts_of(*rows):
    frame = pd.DataFrame(rows, columns=["account_id", "opened_on", "closed_on"])
    days = {name: pd.to_datetime(frame[name]) for name in ("opened_on", "closed_on")}
    return frame.assign(
        **days,
        type="silent",
        severity="risk",
        owner_function="CS",
        value=0.5,
        reason="said so",
        action="call",
    )


def seen(look):
    return look.since, look.new["account_id"].tolist(), look.closed["account_id"].tolist()


def test_a_plan_comes_back_as_it_was(ledger):
    lines = plan_of()
    keep(ledger, lines, date(2026, 1, 1))
    found = last_plan(ledger, before=date(2026, 1, 2))
    assert (found.pop("as_of") == pd.Timestamp("2026-01-01")).all()
    expected = lines.drop(columns="churn_probability").astype({"owner": "str"})
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_a_plan_follows_the_newest_of_the_days_before_never_one_of_its_own_day(ledger):
    """Planned twice for a day, both follow the same plan; of two for one day the newest counts."""
    assert last_plan(ledger, before=date(2026, 1, 1)) is None
    keep(ledger, plan_of(n_call=1), date(2026, 1, 1))
    keep(ledger, plan_of(n_call=2), date(2026, 1, 1))
    keep(ledger, plan_of(n_call=3), date(2026, 1, 8))
    assert last_plan(ledger, before=date(2026, 1, 1)) is None
    assert set(last_plan(ledger, before=date(2026, 1, 8))["n_call"]) == {2}
    assert set(last_plan(ledger, before=date(2026, 1, 9))["n_call"]) == {3}
    days = kept_plans(ledger)
    assert days["n_made"].tolist() == [2, 1]
    assert days["hours"].tolist() == [1.5, 1.5]


def test_a_plan_older_than_its_own_horizon_is_followed_no_more(ledger):
    keep(ledger, plan_of(), date(2026, 1, 1), horizon_days=30)
    assert last_plan(ledger, before=date(2026, 1, 31)) is not None
    assert last_plan(ledger, before=date(2026, 2, 1)) is None


def test_books_do_not_see_each_other(ledger, address):
    keep(ledger, plan_of(), date(2026, 1, 1))
    record_touches(ledger, TOUCHES)
    with open_ledger(address, book="another") as other:
        assert last_plan(other, before=date(2026, 1, 2)) is None
        assert read_touches(other).empty
        assert kept_plans(other).empty
        assert count_touches(other).n_touches == 0


def test_a_touch_told_twice_is_one_and_what_is_told_later_is_added(ledger):
    assert record_touches(ledger, TOUCHES) == Kept(3, 0, 0)
    assert record_touches(ledger, TOUCHES) == Kept(0, 0, 3)
    assert record_touches(ledger, TOUCHES.assign(minutes=np.nan)) == Kept(0, 0, 3)
    assert record_touches(ledger, TOUCHES.head(1).assign(outcome="reached")) == Kept(0, 1, 0)
    found = read_touches(ledger)
    assert found["account_id"].tolist() == TOUCHES["account_id"].tolist()
    assert found["minutes"].fillna(-1).tolist() == [30.0, -1, 10.0]
    assert found["outcome"].fillna("").tolist() == ["reached", "", ""]
    assert read_touches(ledger, before=date(2026, 1, 2))["account_id"].tolist() == ["=cmd", "a, b"]
    assert count_touches(ledger).last_day == date(2026, 1, 2)


def test_who_records_a_touch_asks_for_its_account_and_day_alone(ledger):
    """A write into a ledger of years costs what it writes; many accounts are confined by their days."""
    record_touches(ledger, TOUCHES)
    asked = []
    sa.event.listen(
        ledger.engine, "before_cursor_execute", lambda _c, _r, statement, *_: asked.append(statement)
    )
    record_touches(ledger, TOUCHES.head(1))
    many = pd.DataFrame(
        {"account_id": [f"A-{i}" for i in range(600)], "day": date(2026, 2, 1), "channel": "call"}
    )
    record_touches(ledger, many)
    one, all_of_a_day = [text for text in asked if text.startswith("SELECT") and "FROM touches" in text]
    assert "account_id IN" in one
    assert "BETWEEN" in one
    assert "account_id IN" not in all_of_a_day
    assert "BETWEEN" in all_of_a_day
    assert len(read_touches(ledger, account_id="A-7")) == 1


def test_records_come_newest_first_part_by_part_and_none_is_passed_over_when_others_come(ledger):
    days = pd.date_range("2026-01-01", periods=4).repeat(3)
    record_touches(ledger, pd.DataFrame({"account_id": list("abc") * 4, "day": days, "channel": "call"}))
    met, after = [], None
    while True:
        part = newest_touches(ledger, limit=5, after=after)
        met += list(zip(part.rows["day"], part.rows["account_id"], strict=True))
        if part.ends_at is None:
            break
        after = part.ends_at
        late = pd.DataFrame({"account_id": [f"n{len(met)}"], "day": date(2026, 2, 1), "channel": "call"})
        record_touches(ledger, late)  # it belongs before what was read already
    assert part.n_total == 14
    assert [day for day, _ in met] == sorted(days, reverse=True)
    assert len(set(met)) == 12
    assert newest_touches(ledger, limit=5, account_id="b").n_total == 4
    assert newest_outcomes(ledger, limit=5).ends_at is None


def test_the_same_touch_twice_in_one_file_is_one_with_what_either_tells(ledger):
    twice = pd.concat([TOUCHES.head(1).assign(minutes=np.nan, outcome="reached"), TOUCHES.head(1)])
    assert record_touches(ledger, twice) == Kept(1, 0, 0)
    (touch,) = read_touches(ledger).to_dict("records")
    assert (touch["minutes"], touch["outcome"]) == (30.0, "reached")


def test_no_touches_are_none(ledger):
    assert record_touches(ledger, TOUCHES.head(0)) == Kept(0, 0, 0)
    assert read_touches(ledger).empty


def test_outcomes_are_kept_once(ledger):
    told = pd.DataFrame({"account_id": ["a", "b"], "day": "2026-01-01", "outcome": ["churned", "renewed"]})
    assert record_outcomes(ledger, told) == Kept(2, 0, 0)
    assert record_outcomes(ledger, told.assign(amount=[np.nan, 5.0])) == Kept(0, 1, 1)
    assert read_outcomes(ledger)["amount"].fillna(0).tolist() == [0, 5.0]
    assert count_outcomes(ledger) == {"churned": 1, "renewed": 1}


def test_a_look_tells_what_is_new_and_what_has_ended_since_the_one_before(ledger):
    """A1. Looked again for the same date, it tells the same."""
    first = alerts_of(("a", "2026-01-01", None), ("b", "2026-01-01", "2026-01-08"))
    for _ in range(2):
        assert seen(sync_alerts(ledger, first, as_of=date(2026, 1, 8))) == (None, ["a"], [])
    second = alerts_of(("a", "2026-01-01", "2026-01-15"), ("c", "2026-01-15", None))
    for _ in range(2):
        assert seen(sync_alerts(ledger, second, as_of=date(2026, 1, 15))) == (date(2026, 1, 8), ["c"], ["a"])
    assert open_alerts(ledger)["account_id"].tolist() == ["c"]
    assert open_alerts(ledger, account_id="a").empty
    assert last_look(ledger) == date(2026, 1, 15)
    assert count_open_alerts(ledger) == {"risk": 1}


def test_an_alert_dated_some_days_later_by_a_look_at_another_weekday_is_the_same(ledger):
    sync_alerts(ledger, alerts_of(("a", "2026-01-01", None)), as_of=date(2026, 1, 8))
    look = sync_alerts(ledger, alerts_of(("a", "2026-01-04", None)), as_of=date(2026, 1, 11))
    assert seen(look) == (date(2026, 1, 8), [], [])
    assert open_alerts(ledger)["opened_on"].tolist() == [pd.Timestamp("2026-01-01")]


def test_an_alert_that_ended_and_came_again_between_two_looks_is_new(ledger):
    sync_alerts(ledger, alerts_of(("a", "2026-01-01", None)), as_of=date(2026, 1, 8))
    again = alerts_of(("a", "2026-01-01", "2026-01-15"), ("a", "2026-02-05", None))
    look = sync_alerts(ledger, again, as_of=date(2026, 2, 12))
    assert seen(look) == (date(2026, 1, 8), ["a"], ["a"])
    assert open_alerts(ledger)["opened_on"].tolist() == [pd.Timestamp("2026-02-05")]


def test_a_look_at_an_earlier_date_changes_nothing(ledger):
    sync_alerts(ledger, alerts_of(("a", "2026-01-01", None)), as_of=date(2026, 1, 8))
    sync_alerts(
        ledger, alerts_of(("a", "2026-01-01", None), ("b", "2026-01-15", None)), as_of=date(2026, 1, 15)
    )
    before = open_alerts(ledger)
    look = sync_alerts(ledger, alerts_of(("z", "2026-01-09", None)), as_of=date(2026, 1, 12))
    assert (look.is_kept, *seen(look)) == (False, date(2026, 1, 8), ["z"], ["a"])
    pd.testing.assert_frame_equal(open_alerts(ledger), before)
    assert last_look(ledger) == date(2026, 1, 15)


def test_a_look_that_finds_nothing_is_a_look(ledger):
    assert last_look(ledger) is None
    sync_alerts(ledger, alerts_of(), as_of=date(2026, 1, 8))
    assert last_look(ledger) == date(2026, 1, 8)
    assert list_campaigns(ledger).empty


def _record_all(where, name, n_days):
    for day in range(1, n_days + 1):
        rows = TOUCHES.assign(account_id=["a", "b", name], day=pd.Timestamp(2026, 1, day))
        with open_ledger(where, book="writers") as ledger:
            record_touches(ledger, rows)


def test_two_who_record_the_same_touches_at_once_keep_each_once(address):
    """Both tell of accounts a and b; neither fails, and nothing is there twice."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_record_all, args=(address, name, 8)) for name in "cd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    with open_ledger(address, book="writers") as ledger:
        found = read_touches(ledger)
    assert len(found) == 8 * 4
    assert not found.duplicated(["account_id", "day", "channel", "play"]).any()


def _keep_until_killed(where, started):
    with open_ledger(where, book="killed") as ledger:
        keep(ledger, plan_of(20), date(2026, 1, 1))
        started.set()
        while True:
            keep(ledger, plan_of(20_000), date(2026, 1, 8))


def test_whoever_is_killed_while_writing_leaves_whole_plans_only(address):
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    writer = context.Process(target=_keep_until_killed, args=(address, started))
    writer.start()
    assert started.wait(60)
    time.sleep(1.0)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    with open_ledger(address, book="killed") as ledger:
        assert set(kept_plans(ledger)["n_accounts"]) <= {20, 20_000}
        keep(ledger, plan_of(5), date(2026, 1, 8))
        assert len(last_plan(ledger, before=date(2026, 1, 9))) == 5
