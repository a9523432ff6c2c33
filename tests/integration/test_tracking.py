"""A training leaves a record to review, and a registered model that runs no pickle."""

import json
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def mlflow(trained_flat_folder):
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{trained_flat_folder / 'mlruns' / 'mlflow.db'}")
    return mlflow


@pytest.fixture(scope="module")
def run(mlflow):
    (experiment,) = [one for one in mlflow.search_experiments() if one.name == "customers"]
    (run,) = mlflow.search_runs([experiment.experiment_id], output_format="list")
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


def test_nothing_executable_is_stored(trained_flat_folder):
    stored = [path for folder in ("mlruns", "models") for path in (trained_flat_folder / folder).rglob("*")]
    assert len(stored) > 20
    endings = {".pkl", ".pickle", ".joblib", ".skops", ".cloudpickle"}
    assert not [path for path in stored if path.suffix in endings]
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


def test_a_training_refused_at_the_gate_is_recorded_without_a_model(
    cli, flat_folder, mlflow, trained_flat_folder
):
    from standfast.adapters.tracking import TrainingRecord, record_training

    recorded = record_training(
        TrainingRecord(
            experiment="noise", name="noise-refused", description="no", params={}, tags={"gate": "refused"},
            metrics={"churn/auc": 0.5},
        ),
        mlruns=trained_flat_folder / "mlruns",
        model=None,
    )  # fmt: skip
    assert recorded.registered_version is None
    assert mlflow.get_run(recorded.run_id).data.tags["gate"] == "refused"
