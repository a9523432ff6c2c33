"""The whole circle (U5): planned, chance decides, done, seen; the same in SQLite and in PostgreSQL."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from standfast.adapters.ledger import open_ledger
from standfast.adapters.ledger_assignments import read_assignments
from standfast.adapters.ledger_experiments import find_experiment, stop_experiment
from standfast.adapters.ledger_touches import record_outcomes, record_touches
from standfast.decision.capacity import Capacity
from standfast.decision.columns import flags
from standfast.decision.guards import Guards
from standfast.decision.plan_policy import PlanPolicy
from standfast.learning.holdout_policy import HoldoutPolicy
from standfast.learning.sleepers import SIGNS
from standfast.pipelines.assignments import assigned_accounts
from standfast.pipelines.experiment_read import read_experiments
from standfast.pipelines.kept_release import Released
from standfast.pipelines.look_back import Past
from standfast.pipelines.release import release
from standfast.pipelines.run import plan_and_write
from standfast.schema import ASSIGNMENT_COLUMNS, HOLDOUT
from standfast.settings import load_settings

pytestmark = pytest.mark.integration

MANY = HoldoutPolicy(share=0.4, margin=1.0, fewest=2, most_cost=1.0)


@pytest.fixture
def cycle(snapshots):
    """A day whose labels have matured, and are known from the training's own snapshots."""
    matured = snapshots[snapshots["churned"].notna()]
    return matured["observation_date"].max().date()


@pytest.fixture
def settings(sample_files, tmp_path, request):
    """Settings of the sample book with many held out; its own touches are read where a test asks for both."""
    is_whole = "ledger_address" in request.fixturenames
    address = request.getfixturevalue("ledger_address") if is_whole else f"sqlite:///{tmp_path / 'l.sqlite'}"
    told = load_settings(sample_files / "standfast.toml")
    return replace(
        told,
        paths=replace(told.paths, ledger=address, models=str(tmp_path / "models")),
        holdout=MANY,
        capacity=replace(told.capacity, hours=60.0),
        book=replace(told.book, team=None, touches=told.book.touches if is_whole else None),
        given=told.given | {"capacity": {"hours": 60.0}},
    )


@pytest.fixture
def scores(snapshots, cycle):
    """Scores of the accounts that were active on that day, as if our model had made them."""
    then = snapshots[snapshots["observation_date"] == pd.Timestamp(cycle)]
    random = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "account_id": then["account_id"].to_numpy(),
            "observation_date": pd.Timestamp(cycle),
            "churn_probability": random.uniform(0.05, 0.4, len(then)),
            "upsell_probability": 0.1,
            "annual_revenue": then["annual_revenue"].to_numpy(),
            "upsell_value": np.nan,
            "model_version": "sample-1",
        }
    )


@pytest.fixture
def plan(settings, scores, tmp_path):
    """A function that plans those scores for a day, keeps the plan, and gives its lines and summary."""

    def make(day=None, *, told=settings, rows=scores, **options):
        rows = rows if day is None else rows.assign(observation_date=pd.Timestamp(day))
        rows.to_parquet(tmp_path / "scores.parquet")
        files = {"output": tmp_path / "plan.csv", "scores_file": tmp_path / "scores.parquet"}
        return plan_and_write(told, **files, **options).plan

    return make


def drawn(settings):
    with open_ledger(settings.ledger_address, book=settings.book_name) as ledger:
        return read_assignments(ledger)


def held_out(plan):
    return set(plan.lines.loc[plan.lines["held_out"], "account_id"].astype(str))


def record(settings, rows, outcomes=False):
    with open_ledger(settings.ledger_address, book=settings.book_name) as ledger:
        (record_outcomes if outcomes else record_touches)(ledger, pd.DataFrame(rows), who="ann")


def touch(account, day, channel="call", play="outreach"):
    return {"account_id": account, "day": pd.Timestamp(day), "channel": channel, "play": play}


def test_planned_done_and_seen_come_together_row_by_row(ledger_address, settings, plan, cycle, snapshots):
    """U5: intention to treat and as treated side by side, labels as training has them, edges half open."""
    made = plan()
    arms = drawn(settings).set_index("account_id")["arm"]
    assert held_out(made) == set(arms[arms == "held_out"].index)
    assert len(held_out(made)) >= 2
    assert made.summary.held_out.n_held_out == len(held_out(made))
    planned, alone = arms[arms == "planned"].index[0], arms[arms == "held_out"].index[0]
    edges = [cycle - timedelta(days=1), cycle, cycle + timedelta(days=89), cycle + timedelta(days=90)]
    before = assigned_accounts(settings).rows.set_index("account_id")
    record(settings, [touch(planned, day, "video call") for day in edges] + [touch(alone, edges[1], "QBR")])
    got = assigned_accounts(settings)
    assert tuple(got.rows.columns) == (*ASSIGNMENT_COLUMNS, SIGNS)
    rows = got.rows.set_index("account_id")
    assert rows[SIGNS].between(0, 4).all()
    assert rows.index.tolist() == arms.index.tolist()
    assert rows.loc[planned, "done_call"] == before.loc[planned, "done_call"] + 2
    assert rows.loc[alone, "done_in_person"] == before.loc[alone, "done_in_person"] + 1
    assert rows.loc[alone, "arm"] == "held_out"
    then = snapshots[snapshots["observation_date"] == pd.Timestamp(cycle)]
    known = then.set_index("account_id").loc[rows.index]
    for label in ("churned", "expanded"):
        assert rows[label].astype("boolean").equals(known[label].astype("boolean"))
    assert rows["is_matured"].all()
    assert (rows.loc[rows["churned"].fillna(False), "revenue_after"] == 0).all()
    grown = rows[rows["expanded"].fillna(False).astype(bool)]
    assert (grown["revenue_after"] >= 1.1 * grown["annual_revenue"] - 0.01).all()
    kinds = {odd.kind for odd in got.oddities}
    assert "held out, contacted" in kinds
    assert sum(got.followed.values()) == len(rows)


def test_a_holdout_is_cut_to_what_it_may_cost_and_every_plan_of_the_cycle_says_so(settings, plan, cycle):
    cut = replace(settings, holdout=replace(MANY, most_cost=0.03))
    first, later = plan(told=cut), plan(cycle + timedelta(days=30), told=cut)
    assert 0 < len(held_out(first)) < first.summary.held_out.n_wanted
    for one in (first, later):
        assert any("([holdout] most_cost), so learning takes about" in note for note in one.summary.notes)
    none = plan(cycle + timedelta(days=90), told=replace(settings, holdout=replace(MANY, most_cost=1e-6)))
    assert any("beyond 0.00% of what the plan is worth, [holdout] most_cost" in n for n in none.summary.notes)


def asleep(scores):
    """The same accounts, every other one with all signs of sleep."""
    signs = {"auto_renew": True, "seat_utilisation": 0.1, "sponsor_engagement": 0.1, "open_critical": 0}
    sleeps = np.arange(len(scores)) % 2 == 0
    return scores.assign(**{name: np.where(sleeps, value, np.nan) for name, value in signs.items()})


def test_chance_releases_some_of_those_that_do_not_disturb_spares_for_a_whole_cycle(
    settings, plan, scores, cycle
):
    """U5: declared, written before the plan is shown, told by it, never the high tier, undone at once."""
    tested = replace(settings, holdout=replace(MANY, release_share=0.5))
    rows = asleep(scores)
    first = plan(told=tested, rows=rows)
    assert any("do-not-disturb is tested: chance releases" in note for note in first.summary.notes)
    arms = drawn(settings)
    arms = arms[arms["experiment"] == "do not disturb"].set_index("account_id")
    released, spared = (set(arms.index[arms["arm"] == arm]) for arm in ("released", "held_out"))
    assert released
    assert spared
    lines = first.lines.assign(account_id=first.lines["account_id"].astype(str)).set_index("account_id")
    assert lines.loc[sorted(spared), "why"].str.contains("do not disturb").all()
    assert not lines.loc[sorted(released), "why"].str.contains("do not disturb").any()
    assert (lines.loc[sorted(spared), "hours"] == 0).all()
    assert lines.loc[sorted(released), "hours"].sum() > 0
    assert (arms[["n_in_person", "n_call"]].sum(axis=1) > 0).all()
    assert [one["signs_of_sleep"] for one in arms["known"]] == [4] * len(arms)
    plan(cycle + timedelta(days=40), told=tested, rows=rows)
    assert len(drawn(settings).query("experiment == 'do not disturb'")) == len(arms)
    undone = plan(cycle + timedelta(days=40), rows=rows).lines.set_index("account_id")
    assert undone.loc[sorted(released), "why"].str.contains("do not disturb").all()
    (read,) = read_experiments(tested, name="do not disturb").reads
    assert read.read.control == "held_out"
    assert read.read.tally.n_rows == len(arms)


def test_a_plan_that_is_only_tried_releases_nobody(settings, plan, scores):
    tested = replace(settings, holdout=replace(MANY, release_share=0.5))
    plan(told=settings, rows=asleep(scores))
    tried = plan(told=tested, rows=asleep(scores), is_what_if=True)
    assert not any("do-not-disturb is tested" in note for note in tried.summary.notes)
    assert drawn(settings).query("experiment == 'do not disturb'").empty


def test_where_nobody_can_be_released_the_plan_says_why(settings, plan, scores):
    tested = replace(settings, holdout=replace(MANY, release_share=0.5))
    told = plan(told=tested, rows=scores).summary.notes
    assert any(
        "do-not-disturb is not tested: of 0 accounts that it spares 0 would get" in one for one in told
    )


def test_a_rule_that_was_dropped_holds_its_other_arm_out_until_the_cycle_is_over(scores):
    rows = asleep(scores).head(4).reset_index(drop=True)
    ids = rows["account_id"].astype(str).tolist()
    arms = pd.DataFrame(
        {"cycle": pd.Timestamp("2026-01-05"), "account_id": ids[:2], "arm": ["released", "held_out"]}
    )
    past = Past(released=Released(arms.assign(horizon_days=90)))
    for guards, held in (
        (Guards(), [False] * 4),
        (Guards(do_not_disturb=False), [False, True, False, False]),
    ):
        policy = PlanPolicy(capacity=Capacity(hours=1), guards=guards)
        told, _ = release(rows, past, policy=policy, as_of=None, drawing=None)
        assert told["released"].tolist() == [True, False, False, False]
        assert flags(told, "held_out")[0].tolist() == held


def test_labels_are_empty_until_they_have_matured(settings, plan, cycle):
    plan()
    last = cycle + timedelta(days=settings.label_policy.maturity_days)
    early = assigned_accounts(settings, as_of=last - timedelta(days=1)).rows
    assert not early["is_matured"].any()
    assert early[["churned", "expanded", "revenue_after"]].isna().all(axis=None)
    assert assigned_accounts(settings, as_of=last).rows["is_matured"].all()
    assert assigned_accounts(settings, as_of=cycle).rows.empty, "nothing has happened yet"


def test_a_cycle_keeps_its_arms_for_a_horizon_and_then_another_begins(settings, plan, cycle):
    """U5: assignment is written before the plan is shown, and cannot be changed afterwards."""
    first = plan()
    again = plan()
    pd.testing.assert_frame_equal(first.lines, again.lines)
    assert first.summary.held_out == again.summary.held_out
    before = drawn(settings)
    later = plan(cycle + timedelta(days=89), told=replace(settings, holdout=replace(MANY, seed=9)))
    assert held_out(later) == held_out(first)
    pd.testing.assert_frame_equal(drawn(settings), before)
    after = plan(cycle + timedelta(days=90))
    assert drawn(settings)["cycle"].nunique() == 2
    assert held_out(after) != held_out(first)
    back = plan(cycle - timedelta(days=1))
    assert not held_out(back)
    assert any("before the cycle that began on" in note for note in back.summary.notes)


def test_held_out_accounts_use_no_hours_say_why_and_their_hours_go_to_others(settings, plan, cycle):
    """U5, C5: and the plan says what that costs and teaches."""
    made = plan()
    lines = made.lines.set_index(made.lines["account_id"].astype(str))
    alone = lines.loc[sorted(held_out(made))]
    assert (alone["hours"] == 0).all()
    assert (alone[["n_in_person", "n_call", "n_email", "n_digital"]] == 0).all(axis=None)
    until = cycle + timedelta(days=89)
    said = f"held out, so that the effect of outreach can be measured, until {until}"
    assert alone["why"].str.startswith(said).all()
    whole = plan(told=replace(settings, holdout=replace(MANY, is_on=False)))
    assert not whole.lines["held_out"].any()
    told = made.summary.held_out
    assert told.expected_cost == pytest.approx(whole.summary.expected_value - made.summary.expected_value)
    assert made.summary.hours_used <= whole.summary.hours_capacity
    assert made.summary.hours_used >= 0.9 * whole.summary.hours_used, "their hours go to others"
    assert any(note.startswith("the holdout is expected to cost") for note in made.summary.notes)
    assert any(note.startswith("the holdout would show") for note in made.summary.notes)


def test_only_a_plan_of_our_own_scores_that_is_kept_begins_a_cycle(settings, plan, scores):
    """A stranger's scores are planned whole, and the plan says so; so is what is only tried."""
    for made in (plan(is_what_if=True), plan(rows=scores.drop(columns="model_version"))):
        assert not held_out(made)
        assert any(note.startswith("nobody is held out so far") for note in made.summary.notes)
    assert drawn(settings).empty
    few = plan(told=replace(settings, holdout=replace(MANY, fewest=50)))
    assert any("fewer than 50 teach nothing" in note for note in few.summary.notes)
    first = plan()
    assert held_out(plan(is_what_if=True)) == held_out(plan(by="cadence")) == held_out(first) != set()


def test_a_holdout_that_is_stopped_lets_everybody_go_at_once(settings, plan, cycle):
    plan()
    with open_ledger(settings.ledger_address, book=settings.book_name) as ledger:
        assert find_experiment(ledger, HOLDOUT).terms["margin"] == 1.0
        stop_experiment(ledger, HOLDOUT, stopped_on=cycle, reason="harm", who="lea")
    stopped = plan(cycle + timedelta(days=1))
    assert not held_out(stopped)
    assert any(f"the holdout was stopped on {cycle} (harm)" in note for note in stopped.summary.notes)
    assert len(assigned_accounts(settings).rows), "what was drawn is compared all the same"


def test_whoever_dies_between_draw_and_plan_leaves_a_draw_that_stands(settings, plan, monkeypatch):
    from standfast.pipelines import run

    monkeypatch.setattr(run, "keep_made_plan", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        plan()
    monkeypatch.undo()
    before = drawn(settings)
    assert len(before)
    plan()
    pd.testing.assert_frame_equal(drawn(settings), before)


def test_records_that_fit_no_plan_are_named(settings, plan, cycle):
    plan()
    record(settings, [touch("nobody-knows", cycle)])
    lost = {"account_id": "nobody-knows", "day": pd.Timestamp(cycle), "outcome": "churned"}
    record(settings, [lost], outcomes=True)
    odd = {one.kind: one for one in assigned_accounts(settings).oddities}
    assert odd["touches without a plan"].names == odd["outcomes without a plan"].names == ("nobody-knows",)


def test_without_a_ledger_or_a_draw_there_is_nothing_to_compare(settings):
    got = assigned_accounts(settings)
    assert tuple(got.rows.columns) == ASSIGNMENT_COLUMNS
    assert (len(got.rows), got.sentences) == (0, ())


def test_a_flat_book_is_compared_by_what_people_recorded(trained_flat_folder, tmp_path, monkeypatch):
    """U4, U5: of whom nothing is recorded nothing is known, and the way out is named."""
    customers = pd.read_csv(trained_flat_folder / "customers.csv").assign(observation_date="2026-01-05")
    shutil.copytree(trained_flat_folder / "models", tmp_path / "models", symlinks=True)
    shutil.copy(trained_flat_folder / "standfast.toml", tmp_path)
    customers.to_csv(tmp_path / "customers.csv", index=False)
    monkeypatch.chdir(tmp_path)
    settings = replace(load_settings(), holdout=HoldoutPolicy(margin=1.0, most_cost=1.0))
    few = plan_and_write(settings, output=tmp_path / "plan.csv", hours=100).plan
    assert any("fewer than 5 teach nothing" in note for note in few.summary.notes)
    made = plan_and_write(settings, output=tmp_path / "plan.csv", hours=600).plan
    alone = sorted(held_out(made))
    assert len(alone) >= settings.holdout.fewest
    left, stays = (
        {"account_id": alone[place], "outcome": word} for place, word in ((0, "churned"), (1, "renewed"))
    )
    record(settings, [one | {"day": pd.Timestamp("2026-02-01")} for one in (left, stays)], outcomes=True)
    got = assigned_accounts(settings, as_of=date(2026, 6, 1))
    rows = got.rows.set_index("account_id")
    assert rows.loc[alone[:2], "churned"].tolist() == [True, False]
    assert rows["is_matured"].sum() == 2
    (odd,) = [one for one in got.oddities if one.kind == "outcome missing"]
    assert odd.n == len(rows) - 2
    assert "renewed for those who stayed" in odd.sentence
