"""A champion is judged on labels new to it; a broken column is a breach; people are scored fairly."""

import json
import os
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from standfast.adapters.artifacts import champion_version, load_bundle, save_bundle
from standfast.adapters.ledger_overrides import add_override
from standfast.pipelines import monitored as monitored_book
from standfast.pipelines.book_ledger import book_ledger
from standfast.pipelines.events import observe_events
from standfast.pipelines.kept_monitor import kept_monitor
from standfast.pipelines.train import train
from standfast.sample.book import make_sample_book
from standfast.sample.export import write_sample_book
from standfast.settings import load_settings

pytestmark = pytest.mark.integration

QUICK = """
[model]
n_folds = 3
n_knots = 4
ridge_strengths = [3.0]
max_trees = 30
"""
TRAINED_ON = date(2025, 4, 1)
SETTINGS = Path("book/standfast.toml")
MODELS = Path("models")
LOOKS = {}


@pytest.fixture(scope="session")
def aged_folder(made_once):
    """A made-up company of 220 accounts over two years; its champion has not seen the last nine months."""

    def make(folder):
        write_sample_book(make_sample_book(n_accounts=220, n_months=24, seed=4), folder / "book")
        with (folder / "book" / "standfast.toml").open("a") as file:
            file.write(QUICK)
        before = Path.cwd()
        os.chdir(folder)  # models/ is relative to where one works
        try:
            train(load_settings(SETTINGS), as_of=TRAINED_ON)
        finally:
            os.chdir(before)

    return made_once("aged", make)


def looked_at_once(settings, *, as_of, by_month):
    """Look at the untouched book once per date: that is what costs."""
    if Path("touched").exists():
        return observe_events(settings, as_of=as_of, by_month=by_month)
    if as_of not in LOOKS:
        LOOKS[as_of] = observe_events(settings, as_of=as_of, by_month=by_month)
    return LOOKS[as_of]


@pytest.fixture
def aged(aged_folder, tmp_path, monkeypatch):
    """A copy to work in, without MLflow's record: it costs seconds."""
    from standfast.adapters.tracking import Recorded
    from standfast.pipelines import monitor

    shutil.copytree(aged_folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(monitored_book, "observe_events", looked_at_once)
    monkeypatch.setattr(monitor, "record_monitor", lambda *_, **__: Recorded("none", None))
    return tmp_path


def monitored(cli, *options, exit_code=None):
    done = cli("monitor", "--settings", SETTINGS, "--json", *options)
    assert exit_code in {None, done.exit_code}, done.stdout
    return json.loads(done.stdout)


def test_the_champion_is_judged_only_on_labels_that_no_window_of_its_training_touches(cli, aged):
    told = monitored(cli)
    maturity = timedelta(days=load_settings(SETTINGS).label_policy.maturity_days)
    learned_until = date.fromisoformat(told["learned_until"])
    assert learned_until + maturity <= TRAINED_ON
    assert told["matured"], "nine months have passed"
    assert min(map(date.fromisoformat, told["matured"])) >= learned_until + maturity
    assert max(map(date.fromisoformat, told["matured"])) + maturity <= date.fromisoformat(told["as_of"])
    assert {one["model"] for one in told["months"]} >= {"churn"}
    for one in told["months"]:
        assert 0 <= one["observed"] <= one["n_rows"]


def test_one_json_document_tells_every_check_with_its_step_and_the_next_one(cli, aged):
    told = monitored(cli)
    assert {"verdict", "sentence", "next_step", "checks", "inputs", "notes", "champion", "as_of"} <= set(told)
    kinds = {check["kind"] for check in told["checks"]}
    assert kinds >= {"inputs", "scores", "level", "segments", "alerts", "overrides", "plan"}
    assert all(check["sentence"] for check in told["checks"])
    assert {check["step"] for check in told["checks"]} <= {"nothing", "watch", "retrain", "roll back"}


def test_what_was_found_is_kept_for_report_and_page_until_another_model_is_champion(cli, aged):
    told = monitored(cli)
    settings = load_settings(SETTINGS)
    kept = kept_monitor(settings, version=champion_version(MODELS))
    assert kept["checks"] == told["checks"]
    monitored(cli, "--as-of", str(TRAINED_ON))
    assert kept_monitor(settings, version=champion_version(MODELS))["as_of"] == told["as_of"], (
        "an earlier day does not replace a later one"
    )
    bundle = load_bundle(MODELS)
    bare = {name: value for name, value in bundle.manifest.items() if name not in {"schema", "sha256"}}
    other = save_bundle(MODELS, files=bundle.files, manifest={**bare, "version": "sample-other"}).name
    cli("models", "promote", other, "--settings", SETTINGS, "--reason", "test")
    assert kept_monitor(settings, version=champion_version(MODELS)) is None


def test_where_no_new_label_has_matured_the_day_is_told_on_which_one_will(cli, aged):
    told = monitored(cli, "--as-of", str(TRAINED_ON))
    assert not told["matured"]
    first = told["first_report_on"]
    assert any(first in note and "no label has matured" in note for note in told["notes"])
    maturity = timedelta(days=load_settings(SETTINGS).label_policy.maturity_days)
    assert date.fromisoformat(first) == date.fromisoformat(told["learned_until"]) + 2 * maturity


def test_u4_a_column_that_turns_empty_is_a_breach_with_exit_code_1_and_is_mended_first(
    cli, aged, monkeypatch
):
    def emptied(settings, *, as_of, by_month):
        seen = looked_at_once(settings, as_of=as_of, by_month=by_month)
        return replace(seen, current=seen.current.assign(usage_90d=float("nan"), usage_30d=float("nan")))

    monkeypatch.setattr(monitored_book, "observe_events", emptied)
    done = cli("monitor", "--settings", SETTINGS, "--json", "--retrain")
    assert done.exit_code == 1
    assert not [line for line in done.stderr.splitlines() if line.startswith("standfast: ")], "a report"
    told = json.loads(done.stdout)
    assert told["mend_first"]
    assert told["verdict"] == "retrain"
    assert "not trained: mend" in told["retrained"]["sentence"]
    blank = next(check for check in told["checks"] if check["mend_first"])
    assert "100% of cells are blank" in blank["sentence"]


@pytest.mark.thorough
def test_u4_usage_that_stopped_months_ago_is_found_against_what_was_learned_from(cli, aged):
    usage = pd.read_parquet("book/usage.parquet")
    before = monitored(cli)
    last_months = pd.to_datetime(usage["day"]) >= pd.Timestamp(before["as_of"]) - pd.Timedelta(days=200)
    usage[~last_months].to_parquet("book/usage.parquet")
    Path("touched").touch()
    done = cli("monitor", "--settings", SETTINGS, "--json", "--retrain")
    assert done.exit_code == 1
    assert not [line for line in done.stderr.splitlines() if line.startswith("standfast: ")], "a report"
    told = json.loads(done.stdout)
    found = [check for check in told["checks"] if check["kind"] == "inputs" and check["step"] == "retrain"]
    assert len(found) > sum(check["step"] == "retrain" for check in before["checks"])
    assert any("us" in check["about"] for check in found)
    assert told["mend_first"]
    assert "not trained: mend" in told["retrained"]["sentence"]


def test_u3_the_persons_word_is_scored_beside_the_models_and_nobody_is_named(cli, aged):
    settings = load_settings(SETTINGS)
    accounts = pd.read_csv("book/accounts.csv")["account_id"].head(40)
    with book_ledger(settings) as ledger:
        for account in accounts:
            add_override(
                ledger, account_id=account, field="churn_probability", value="0.5", reason="a feeling",
                until=date(2025, 9, 1), who="mallory",
            )  # fmt: skip
    (check,) = [one for one in monitored(cli)["checks"] if one["kind"] == "overrides"]
    assert "speak of a cell or without a model's word" in check["sentence"]
    assert "mallory" not in json.dumps(monitored(cli))


def test_without_a_champion_or_with_one_of_another_book_one_sentence_says_what_to_do(cli, aged):
    (aged / "book" / "standfast.toml").write_text(
        SETTINGS.read_text().replace("horizon_days = 90", "horizon_days = 60")
    )
    assert "trained on another book" in cli("monitor", "--settings", SETTINGS).complaint
    shutil.rmtree(MODELS)
    assert "holds no champion" in cli("monitor", "--settings", SETTINGS).complaint


def test_a_champion_before_is_asked_on_the_same_labels_and_a_damaged_one_is_named(cli, aged):
    bundle = load_bundle(MODELS)
    first = champion_version(MODELS)
    bare = {name: value for name, value in bundle.manifest.items() if name not in {"schema", "sha256"}}
    second = save_bundle(MODELS, files=bundle.files, manifest={**bare, "version": "sample-second"}).name
    cli("models", "promote", second, "--settings", SETTINGS, "--reason", "test")
    (check,) = [one for one in monitored(cli)["checks"] if one["kind"] == "champion before"]
    assert check["about"] == first
    assert check["step"] == "nothing", "it says the same, so it is not better"
    (MODELS / first / "evaluation.json").write_text("{}")
    assert any(first in note and "could not be asked" in note for note in monitored(cli)["notes"])


def test_a_flat_book_is_told_in_one_sentence_what_can_be_done(cli, flat_folder, monkeypatch):
    from standfast.adapters.tracking import Recorded
    from standfast.pipelines import monitor

    monkeypatch.setattr(monitor, "record_monitor", lambda *_, **__: Recorded("none", None))
    done = cli("monitor")
    assert done.exit_code == 0
    assert "one flat table without dates" in done.stdout


def test_retraining_is_done_when_and_only_when_the_verdict_asks_for_it(cli, aged, monkeypatch):
    from standfast.errors import StateError
    from standfast.learning.check import Check
    from standfast.pipelines import monitor, run

    trained = []

    def fake(settings, **_):
        trained.append(settings)
        raise StateError("no model is better than the base rate")

    monkeypatch.setattr(run, "train_and_record", fake)
    monitored(cli, "--retrain", exit_code=0)
    assert not trained
    asks = Check(kind="level", about="churn", step="retrain", sentence="twice as many came")
    monkeypatch.setattr(monitor, "judge_matured", lambda *_, **__: (asks,))
    told = monitored(cli, "--retrain", exit_code=1)
    assert len(trained) == 1
    assert "no model is better than the base rate" in told["retrained"]["sentence"]
    monitored(cli, exit_code=1)
    assert len(trained) == 1, "without --retrain nothing is trained"
