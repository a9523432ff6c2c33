"""The published tables, as published, from init to the plan."""

import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from standfast.adapters.tables import read_own_csv

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.real,
    pytest.mark.e2e,
    pytest.mark.skipif(not DATA.is_dir(), reason="the published data sets are not beside the project"),
]


def worked_through(folder, table, change=lambda text: text):
    """Give a folder in which ``init`` and ``train`` met the table, in this process."""
    from standfast.pipelines.init import init
    from standfast.pipelines.train import train
    from standfast.settings import load_settings

    shutil.copy(DATA / table, folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        init([Path(Path(table).name)], output=Path("standfast.toml"))
        Path("standfast.toml").write_text(change(Path("standfast.toml").read_text()))
        train(load_settings())
    finally:
        os.chdir(before)
    return folder


QUICK = "\n[model]\nn_folds = 2\nmax_trees = 40\nn_knots = 4\nsymmetric_rows = 0\n"


@pytest.fixture(scope="module")
def telco(tmp_path_factory):
    free = "\n[model]\nsymmetric_rows = 0\n"  # these bring telco nothing, and take half a minute to say so
    return worked_through(tmp_path_factory.mktemp("telco"), "telco/telco.csv", lambda text: text + free)


@pytest.fixture
def in_telco(telco, tmp_path, monkeypatch):
    shutil.copytree(telco, tmp_path, symlinks=True, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)


def test_telco_is_judged_out_of_fold_as_well_as_the_best_rival(telco):
    manifest = json.loads((telco / "models" / "champion" / "manifest.json").read_text())
    churn = manifest["models"]["churned"]
    assert churn["judged"] == "out of fold"
    assert churn["n_rows"] == 7043
    assert churn["auc"] >= 0.848
    assert churn["log_loss"] <= 0.413


def test_telco_is_scored_planned_reported_and_explained(cli, in_telco):
    assert "7,043 rows in = 7,043 scored + 0 rejected" in cli("score").stdout
    scores = pd.read_parquet("scores.parquet").set_index("account_id")
    assert scores.loc["7590-VHVEG", "annual_revenue"] == pytest.approx(29.85 * 12)
    planned = json.loads(cli("plan", "scores.parquet", "--hours", "300", "--json").stdout)
    assert 0 < planned["hours_used"] <= 300
    plan = read_own_csv(Path("plan.csv"))
    assert len(plan) == 7043
    churned = pd.read_csv("telco.csv").set_index("customerID")["Churn"].eq("Yes")
    assert plan.set_index("account_id")["why"].eq("already churned").sum() == churned.sum()
    assert cli("report").exit_code == 0
    assert Path("report.html").stat().st_size > 50_000
    assert "likely to churn" in cli("explain", "7590-VHVEG").stdout


def test_maven_as_published_names_its_leaks_and_trains_when_they_are_set_aside(cli, tmp_path, without_record):
    shutil.copy(DATA / "maven" / "maven_raw.csv", tmp_path)
    assert cli("init", "maven_raw.csv").exit_code == 0
    settings = Path("standfast.toml")
    assert 'exclude = ["Joined"]' in settings.read_text()
    settings.write_text(settings.read_text() + QUICK)
    checked = cli("check")
    leaks = ("Churncategory", "Churnreason")
    assert all(leak in checked.stdout for leak in leaks)
    if checked.exit_code:
        refused = cli("train")
        assert refused.exit_code == 1
        assert all(leak in refused.complaint for leak in leaks)
        settings.write_text(settings.read_text() + '\n[check]\nleakage = "set_aside"\n')
    assert cli("train").exit_code == 0
    features = Path("models/champion/encoding.json").read_text()
    assert not any(leak in features for leak in leaks)
    assert "7,043 rows in = 7,043 scored + 0 rejected" in cli("score").stdout
    assert json.loads(cli("plan", "scores.parquet", "--hours", "300", "--json").stdout)["hours_used"] <= 300


def test_five_tables_with_dates_day_first_are_recognised_and_read(cli, tmp_path):
    tables = sorted((DATA / "ravenstack").glob("*.csv"))
    for table in tables:
        shutil.copy(table, tmp_path)
    told = cli("init", *(table.name for table in tables))
    assert told.exit_code == 0
    assert (
        "its subscription_id is translated by subscription_id of ravenstack_subscriptions.csv" in told.stdout
    )
    assert "day-first dates" in told.stdout
    assert "ravenstack_churn_events.csv: not used, it lists who left" in told.stdout
    checked = cli("check", "--json")
    assert checked.exit_code == 0
    read = {table["name"]: table for table in json.loads(checked.stdout)["tables"]}
    for name, n_rows in {"accounts": 500, "subscriptions": 5_000, "usage": 25_000, "tickets": 2_000}.items():
        assert (read[name]["n_rows"], read[name]["n_used"]) == (n_rows, n_rows)


def test_a_book_without_signal_gets_no_churn_model_and_its_report_says_so(cli, tmp_path, without_record):
    tables = sorted((DATA / "ravenstack").glob("*.csv"))
    for table in tables:
        shutil.copy(table, tmp_path)
    cli("init", *(table.name for table in tables))
    settings = Path("standfast.toml")
    settings.write_text(settings.read_text() + QUICK)
    done = cli("run", "--no-backtest")
    assert done.exit_code == 0
    said = "no churn model: churned: does not beat the base rate out of time"
    assert said in done.stdout
    assert said.removeprefix("no ") in Path("out/report.html").read_text()
    assert cli("report").exit_code == 0
    assert said.removeprefix("no ") in Path("report.html").read_text()
    assert pd.read_parquet("out/scores.parquet")["churn_probability"].isna().all()


def test_a_label_that_nothing_tells_is_refused_by_the_gate(cli, tmp_path, without_record):
    shutil.copy(DATA / "ravenstack" / "ravenstack_accounts.csv", tmp_path)
    cli("init", "ravenstack_accounts.csv")
    settings = Path("standfast.toml")
    settings.write_text(settings.read_text() + QUICK)
    refused = cli("train")
    assert refused.exit_code == 1
    assert "no model is better than the base rate, so none was kept" in refused.complaint
    assert not Path("models/champion").exists()


@pytest.mark.parametrize(
    ("table", "n_accounts", "rows"),
    [
        ("online_retail/invoice_lines.parquet", 3_360, (320_705, 232_053)),
        ("cdnow/orders.parquet", 23_570, (69_659, 69_659)),
    ],
)
def test_orders_alone_are_a_book_that_check_reads(cli, tmp_path, table, n_accounts, rows):
    shutil.copy(DATA / table, tmp_path)
    told = cli("init", Path(table).name).stdout
    assert "was written with the ids of" in told
    assert ("name no account (CustomerID is blank)" in told) == (rows[0] > rows[1])
    checked = cli("check", "--json")
    assert checked.exit_code == 0
    read = {found["name"]: found for found in json.loads(checked.stdout)["tables"]}
    assert read["accounts"]["n_used"] == n_accounts
    assert (read["invoices"]["n_rows"], read["invoices"]["n_used"]) == rows
