"""U2: past lists made from what was known then, against the rules people use, and where that is told."""

import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from standfast.decision.capacity import Capacity
from standfast.decision.rules import RULES
from standfast.pipelines.observe import observe_book
from standfast.pipelines.past_list import replay_date
from standfast.sample.book import make_sample_book
from standfast.sample.export import write_sample_book
from standfast.schema import ACCOUNT_ID, CALENDAR_DATES, LABELS, OBSERVATION_DATE
from standfast.settings import load_settings

pytestmark = pytest.mark.integration

QUICK = """
[model]
n_folds = 3
n_knots = 4
ridge_strengths = [3.0]
max_trees = 40
symmetric_rows = 0

[backtest]
n_dates = 2
n_draws = 60
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A made-up company of 260 accounts over 20 months."""
    folder = tmp_path_factory.mktemp("backtest")
    write_sample_book(make_sample_book(n_accounts=260, n_months=20, seed=4), folder / "book")
    with (folder / "book" / "standfast.toml").open("a") as file:
        file.write(QUICK)
    return folder


@pytest.fixture(scope="module")
def settings(folder):
    return load_settings(folder / "book" / "standfast.toml")


@pytest.fixture(scope="module")
def observed(settings):
    return observe_book(settings)


@pytest.fixture(scope="module")
def date(observed):
    """A date in the middle: labels matured before it, and others after it."""
    dates = sorted(observed.snapshots[OBSERVATION_DATE].unique())
    return pd.Timestamp(dates[-4])


@pytest.fixture(scope="module")
def listed(observed, settings, date):
    return look(observed, date, settings)


def look(observed, date, settings):
    return replay_date(observed, date, set_aside=(), capacity=Capacity(hours=60), settings=settings)


def same_lists(ours, theirs):
    pd.testing.assert_frame_equal(ours.scores, theirs.scores, check_exact=True)
    assert [one.rule for one in ours.past.lists] == [one.rule for one in theirs.past.lists]
    for one, other in zip(ours.past.lists, theirs.past.lists, strict=True):
        assert one.place.tolist() == other.place.tolist(), one.rule
        assert one.touches.hours.tolist() == other.touches.hours.tolist(), one.rule


def had_matured(observed, date):
    """Whose labels were known on the date: 90 days of horizon and 30 of allowed gap had passed."""
    return observed.snapshots[OBSERVATION_DATE] + pd.Timedelta(days=120) <= date


def flipped(snapshots, rows):
    """Every known label of these rows turned round."""
    turned = snapshots.copy()
    for label in LABELS:
        known = rows & turned[label].notna()
        turned.loc[known, label] = ~turned.loc[known, label]
    return turned


def test_labels_that_matured_later_change_no_list(observed, settings, date, listed):
    turned = flipped(observed.snapshots, ~had_matured(observed, date))
    assert (turned["churned"] != observed.snapshots["churned"]).sum() > 100
    found = look(replace(observed, snapshots=turned), date, settings)
    same_lists(found, listed)
    assert found.past.left.sum() != listed.past.left.sum(), "what happened next is judged, of course"


def test_snapshots_after_the_date_change_no_list(observed, settings, date, listed):
    kept = observed.snapshots[observed.snapshots[OBSERVATION_DATE] <= date]
    assert len(kept) < len(observed.snapshots)
    same_lists(look(replace(observed, snapshots=kept), date, settings), listed)


def test_labels_that_had_matured_do_change_the_lists(observed, settings, date, listed):
    """Else the laws above would hold for nothing."""
    turned = flipped(observed.snapshots, had_matured(observed, date))
    found = look(replace(observed, snapshots=turned), date, settings)
    assert not np.allclose(found.scores["churn_probability"], listed.scores["churn_probability"])


def test_the_list_of_a_past_date_is_that_of_a_run_as_of_that_date(settings, date, listed):
    """Features of the accounts then, labels as they were known then: as ``--as-of`` sees them."""
    then = observe_book(settings, as_of=date.date())
    unlabelled = then.current.drop(columns=[name for name in CALENDAR_DATES if name in then.current]).assign(
        **{label: pd.array([pd.NA] * len(then.current), "boolean") for label in LABELS}
    )
    both = pd.concat([then.snapshots, unlabelled], ignore_index=True)
    same_lists(look(replace(then, snapshots=both), date, settings), listed)


def test_who_owns_an_account_today_plays_no_part(observed, settings, date, listed):
    handed_over = observed.snapshots.assign(owner="nobody")
    same_lists(look(replace(observed, snapshots=handed_over), date, settings), listed)


def test_accounts_that_had_left_are_in_no_list_and_active_ones_are_in_all(folder, date, listed):
    rows = pd.read_csv(folder / "book" / "subscriptions.csv", parse_dates=["started_on", "ended_on"])
    in_force = rows[(rows["started_on"] <= date) & ~(rows["ended_on"] <= date)]
    asked = set(listed.past.account_id)
    assert asked <= set(in_force["account_id"])
    assert len(set(rows["account_id"]) - asked) > 10
    for one in listed.past.lists:
        assert sorted(one.place) == list(range(1, len(asked) + 1))


def test_no_list_takes_more_hours_than_the_plan_used(listed):
    assert 0 < listed.past.hours <= 60
    thinned = next(one for one in listed.past.lists if one.rule == "spend_tiers_scaled")
    assert thinned.touches.hours.sum() == pytest.approx(listed.past.hours)


@pytest.fixture(scope="module")
def done(folder):
    """The folder after ``standfast backtest``, and what the command said."""
    from click.testing import CliRunner

    from standfast.cli import main

    before = Path.cwd()
    os.chdir(folder)
    try:
        answer = CliRunner().invoke(main, ["backtest", "--settings", "book/standfast.toml", "--json"])
    finally:
        os.chdir(before)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


def test_the_answer_holds_every_rule_with_figures_intervals_and_differences(done):
    assert [rule["rule"] for rule in done["rules"]] == list(RULES)
    assert len(done["dates"]) == 2
    for rule in done["rules"]:
        value, low, high = rule["figures"]["conservative_value"]
        assert low <= value <= high
        assert 0 <= rule["figures"]["in_first_20"][0] <= 1
        assert rule["rule"] == "plan" or rule["ahead"]["revenue_reached"][1] is not None


def test_figures_can_be_worked_out_again_from_the_lists_written(done, folder):
    lists = pd.read_csv(folder / "backtest.csv")
    left = lists[lists["churned"]]
    assert len(left) == done["n_left"] > 5
    assert left["annual_revenue"].sum() == pytest.approx(done["left_revenue"])
    size = left["observation_date"].map(lists.groupby("observation_date").size())
    for rule in done["rules"]:
        within = (left[f"place_{rule['rule']}"] <= 0.5 * size).mean()
        assert rule["figures"]["in_first_50"][0] == pytest.approx(within), rule["rule"]
    (plan,) = (rule for rule in done["rules"] if rule["rule"] == "plan")
    reached = left.loc[left["plan_hours"] > 0, "annual_revenue"].sum()
    assert plan["figures"]["revenue_reached"][0] == pytest.approx(reached)
    assert lists["plan_hours"].sum() == pytest.approx(done["hours"])


def test_each_date_tells_what_was_promised_and_what_came(done, folder):
    lists = pd.read_csv(folder / "backtest.csv").groupby("observation_date")
    for day in done["dates"]:
        churn, rows = day["models"]["churn"], lists.get_group(day["date"])
        assert churn["event_rate"] == pytest.approx(rows["churned"].mean())
        assert churn["mean_probability"] == pytest.approx(rows["churn_probability"].mean())
        assert churn["event_rate_low"] <= churn["event_rate"] <= churn["event_rate_high"]
        assert pd.Timestamp(day["learned_until"]) + pd.Timedelta(days=120) <= pd.Timestamp(day["date"])


def test_the_backtest_is_a_run_of_its_own_in_mlflow(done, folder):
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlruns' / 'mlflow.db'}")
    run = mlflow.get_run(done["mlflow_run"])
    assert run.data.tags["kind"] == "backtest"
    assert "Of the" in run.data.tags["mlflow.note.content"]
    (plan,) = (rule for rule in done["rules"] if rule["rule"] == "plan")
    assert run.data.metrics["backtest/plan/revenue_reached"] == pytest.approx(
        plan["figures"]["revenue_reached"][0]
    )
    assert "backtest/recency/ahead_conservative_value_low" in run.data.metrics
    client = mlflow.MlflowClient()
    along = client.get_metric_history(run.info.run_id, "backtest/churn/ece_by_date")
    assert [one.value for one in along] == pytest.approx(
        [day["models"]["churn"]["ece"] for day in done["dates"]]
    )
    plots = {Path(one.path).name for one in client.list_artifacts(run.info.run_id, "plots")}
    assert plots == {"backtest_reach.png", "backtest_places.png", "backtest_promised.png"}
    stored = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/backtest.json")
    assert json.loads(stored)["rules"] == done["rules"]


@pytest.fixture
def work(folder, done, tmp_path, monkeypatch):
    """A copy of the folder to work in."""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("mlruns"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_person_reads_where_leavers_stood_and_what_the_hours_reached(cli, work, without_mlflow):
    told = cli("backtest", "--settings", "book/standfast.toml", "--hours", "40")
    said = told.stdout.replace("\u00a0", " ")
    assert re.search(r"Of the \d+ accounts that left within 90 days of lists made on 2 dates", said)
    assert "under past practice" in said
    for words in RULES.values():
        assert words in said
    assert "Churn promised, churn that came" in said


def test_dates_without_enough_behind_them_are_named_and_the_others_replayed(cli, work, without_mlflow):
    path = Path("book/standfast.toml")
    path.write_text(path.read_text().replace("n_dates = 2", "n_dates = 9"))
    told = json.loads(cli("backtest", "--settings", path, "--json").stdout)
    assert told["dates"]
    assert "no label had matured" in told["skipped"][0]["why"]
    assert told["skipped"][0]["date"] < told["dates"][0]["date"]


def test_dates_whose_outcome_is_not_known_yet_are_not_replayed(cli, work, without_mlflow):
    path = Path("book/standfast.toml")
    dates = "[2024-10-05, 2025-01-05, 2025-06-05, 2025-10-01]"
    path.write_text(f"{path.read_text()}\n[snapshots]\ndates = {dates}\n")
    told = json.loads(cli("backtest", "--settings", path, "--json").stdout)
    met = [one["date"] for one in (*told["dates"], *told["skipped"])]
    assert "2025-10-01" not in met
    assert told["dates"][-1]["n_left"] > 0


def test_a_book_too_young_to_replay_is_refused_with_what_would_help(cli, work, leftovers):
    before = leftovers(work)
    refused = cli("backtest", "--settings", "book/standfast.toml", "--as-of", "2024-12-15")
    assert refused.exit_code == 1
    assert "no past date" in refused.complaint
    assert "history" in refused.complaint
    assert leftovers(work) == before


def test_a_flat_table_is_refused_in_one_line(cli, flat_folder):
    refused = cli("backtest")
    assert refused.exit_code == 1
    assert "no past to replay" in refused.complaint


def test_the_lists_never_replace_a_table_of_the_book(cli, work):
    refused = cli("backtest", "--settings", "book/standfast.toml", "-o", "book/accounts.csv")
    assert refused.exit_code == 1
    assert "would be replaced" in refused.complaint


@pytest.fixture
def without_mlflow(monkeypatch):
    """Replay without MLflow's record, where the record is not the point."""
    from standfast.adapters.tracking import Recorded
    from standfast.pipelines import backtest

    monkeypatch.setattr(backtest, "record_backtest", lambda *_, **__: Recorded("none", None))


def test_account_ids_order_the_rows_whatever_order_the_tables_came_in(observed, settings, date, listed):
    shuffled = observed.snapshots.sample(frac=1, random_state=2).reset_index(drop=True)
    same_lists(look(replace(observed, snapshots=shuffled), date, settings), listed)
    assert listed.past.account_id.is_monotonic_increasing
    assert listed.scores[ACCOUNT_ID].is_unique
