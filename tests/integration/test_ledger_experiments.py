"""Experiments and assignments in the ledger: written once, never changed, the same for all who ask (U5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pandas as pd
import pytest

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_assignments import (
    newest_cycle,
    open_cycle,
    read_assignments,
    running_assignments,
    write_assignments,
)
from standfast.adapters.ledger_audit import read_audit
from standfast.adapters.ledger_experiments import (
    all_experiments,
    find_experiment,
    live_experiments,
    start_experiment,
    stop_experiment,
)
from standfast.errors import InputError, StateError, TakenError, UnknownNameError

pytestmark = pytest.mark.integration

DAY = date(2026, 1, 5)
ARMS = {"planned": 0.9, "held_out": 0.1}


@pytest.fixture
def ledger(shared_ledger_address, request):
    with open_ledger(shared_ledger_address, book=request.node.name) as opened:
        yield opened


def started(ledger, name="holdout", **told):
    settled = {"kind": "holdout", "arms": ARMS, "outcome": "churned", "started_on": DAY} | told
    return start_experiment(ledger, name, **settled)


def drawn(accounts, arm="planned"):
    zeros = dict.fromkeys(("n_in_person", "n_call", "n_email", "n_digital"), 0)
    known = {"account_id": accounts, "arm": arm, "arm_probability": 0.9, "stratum": "s"}
    return pd.DataFrame({**known, "churn_probability": 0.1 + 0.2, **zeros})


def test_what_is_settled_at_the_start_comes_back_as_it_was(ledger):
    told = {
        "hypothesis": "calls keep one more in twenty", "segment": "value_tier == 'medium'", "seed": 7,
        "minimum_size": 903, "terms": {"stop_after_days": 360}, "who": "ann",
    }  # fmt: skip
    made = started(ledger, " Calls ", kind="plays", arms={"A": 0.5, "B": 0.5}, **told)
    assert find_experiment(ledger, "CALLS") == made
    assert (made.name, made.arms, made.terms) == ("Calls", {"A": 0.5, "B": 0.5}, {"stop_after_days": 360})
    assert (made.hypothesis, made.segment, made.seed) == (told["hypothesis"], told["segment"], 7)
    assert (made.started_by, made.started_on, made.is_live) == ("ann", DAY, True)
    assert live_experiments(ledger) == (made,)


def test_a_name_is_used_once_and_impossible_experiments_are_refused(ledger):
    started(ledger)
    with pytest.raises(TakenError, match="'holdout' already, started on 2026-01-05"):
        started(ledger, "HoldOut")
    for name, kind in (("Holdout", "plays"), ("other", "holdout")):
        with pytest.raises(InputError, match="the plan's own experiment"):
            started(ledger, name, kind=kind)
    for arms in ({"A": 1.0}, {"A": 0.5, "B": 0.6}, {"A": 0.0, "B": 1.0}, {"A": 1.5, "B": -0.5}):
        with pytest.raises(InputError, match="arms"):
            started(ledger, "other", kind="plays", arms=arms)
    with pytest.raises(InputError, match="seed = -1 cannot be"):
        started(ledger, "other", kind="plays", seed=-1)
    with pytest.raises(UnknownNameError, match=r"no experiment 'other'.*known: \['holdout'\]"):
        find_experiment(ledger, "other")


def test_a_stopped_experiment_draws_no_more_and_what_it_drew_stays(ledger):
    started(ledger)
    write_assignments(ledger, "holdout", drawn(["a"]), cycle=DAY, horizon_days=90)
    with pytest.raises(InputError, match="say why"):
        stop_experiment(ledger, "holdout", stopped_on=DAY, reason=" ")
    later = DAY + timedelta(days=30)
    stopped = stop_experiment(ledger, "holdout", stopped_on=later, reason="harm", who="ann")
    assert stop_experiment(ledger, "holdout", stopped_on=DAY, reason="other", who="bob") == stopped
    assert (stopped.stop_reason, stopped.stopped_by, stopped.is_live) == ("harm", "ann", False)
    assert live_experiments(ledger) == ()
    assert all_experiments(ledger) == (stopped,)
    with pytest.raises(StateError, match=r"stopped on 2026-02-04 \(harm\)"):
        write_assignments(ledger, "holdout", drawn(["b"]), cycle=DAY, horizon_days=90)
    assert read_assignments(ledger)["account_id"].tolist() == ["a"]
    assert len(running_assignments(ledger, day=later - timedelta(days=1))) == 1
    assert running_assignments(ledger, day=later).empty, "whoever was held out is free again"


def test_an_arm_once_written_is_never_changed(ledger):
    started(ledger)
    write_assignments(ledger, "holdout", drawn(["a", "b"]), cycle=DAY, horizon_days=90)
    there = write_assignments(ledger, "holdout", drawn(["b", "c"], "held_out"), cycle=DAY, horizon_days=90)
    assert there[["account_id", "arm"]].to_numpy().tolist() == [
        ["a", "planned"], ["b", "planned"], ["c", "held_out"],
    ]  # fmt: skip
    assert there["churn_probability"].eq(0.1 + 0.2).all()
    assert there["cycle"].eq(pd.Timestamp(DAY)).all()


def test_a_cycle_holds_from_its_day_until_its_horizon_has_passed(ledger):
    started(ledger)
    assert newest_cycle(ledger, "holdout") is None
    open_cycle(ledger, "holdout", drawn(["a"]), day=DAY, horizon_days=90)
    last = DAY + timedelta(days=89)
    for day in (DAY, last):
        again = open_cycle(ledger, "holdout", drawn(["a", "b"], "held_out"), day=day, horizon_days=90)
        assert again[["account_id", "arm"]].to_numpy().tolist() == [["a", "planned"]]
    assert running_assignments(ledger, day=DAY - timedelta(days=1)).empty
    after = last + timedelta(days=1)
    assert running_assignments(ledger, day=after).empty
    new = open_cycle(ledger, "holdout", drawn(["a", "b"], "held_out"), day=after, horizon_days=90)
    assert new["arm"].tolist() == ["held_out"] * 2
    assert newest_cycle(ledger, "holdout") == after
    before = DAY - timedelta(days=1)
    assert open_cycle(ledger, "holdout", drawn(["z"]), day=before, horizon_days=90).empty
    assert len(read_assignments(ledger)) == 3


def test_of_several_who_plan_at_once_the_first_draw_stands(shared_ledger_address, request):
    book = request.node.name
    with open_ledger(shared_ledger_address, book=book) as ledger:
        started(ledger)

    def draw(place):
        with open_ledger(shared_ledger_address, book=book) as mine:
            accounts = [f"{place}-{n}" for n in range(50)]
            day = DAY + timedelta(days=place)
            return open_cycle(mine, "holdout", drawn(accounts), day=day, horizon_days=90)

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(draw, (0, 0, 1, 2)))
    with open_ledger(shared_ledger_address, book=book) as ledger:
        there = read_assignments(ledger)
    assert len(there["cycle"].unique()) == 1
    assert len(there) == 50
    for one in got:  # whoever plans a day before the cycle that is there by now has none
        assert one.empty or one.equals(there)
    assert any(len(one) for one in got)


def test_each_act_is_noted_with_who_did_it(ledger):
    started(ledger, who="ann")
    write_assignments(ledger, "holdout", drawn(["a"]), cycle=DAY, horizon_days=90, who="ann")
    write_assignments(ledger, "holdout", drawn(["a"]), cycle=DAY, horizon_days=90, who="ann")
    stop_experiment(ledger, "holdout", stopped_on=DAY, reason="enough", who="bob")
    noted = read_audit(ledger, limit=9)[["who", "action"]].to_numpy().tolist()[::-1]
    assert noted == [
        ["ann", "experiment started"], ["ann", "accounts assigned"], ["bob", "experiment stopped"],
    ]  # fmt: skip


def test_books_do_not_see_each_others_experiments(ledger, shared_ledger_address):
    started(ledger)
    write_assignments(ledger, "holdout", drawn(["a"]), cycle=DAY, horizon_days=90)
    with open_ledger(shared_ledger_address, book="another of them") as other:
        assert all_experiments(other) == ()
        assert read_assignments(other).empty
        assert running_assignments(other, day=DAY).empty
