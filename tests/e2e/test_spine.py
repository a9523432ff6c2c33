"""The sample book from nothing to a plan, with the command a person types."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from standfast.adapters.tables import read_own_csv
from standfast.schema import PLAN_COLUMNS, SCORE_COLUMNS

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def scores(sample_folder):
    return pd.read_parquet(sample_folder / "out" / "scores.parquet")


@pytest.fixture(scope="module")
def plan(sample_folder):
    lines = read_own_csv(sample_folder / "out" / "plan.csv")
    numbers = ["n_in_person", "n_call", "n_email", "n_digital", "hours", "expected_value", "value_per_hour"]
    return lines.assign(**{name: pd.to_numeric(lines[name]) for name in numbers})


def test_run_ends_with_matrix_plan_quality_and_where_to_look_next(sample_folder):
    said = (sample_folder / "run.txt").read_text()
    for part in (
        "Risk against reward",
        "The plan, first 10",
        "The past replayed:",
        "How good the models are",
        "look next:",
        "make ui",
    ):
        assert part in said


def test_run_writes_scores_plan_report_and_rejected_rows(sample_folder):
    names = {path.name for path in (sample_folder / "out").iterdir()}
    assert names == {
        "scores.parquet", "scores.parquet.rejected.csv", "plan.csv", "backtest.csv", "report.html",
        "worklist",
    }  # fmt: skip


def test_the_past_replayed_stands_on_the_page_and_in_the_record_of_the_training(sample_folder):
    """U2: in the run itself, beside the models it trained."""
    import mlflow

    page = (sample_folder / "out" / "report.html").read_text(encoding="utf-8")
    assert 'id="backtest"' in page
    assert "under past practice" in page
    lists = pd.read_csv(sample_folder / "out" / "backtest.csv")
    mlflow.set_tracking_uri(f"sqlite:///{sample_folder / 'mlruns' / 'mlflow.db'}")
    (run,) = mlflow.search_runs(
        experiment_names=["sample"], filter_string="tags.kind = 'training'", output_format="list"
    )
    assert run.data.tags["kind"] == "training"
    assert run.data.metrics["backtest/n_left"] == lists["churned"].sum() > 0
    names = {one.path for one in mlflow.MlflowClient().list_artifacts(run.info.run_id, "plots")}
    assert "plots/backtest_reach.png" in names


def test_scores_begin_with_the_columns_of_the_contract(scores):
    assert tuple(scores.columns[: len(SCORE_COLUMNS)]) == SCORE_COLUMNS
    assert scores["account_id"].is_unique
    assert scores["churn_probability"].between(0, 1).all()
    assert scores["churn_low"].le(scores["churn_probability"]).all()
    assert scores["churn_high"].ge(scores["churn_probability"]).all()


def test_reward_is_margin_times_revenue_and_expected_upsell_without_churn(scores):
    upsell = scores["upsell_probability"].fillna(0) * scores["upsell_value"]
    expected = 0.8 * (scores["annual_revenue"] + upsell)
    pd.testing.assert_series_equal(scores["reward"], expected, check_names=False)


def test_the_plan_has_one_line_per_score_in_the_columns_of_the_contract(scores, plan):
    assert tuple(plan.columns) == PLAN_COLUMNS
    assert sorted(plan["account_id"]) == sorted(scores["account_id"])


def test_hours_never_exceed_what_each_owner_has(sample_folder, plan):
    team = pd.read_csv(sample_folder / "book" / "team.csv").set_index("owner")["hours"]
    used = plan.groupby("owner")["hours"].sum()
    assert used.gt(0).any()
    assert (used <= team.reindex(used.index).fillna(0) + 1e-9).all()


def test_no_account_is_left_to_email_alone(plan):
    only_email = plan["n_email"].gt(0) & plan["n_call"].eq(0) & plan["n_in_person"].eq(0)
    assert not only_email.any()


def test_every_line_says_why_and_hours_go_with_touches(plan):
    assert plan["why"].str.len().gt(5).all()
    people = plan[["n_in_person", "n_call", "n_email"]].sum(axis=1) > 0
    assert people.eq(plan["hours"] > 0).all()
    assert plan.loc[plan["hours"].eq(0), "value_per_hour"].isna().all()


def test_the_report_stands_alone(sample_folder):
    page = (sample_folder / "out" / "report.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html>")
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?:https?:)?//""", page)
    assert "@import" not in page


def test_check_answers_a_machine_with_one_json_document(cli, book):
    answer = cli("check", "--settings", book, "--json")
    assert answer.exit_code == 0
    assert {"facts", "findings", "blocking", "verdict", "rows"} <= set(json.loads(answer.stdout))
    assert answer.stderr == ""


def test_report_answers_with_one_json_document_and_shows_the_backtest_kept_beside_the_models(cli, book):
    answer = cli("report", "--settings", book, "--json")
    assert answer.exit_code == 0
    assert {"output", "n_accounts", "model_version"} <= set(json.loads(answer.stdout))
    assert answer.stderr == ""
    assert 'id="backtest"' in (book.parents[1] / "report.html").read_text(encoding="utf-8")


def test_explain_tells_the_trail_of_one_account(cli, book, plan):
    account = plan.sort_values("hours").iloc[-1]["account_id"]
    told = cli("explain", account, "--settings", book)
    assert told.exit_code == 0
    answer = json.loads(cli("explain", account, "--settings", book, "--json").stdout)
    assert sum(answer["outlook"].values()) == pytest.approx(1.0)  # R5
    assert answer["base"] + sum(answer["families"].values()) == pytest.approx(answer["log_odds"])  # U1
    effects = [reason["effect"] for reason in answer["reasons"]]
    assert answer["base"] + sum(effects) == pytest.approx(answer["log_odds"])
    assert " accounts of " in answer["peers"]
    assert {"since", "moves", "within_reach"} <= set(answer)
    for part in (
        account,
        "likely to churn",
        "outlook: reduce ",
        "what would change the outlook",
        "the touches planned, at the response assumed: leave ",
        "why this probability",
        "the average account",
        "together, which is",
        "since 20",
        "plan:",
        "cut-off",
        "what was considered",
    ):
        assert part in told.stdout


def test_the_plan_forecasts_what_the_book_keeps_with_it_and_without_it(cli, book):
    """R7: the plan's touches are believed to keep more, cautiously as well."""
    told = json.loads(cli("plan", "--settings", book, "-o", "p.csv", "--json").stdout)["forecast"]
    assert told["holds_level"]
    assert told["has_contraction"]
    before, cautious, planned = (told[name] for name in ("without_plan", "cautious", "with_plan"))
    for kind in ("gross", "net"):
        assert 0.8 < before[kind]["low"] < before[kind]["value"] < before[kind]["high"] < 1.1
        assert before[kind]["value"] < min(cautious[kind]["value"], planned[kind]["value"])
    assert before["gross"]["value"] < before["net"]["value"]


def test_snapshots_hold_the_dates_asked_for_and_labels_only_where_matured(cli, book):
    dates = "2025-03-01,2025-12-20"
    answer = cli("snapshots", "--settings", book, "--dates", dates, "-o", "s.csv", "--json")
    assert json.loads(answer.stdout)["n_dates"] == 2
    snapshots = pd.read_csv("s.csv")
    assert sorted(snapshots["observation_date"].unique()) == dates.split(",")
    known = snapshots.groupby("observation_date")["churned"].count()
    assert known["2025-03-01"] > 100
    assert known["2025-12-20"] == 0


def test_the_hours_given_replace_the_team_s_and_owners_share_them(cli, book):
    answer = json.loads(cli("plan", "--hours", "30", "--settings", book, "--json").stdout)
    assert answer["hours_capacity"] == pytest.approx(30, abs=0.2)  # each owner's share in whole minutes
    assert 0 < answer["hours_used"] <= 30
    assert read_own_csv("plan.csv")["hours"].astype(float).sum() == pytest.approx(answer["hours_used"])


def test_scoring_the_same_book_again_gives_the_scores_of_the_run(cli, book, scores):
    told = cli("score", "--settings", book, "-o", "again.parquet")
    assert f"{len(scores)} rows in = {len(scores)} scored + 0 rejected" in told.stdout
    again = pd.read_parquet("again.parquet")
    shared = [name for name in scores.columns if name in again]
    assert shared == [name for name in scores.columns if name != "reasons"]
    pd.testing.assert_frame_equal(again[shared], scores[shared])


def test_the_scores_file_alone_plans_as_the_run_did(cli, book, sample_folder):
    told = cli("plan", sample_folder / "out" / "scores.parquet", "--settings", book)
    assert told.exit_code == 0
    assert "one more hour would be worth" in told.stdout
    assert (book.parents[1] / "plan.csv").read_bytes() == (sample_folder / "out" / "plan.csv").read_bytes()


def test_an_unknown_account_is_one_line_that_names_near_ones(cli, book, plan):
    known = plan["account_id"].iloc[0]
    refused = cli("explain", known + "X", "--settings", book)
    assert refused.exit_code == 1
    assert known in refused.complaint


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["score", "--as-of", "1990-01-01"], "1990-01-01"),
        (["score", "--as-of", "2190-01-01"], "days after the newest event"),
        (["snapshots", "--dates", "2025-03-01,2190-01-01"], "2190-01-01"),
    ],
)
def test_a_date_beyond_the_history_is_refused_with_the_way_out(cli, book, command, said):
    refused = cli(*command, "--settings", book)
    assert refused.exit_code == 1
    assert said in refused.complaint
    assert not list(book.parents[1].glob("s*.parquet*"))


def test_a_table_that_stopped_is_said_beside_the_scores_it_silences(cli, book):
    usage = pd.read_parquet(book.parent / "usage.parquet")
    usage[pd.to_datetime(usage["day"]) < "2025-10-15"].to_parquet(book.parent / "usage.parquet")
    told = cli("score", "--settings", book, "-o", "silent.parquet")
    assert told.exit_code == 0
    assert "note: usage stops on 2025-10-14" in told.stdout
    assert "accounts look silent now. export usage again" in told.stdout


def test_a_column_the_book_lost_since_training_is_named_with_what_it_was(cli, book):
    subscriptions = pd.read_csv(book.parent / "subscriptions.csv", dtype=str)
    subscriptions.drop(columns="seats").to_csv(book.parent / "subscriptions.csv", index=False)
    refused = cli("score", "--settings", book, "-o", "lost.parquet")
    assert refused.exit_code == 1
    assert "seats: a number in training, not there now" in refused.complaint
    assert "seat_utilisation (seat utilisation): a number in training, not there now" in refused.complaint
    assert "or train again: standfast train" in refused.complaint
    assert not Path("lost.parquet").exists()


def test_two_runs_in_different_folders_and_thread_counts_agree_to_the_byte(
    book, sample_folder, tmp_path, monkeypatch
):
    """Deterministic: same input, settings and seed; threads change the recorded settings, nothing else."""
    from standfast.adapters.tracking import Recorded
    from standfast.pipelines import run as pipeline
    from standfast.settings import load_settings

    monkeypatch.setattr(pipeline, "record", lambda *_, **__: Recorded("none", None))
    book.write_text(book.read_text() + "n_threads = 1\nn_jobs = 1\n")
    (tmp_path / "models" / "champion").unlink()
    outcome = pipeline.run(load_settings(book), folder=tmp_path / "out")
    assert (tmp_path / "out" / "backtest.csv").read_bytes() == (
        sample_folder / "out" / "backtest.csv"
    ).read_bytes()
    first = sample_folder / "out"
    lists = sorted(path.name for path in (first / "worklist").iterdir())
    assert len(lists) > 10
    for name in lists:
        assert (tmp_path / "out" / "worklist" / name).read_bytes() == (first / "worklist" / name).read_bytes()
    assert (tmp_path / "out" / "plan.csv").read_bytes() == (first / "plan.csv").read_bytes()
    mine, theirs = (
        pd.read_parquet(folder / "scores.parquet").drop(columns="model_version")
        for folder in (tmp_path / "out", first)
    )
    pd.testing.assert_frame_equal(mine, theirs, check_exact=True)
    files = outcome.trained.training.bundle.files
    champion = sample_folder / "models" / "champion"
    assert files == {name: (champion / name).read_text(encoding="utf-8") for name in files}
