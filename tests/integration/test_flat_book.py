"""One flat table: either label or both, with and without revenue, beside another book."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from standfast.adapters.tables import read_own_csv
from standfast.pipelines import score as score_pipeline
from standfast.pipelines.check import check
from standfast.pipelines.listed_reasons import N_REASONS
from standfast.pipelines.observe import observe_book
from standfast.pipelines.score import score
from standfast.pipelines.scoring import load_scorer, score_rows
from standfast.pipelines.to_plan import read_to_plan
from standfast.pipelines.train import train
from standfast.schema import PLAN_COLUMNS, SCORE_COLUMNS
from standfast.settings import load_settings

pytestmark = pytest.mark.integration


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scores_of(table=None, **options):
    score(load_settings(), output=Path("o.parquet"), table=table, **options)
    return pd.read_parquet("o.parquet")


def test_both_labels_train_two_models_and_score_every_row_in_the_columns_of_the_contract(flat_folder):
    scores = scores_of()
    assert tuple(scores.columns[: len(SCORE_COLUMNS)]) == SCORE_COLUMNS
    assert len(scores) == 1500
    assert scores[["churn_probability", "upsell_probability"]].notna().all(axis=None)
    assert scores["contraction_probability"].isna().all()


def test_revenue_is_per_year_whatever_its_period(flat_folder):
    monthly = pd.read_csv("customers.csv")["mrr"]
    np.testing.assert_allclose(scores_of()["annual_revenue"], monthly * 12)


def test_those_who_left_are_scored_and_get_no_hours(cli, flat_folder):
    cli("score", "-o", "scores.csv")
    assert cli("plan", "scores.csv", "--hours", "200").exit_code == 0
    plan = read_own_csv(Path("plan.csv")).set_index("account_id")
    left = pd.read_csv("customers.csv").set_index("id")["left"] == "Yes"
    gone = plan.loc[left[left].index]
    assert tuple(plan.reset_index().columns) == PLAN_COLUMNS
    assert gone["hours"].astype(float).eq(0).all()
    assert gone["why"].eq("already churned").all()
    assert 0 < plan["hours"].astype(float).sum() <= 200


@pytest.mark.parametrize(
    ("labels", "filled", "empty"),
    [
        (("left",), "churn_probability", "upsell_probability"),
        (("upsold",), "upsell_probability", "churn_probability"),
    ],
)
def test_one_label_trains_one_model_and_leaves_the_other_probability_empty(
    cli, work, make_flat_book, *, labels, filled, empty
):
    make_flat_book(work, labels=labels)
    assert train(load_settings()).promotion.promoted
    scores = scores_of()
    assert scores[filled].between(0, 1).all()
    assert scores[empty].isna().all()
    planned = cli("plan", "o.parquet", "--json")
    assert planned.exit_code == 0
    assert any(f"no {empty.split('_')[0]} model" in note for note in json.loads(planned.stdout)["notes"])


def test_without_revenue_it_trains_and_scores_and_refuses_to_plan(cli, work, make_flat_book, without_record):
    make_flat_book(work, revenue=False)
    assert cli("train").exit_code == 0
    assert cli("score").exit_code == 0
    scores = pd.read_parquet("scores.parquet")
    assert scores["churn_probability"].notna().all()
    assert scores[["annual_revenue", "reward", "value_tier", "cell", "segment"]].isna().all(axis=None)
    for command in (["plan"], ["plan", "scores.parquet"]):
        refused = cli(*command)
        assert refused.exit_code == 1
        assert "annual_revenue" in refused.complaint
    assert not Path("plan.csv").exists()
    assert cli("report").exit_code == 0


def test_a_second_book_takes_its_place_and_the_first_is_kept_and_refused(cli, flat_folder, make_flat_book):
    first = str(Path("models/champion").readlink())
    make_flat_book(
        flat_folder / "other", labels=("left",), n=600, seed=11, settings="\n[horizon]\nlead_days = 7\n"
    )
    training = train(load_settings(Path("other/standfast.toml")))
    assert training.promotion.promoted
    assert "another book" in training.promotion.sentence
    assert (flat_folder / "models" / first / "manifest.json").exists()
    for command in (["score"], ["score", "customers.csv"], ["plan"], ["report"], ["explain", "A-0001"]):
        refused = cli(*command)
        assert refused.exit_code == 1
        assert "another book" in refused.complaint
        assert "standfast train" in refused.complaint
    assert cli("score", "--settings", "other/standfast.toml").exit_code == 0


def test_training_again_on_the_same_rows_gives_the_same_bytes(flat_folder):
    first = str(Path("models/champion").readlink())
    again = train(load_settings())
    assert again.bundle.version == first
    assert "byte for byte" in again.promotion.sentence
    beside = ["champion", first, f"{first}.decisions.json", "history.jsonl"]
    assert sorted(path.name for path in Path("models").iterdir()) == sorted(beside)


def test_the_order_of_the_rows_changes_nothing(flat_folder):
    customers = pd.read_csv("customers.csv", dtype=str, keep_default_na=False)
    customers.sample(frac=1, random_state=5).to_csv("customers.csv", index=False)
    before = str(Path("models/champion").readlink())
    assert train(load_settings()).bundle.version == before


def test_a_row_scores_the_same_alone_in_any_order_in_any_batch_and_format(flat_folder, monkeypatch):
    customers = pd.read_csv("customers.csv", dtype=str, keep_default_na=False)
    customers.to_csv("all.csv", index=False)
    whole = scores_of(Path("all.csv")).set_index("account_id")
    customers.iloc[::-1].to_csv("back.csv", index=False)
    pd.testing.assert_frame_equal(
        scores_of(Path("back.csv")).set_index("account_id").loc[whole.index], whole, check_exact=True
    )
    for position in (0, 77, 1499):
        customers.iloc[[position]].to_csv("one.csv", index=False)
        pd.testing.assert_frame_equal(
            scores_of(Path("one.csv")).set_index("account_id"), whole.iloc[[position]], check_exact=True
        )
    pd.read_csv("customers.csv").to_parquet("typed.parquet")
    typed = scores_of(Path("typed.parquet")).set_index("account_id")
    pd.testing.assert_frame_equal(typed, whole, check_exact=True)
    monkeypatch.setattr("standfast.pipelines.stretches.BATCH_ROWS", 100)
    pd.testing.assert_frame_equal(scores_of(Path("all.csv")).set_index("account_id"), whole, check_exact=True)


def test_the_new_and_the_missing_are_scored_and_extra_columns_do_not_matter(flat_folder):
    rows = pd.read_csv("customers.csv", dtype=str, keep_default_na=False).head(3)
    plain = rows.assign(plan=["martian", "", "pro"], usage="")
    plain.to_csv("plain.csv", index=False)
    plain.assign(more="x", left_on="2024-01-01").to_csv("more.csv", index=False)
    scores = scores_of(Path("plain.csv"))
    assert scores["churn_probability"].between(0, 1).all()
    pd.testing.assert_frame_equal(scores_of(Path("more.csv")), scores, check_exact=True)


def test_a_table_whose_columns_changed_since_training_is_scored_and_the_change_named(cli, flat_folder):
    rows = pd.read_csv("customers.csv", dtype=str, keep_default_na=False)
    rows.assign(plan="gold", usage="", mood="fine").to_csv("changed.csv", index=False)
    told = cli("score", "changed.csv", "-o", "changed.parquet")
    assert told.exit_code == 0
    where = f"note: since training, in rows 1 to {len(rows):,}, "
    assert f"{where}plan: 100.0% of its cells hold values that training did not meet ('gold')" in told.stdout
    assert f"{where}usage: a number in training, blank in all rows now" in told.stdout
    assert f"{where}not known in training, so no part in the scores: mood" in told.stdout


def test_ids_a_spreadsheet_would_run_and_odd_text_survive_score_plan_and_reading_back(cli, flat_folder):
    ids = ["=1+1", "-5", "'x", "007", "+A", "@b", "'=q", 'a,"b"\nc', "Ünï 🦊", "1e5"]
    rows = pd.read_csv("customers.csv").head(len(ids)).assign(id=ids, left="No", name=ids, owner="=boss()")
    rows.to_csv("odd.csv", index=False)
    cli("score", "odd.csv", "-o", "scores.csv")
    cli("plan", "scores.csv", "-o", "plan.csv")
    assert read_own_csv(Path("scores.csv"))["account_id"].tolist() == ids
    assert read_own_csv(Path("plan.csv"))["account_id"].tolist() == ids
    raw = pd.read_csv("plan.csv", dtype=str, keep_default_na=False)
    assert (
        not raw.map(lambda cell: cell[:1] in set("=+-@"))
        .drop(columns=["expected_value", "conservative_value", "value_per_hour"])
        .any(axis=None)
    )
    cli("score", "odd.csv", "-o", "scores.parquet")
    cli("plan", "scores.parquet", "-o", "from_parquet.csv")
    assert Path("from_parquet.csv").read_bytes() == Path("plan.csv").read_bytes()


def test_a_stranger_s_scores_need_five_columns_and_no_model_or_book(cli, tmp_path):
    five = pd.DataFrame(
        {
            "account_id": ["a", "b", "c", "d"],
            "churn_probability": [0.5, 0.4, 0.3, np.nan],
            "upsell_probability": [0.1, 0.1, np.nan, 0.1],
            "annual_revenue": [1e5, 2e5, 3e4, np.nan],
            "upsell_value": [1e4, 2e4, 3e3, 1e3],
        }
    )
    five.to_csv("five.csv", index=False)
    answer = cli("plan", "five.csv", "--hours", "10", "--json")
    assert json.loads(answer.stdout)["hours_used"] <= 10
    plan = pd.read_csv("plan.csv").set_index("account_id")
    assert plan.loc["a", "hours"] > 0
    assert plan.loc["d", "why"] == "annual_revenue is unknown"
    five.assign(
        churned=["true", "false", "", ""], owner="ann", auto_renew="yes", seat_utilisation=0.1,
        sponsor_engagement=0.0, open_critical=0, why="theirs", hours=99,
    ).to_parquet("more.parquet")  # fmt: skip
    assert cli("plan", "more.parquet", "--hours", "10").exit_code == 0
    plan = pd.read_csv("plan.csv").set_index("account_id")
    assert plan.loc["a", "why"] == "already churned"
    assert plan.loc["c", "why"].startswith("do not disturb")
    assert not plan.loc["b", "why"].startswith("do not disturb")  # it is of high value: C1


def test_init_check_and_explain_serve_one_who_starts(cli, make_customers, tmp_path):
    make_customers().rename(columns={"left": "Churn"}).to_csv("clients.csv", index=False)
    told = cli("init", "clients.csv")
    assert told.exit_code == 0
    assert "annual_revenue = mrr" in told.stdout
    settings = load_settings(Path("standfast.toml"))
    assert settings.units.revenue_period == "month"
    assert settings.columns.accounts["churned"] == "Churn"
    again = cli("init", "clients.csv")
    assert again.exit_code == 1
    assert "--force" in again.complaint
    assert "ready to train" in cli("check").stdout


def test_a_column_that_knows_the_answer_is_refused_or_set_aside_as_the_settings_say(
    cli, flat_folder, without_record
):
    customers = pd.read_csv("customers.csv")
    customers.assign(reason=customers["left"].map({"Yes": "gone", "No": "here"})).to_csv(
        "customers.csv", index=False
    )
    for command in ("check", "train"):
        refused = cli(command)
        assert refused.exit_code == 1
        assert "leak:reason" in refused.complaint
    settings = Path("standfast.toml")
    settings.write_text(settings.read_text() + '\n[check]\nleakage = "set_aside"\n')
    assert "ready to train" in cli("check").stdout
    assert cli("train").exit_code == 0
    assert (
        "reason" not in json.loads(Path("models/champion/encoding.json").read_text())["features"].__repr__()
    )


def test_a_misspelt_column_to_ignore_is_named_with_the_nearest_one(tmp_path, make_flat_book):
    """A leak that is misspelt under ignore would stay in unnoticed."""
    settings = load_settings(make_flat_book(tmp_path) / "standfast.toml")
    misspelt = replace(settings, columns=replace(settings.columns, ignore=("tenuree",)))
    found = {finding.name: finding for finding in check(misspelt).findings}
    assert "The nearest column is" in found["unknown_column:tenuree"].way_out


def test_reasons_told_in_parts_are_those_told_at_once_and_lists_have_those_of_their_accounts(
    flat_folder, monkeypatch
):
    """U1: no more reasons are held than somebody reads, and none of them changes by it."""
    settings = load_settings(Path("standfast.toml"))
    observed, scorer = observe_book(settings), load_scorer(Path("models"), settings=settings)
    at_once = score_rows(observed.current, scorer=scorer, n_reasons=N_REASONS)
    monkeypatch.setattr(score_pipeline, "BATCH_ROWS", 100)
    bare = score_rows(observed.current, scorer=scorer)
    parts = list(score_pipeline.explained_batches(observed, bare, scorer=scorer))
    assert len(parts) > 2
    pd.testing.assert_frame_equal(pd.concat([part.scores for part in parts]), at_once.scores)
    whole = score_pipeline.current_batch(observed, bare).rejected
    assert len(pd.concat([part.rejected for part in parts])) == len(whole)
    given = read_to_plan(settings, scores_file=None, as_of=None)
    planned = given.plan(settings=settings, hours=20)
    told, takes_time = given.explained(planned).scores["reasons"], (planned.lines["hours"] > 0).to_numpy()
    assert 0 < takes_time.sum() < len(told)
    assert told.notna().to_numpy().tolist() == takes_time.tolist()
    assert told[takes_time].tolist() == at_once.scores["reasons"].to_numpy()[takes_time].tolist()
