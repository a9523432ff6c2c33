"""A training leaves a record to review, and a registered model that runs no pickle."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
import pytest
import requests

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def mlflow(trained_flat_folder):
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{trained_flat_folder / 'mlruns' / 'mlflow.db'}")
    return mlflow


@pytest.fixture(scope="module")
def run(mlflow):
    (experiment,) = [one for one in mlflow.search_experiments() if one.name == "customers"]
    (run,) = mlflow.search_runs([experiment.experiment_id], "tags.kind = 'training'", output_format="list")
    return run


@pytest.fixture(scope="module")
def champion(trained_flat_folder):
    return json.loads((trained_flat_folder / "models" / "champion" / "manifest.json").read_text())


def test_a_training_is_a_finished_run_with_its_settings_and_its_data(run, champion):
    assert run.info.status == "FINISHED"
    assert run.info.run_name == champion["version"]
    assert run.data.params["capacity.hours"] == "100"
    assert run.data.params["horizon.horizon_days"] == "90"
    assert run.data.tags["data_fingerprint"] == champion["data"]["fingerprint"]
    assert run.data.tags["gate"] == "promoted"
    (given,) = run.inputs.dataset_inputs
    assert given.dataset.name == "customers"
    assert given.dataset.digest == champion["data"]["fingerprint"]
    assert {tag.key: tag.value for tag in given.tags}["rows"] == str(champion["data"]["n_rows"])


def test_the_figures_of_the_run_are_those_of_the_bundle(run, champion):
    for word, target in (("churn", "churned"), ("upsell", "expanded")):
        assert run.data.metrics[f"{word}/auc"] == pytest.approx(champion["models"][target]["auc"])
        assert run.data.metrics[f"{word}/log_loss"] == pytest.approx(champion["models"][target]["log_loss"])
    assert run.data.metrics["plan/hours_used"] > 0


def test_the_revenue_forecast_of_a_run_can_be_compared_with_that_of_others(run):
    """R7: gross retention without the plan lies in its interval, and the plan keeps no less."""
    told = run.data.metrics
    low, value, high = (told[f"forecast/gross_retention_without_plan{end}"] for end in ("_low", "", "_high"))
    assert 0 < low <= value <= high <= 1
    assert told["forecast/gross_retention_with_plan"] >= value


def test_the_description_says_at_a_glance_which_is_better_and_why(run):
    told = run.data.tags["mlflow.note.content"]
    assert "becomes champion" in told
    assert "| churn (out of fold) |" in told
    assert run.data.tags["churn.grade"] in set("ABCD")


def test_curves_importance_matrix_and_report_open_in_the_ui(mlflow, run):
    client = mlflow.MlflowClient()
    plots = {Path(one.path).name for one in client.list_artifacts(run.info.run_id, "plots")}
    kinds = ("roc", "precision_recall", "calibration", "gain", "importance")
    assert {f"{word}_{kind}.png" for word in ("churn", "upsell") for kind in kinds} | {"matrix.png"} <= plots
    names = {one.path for one in client.list_artifacts(run.info.run_id)}
    assert {"report.html", "manifest.json", "data.md"} <= names
    picture = Path(
        mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="plots/churn_roc.png")
    )
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_model_is_registered_under_both_aliases_with_signature_and_example(mlflow, champion):
    client = mlflow.MlflowClient()
    versions = {
        alias: client.get_model_version_by_alias("standfast", alias) for alias in ("champion", "challenger")
    }
    assert versions["champion"].version == versions["challenger"].version
    assert versions["champion"].tags["bundle"] == champion["version"]
    info = mlflow.models.get_model_info("models:/standfast@champion")
    assert {column.name for column in info.signature.inputs} >= {"plan", "usage", "tickets"}
    assert "churn_probability" in [column.name for column in info.signature.outputs]
    assert info.saved_input_example_info is not None


def test_the_registered_model_predicts_what_score_writes_and_loads_no_pickle(
    mlflow, trained_flat_folder, tmp_path, monkeypatch
):
    from standfast.pipelines.observe import observe_current
    from standfast.pipelines.scoring import load_scorer, score_rows
    from standfast.settings import load_settings

    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    settings = load_settings(trained_flat_folder / "standfast.toml")
    rows = observe_current(settings).current.head(200)
    scores = score_rows(rows, scorer=load_scorer(trained_flat_folder / "models", settings=settings)).scores
    model = mlflow.pyfunc.load_model("models:/standfast@champion")
    features = rows[["plan", "usage", "tickets", "annual_revenue"]].assign(plan=rows["plan"].astype(object))
    typed = features.astype({"usage": float, "tickets": float, "annual_revenue": float})
    answer = model.predict(typed)
    for column in ("churn_probability", "upsell_probability"):
        pd.testing.assert_series_equal(
            answer[column].reset_index(drop=True), scores[column].reset_index(drop=True), check_exact=True
        )


def test_each_model_and_each_fold_is_a_run_below_the_training(mlflow, run):
    below = mlflow.search_runs([run.info.experiment_id], output_format="list", max_results=100)
    models = {
        one.data.tags["model"]: one
        for one in below
        if one.data.tags.get("mlflow.parentRunId") == run.info.run_id
    }
    assert set(models) == {"churn", "upsell"}
    for word, model in models.items():
        assert model.info.status == "FINISHED"
        assert model.data.metrics["auc"] == pytest.approx(run.data.metrics[f"{word}/auc"])
        folds = [one for one in below if one.data.tags.get("mlflow.parentRunId") == model.info.run_id]
        assert len(folds) >= 2
        assert sum(one.data.metrics["rows"] for one in folds) > 500
        assert {one.data.tags["kind"] for one in folds} == {"fold"}


def test_tags_find_runs_by_model_grade_and_answer_of_the_gate(mlflow, run):
    def found(words):
        return mlflow.search_runs([run.info.experiment_id], words, output_format="list")

    assert [one.info.run_id for one in found("tags.`gate.churn.base_rate` = 'pass'")] == [run.info.run_id]
    assert len(found("tags.kind = 'model' and tags.model = 'churn' and tags.rung = 'blend'")) == 1


def test_the_answers_of_the_gate_and_the_model_card_stand_with_run_bundle_and_version(
    mlflow, run, champion, trained_flat_folder
):
    gate = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/gate.md")
    assert "| churn | says more than the base rate | pass |" in gate
    card = (trained_flat_folder / "models" / champion["version"] / "model_card.md").read_text()
    for said in (
        "# Model card: customers",
        "## churn: grade",
        "| value tier",
        "## Limits",
        "## How to use it",
    ):
        assert said in card
    assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/model_card.md") == card
    version = mlflow.MlflowClient().get_model_version_by_alias("standfast", "champion")
    assert version.description == card
    assert version.tags["churn.grade"] in set("ABCD")


def test_a_served_model_answers_over_http_what_score_writes(trained_flat_folder, tmp_path):
    """``mlflow models serve`` runs the registered champion in the environment that is there."""
    from standfast.pipelines.observe import observe_current
    from standfast.pipelines.scoring import load_scorer, score_rows
    from standfast.settings import load_settings

    settings = load_settings(trained_flat_folder / "standfast.toml")
    rows = observe_current(settings).current.head(50)
    scores = score_rows(rows, scorer=load_scorer(trained_flat_folder / "models", settings=settings)).scores
    features = rows[["plan", "usage", "tickets", "annual_revenue"]].astype({"plan": object})
    with served(trained_flat_folder / "mlruns" / "mlflow.db", tmp_path / "log") as address:
        sent = json.dumps(
            {"dataframe_split": json.loads(features.to_json(orient="split", double_precision=15))}
        )
        answered = requests.post(
            f"{address}/invocations", sent, headers={"Content-Type": "application/json"}, timeout=60
        )
        answer = pd.DataFrame(answered.json()["predictions"])
    for column in ("churn_probability", "upsell_probability"):
        assert answer[column].to_numpy() == pytest.approx(scores[column].to_numpy(), abs=1e-12)


@contextmanager
def served(store, log, *, seconds=150):
    """Serve the champion on a free port as long as the test lasts, in a process group of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {
        **os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{store}", "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # it calls uvicorn by name
    }  # fmt: skip
    command = [
        sys.executable, "-m", "mlflow", "models", "serve", "-m", "models:/standfast@champion",
        "--env-manager", "local", "--host", "127.0.0.1", "-p", str(port), "-w", "1",
    ]  # fmt: skip
    with log.open("w") as written:
        server = subprocess.Popen(command, env=told, stdout=written, stderr=written, start_new_session=True)
    try:
        for _ in range(seconds * 4):
            assert server.poll() is None, log.read_text()
            with suppress(requests.RequestException):
                if requests.get(f"http://127.0.0.1:{port}/ping", timeout=5).ok:
                    break
            time.sleep(0.25)
        else:
            pytest.fail(f"no answer in {seconds} seconds: {log.read_text()}")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def test_nothing_executable_is_stored(trained_flat_folder):
    stored = [path for folder in ("mlruns", "models") for path in (trained_flat_folder / folder).rglob("*")]
    assert len(stored) > 20
    endings = {".pkl", ".pickle", ".joblib", ".skops", ".cloudpickle"}
    assert not [path for path in stored if path.suffix in endings]
    starts = [path.open("rb").read(2) for path in stored if path.is_file()]
    assert not [start for start in starts if start[:1] == b"\x80" and start[1:] <= b"\x05"], (
        "no pickle by any name"
    )
    code = [path.name for path in stored if path.suffix == ".py"]
    assert set(code) <= {"served_model.py"}


def test_a_record_that_cannot_be_written_is_one_clear_error_and_the_model_stands(cli, flat_folder):
    (flat_folder / "mlruns").write_text("a file where a folder should be")
    (flat_folder / "models" / "champion").unlink()
    refused = cli("train")
    assert refused.exit_code == 1
    assert "mlruns" in refused.complaint
    assert cli("score").exit_code == 0


def test_a_store_that_is_no_database_is_one_clear_error(cli, flat_folder):
    (flat_folder / "mlruns").mkdir()
    (flat_folder / "mlruns" / "mlflow.db").write_bytes(b"this is no database" * 100)
    refused = cli("train")
    assert refused.exit_code == 1
    assert "mlruns" in refused.complaint


def test_a_training_refused_at_the_gate_is_recorded_without_a_model(trained_flat_folder, tmp_path):
    from standfast.adapters.tracking import TrainingRecord, open_client, record_training

    mlruns = shutil.copytree(trained_flat_folder / "mlruns", tmp_path / "mlruns")
    recorded = record_training(
        TrainingRecord(
            experiment="noise", name="noise-refused", description="no", params={}, tags={"gate": "refused"},
            metrics={"churn/auc": 0.5},
        ),
        mlruns=mlruns,
        model=None,
    )  # fmt: skip
    assert recorded.registered_version is None
    assert open_client(mlruns).get_run(recorded.run_id).data.tags["gate"] == "refused"
