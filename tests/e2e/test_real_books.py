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


@pytest.fixture(scope="module")
def telco(tmp_path_factory):
    return worked_through(tmp_path_factory.mktemp("telco"), "telco/telco.csv")


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
    settings.write_text(settings.read_text() + "\n[model]\nn_folds = 2\nmax_trees = 40\nn_knots = 4\n")
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
