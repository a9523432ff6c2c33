"""The record of each training in MLflow: what was run, on what, how good it is, and the registered model."""

import os
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast.adapters.tracking_children import ChildRun, log_children, log_values
from standfast.errors import StateError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

REGISTERED_MODEL = "standfast"
EXPERIMENT_TAGS = {"mlflow.experimentKind": "custom_model_development"}
"""Without it the MLflow UI opens on its pages for language models."""
SCHEMA_ROWS = 1_000
"""Training rows that the record reads its columns' types from."""


@dataclass(frozen=True, kw_only=True)
class TrainingRecord:
    """What one training leaves for the people who review it."""

    experiment: str
    name: str
    description: str
    params: Mapping[str, Any]
    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    series: Mapping[str, list[float]] = field(default_factory=dict)
    figures: "Mapping[str, Figure]" = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    children: Sequence[ChildRun] = ()
    training_rows: "pd.DataFrame | None" = None
    training_source: str = ""
    training_digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class ModelToRegister:
    """A saved bundle and the code that serves it, with an example of what goes in and out."""

    bundle: Path
    code: Path
    example: "pd.DataFrame"
    answer: "pd.DataFrame"
    is_champion: bool
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """Where the record stands: the run, and the registered version where a model was registered."""

    run_id: str
    registered_version: str | None


def record_training(record: TrainingRecord, *, mlruns: Path, model: ModelToRegister | None) -> Recorded:
    """Write one training as an MLflow run; register the model under ``challenger`` and, if so, ``champion``.

    Raises
    ------
    StateError
        The store cannot be opened or written; the models on disk are untouched.
    """
    mlflow = quiet_mlflow()
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  (as slow as mlflow)

    try:
        _open_store(mlflow, mlruns, record.experiment)
        with mlflow.start_run(run_name=record.name, description=record.description) as run:
            _log_values(mlflow, run, record)
            _log_rows(mlflow, record)
            _log_pictures_and_texts(mlflow, record)
            version = _register(mlflow, model) if model else None
        return Recorded(run.info.run_id, version)
    except (mlflow.exceptions.MlflowException, SQLAlchemyError, OSError) as problem:
        raise StateError(
            f"the experiment record in {mlruns} cannot be written ({what_it_says(problem)}); "
            "the models in place are not touched. Is another version of MLflow using it? "
            "[paths] mlruns names another folder"
        ) from problem


def quiet_mlflow() -> Any:
    """Import MLflow without its telemetry and chatter: three seconds, so only where it is needed."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
    import mlflow  # noqa: PLC0415  (three seconds)

    warnings.filterwarnings("ignore", module="mlflow")
    return mlflow


def has_store(mlruns: Path) -> bool:
    """Say whether there is a tracking store to read."""
    return _store_file(mlruns).exists()


def open_client(mlruns: Path) -> Any:
    """Give MLflow's client of the tracking store."""
    return quiet_mlflow().MlflowClient(tracking_uri=_store_address(mlruns))


def what_it_says(problem: Exception) -> str:
    """Give the first line of what a tracking store complains of."""
    return (str(problem).splitlines() or [type(problem).__name__])[0]


def _store_file(mlruns: Path) -> Path:
    return mlruns / "mlflow.db"


def _store_address(mlruns: Path) -> str:
    return f"sqlite:///{_store_file(mlruns).resolve()}"


def _open_store(mlflow: Any, mlruns: Path, experiment: str) -> None:
    mlruns.mkdir(parents=True, exist_ok=True)
    mlflow.set_tracking_uri(_store_address(mlruns))
    if mlflow.get_experiment_by_name(experiment) is None:
        place = (mlruns / "artifacts" / experiment).resolve().as_uri()
        mlflow.create_experiment(experiment, artifact_location=place, tags=EXPERIMENT_TAGS)
    mlflow.set_experiment(experiment)


def _log_values(mlflow: Any, run: Any, record: TrainingRecord) -> None:
    log_values(
        mlflow, run.info.run_id,
        params=record.params, metrics=record.metrics, series=record.series, tags=record.tags,
    )  # fmt: skip
    log_children(mlflow, run, record.children)


def _log_rows(mlflow: Any, record: TrainingRecord) -> None:
    if record.training_rows is None:
        return
    from mlflow.data.meta_dataset import MetaDataset  # noqa: PLC0415  (as slow as mlflow)

    # MLflow looks at every single cell of what it is given, only to name the columns' types.
    some = mlflow.data.from_pandas(
        record.training_rows.head(SCHEMA_ROWS), source=record.training_source, digest=record.training_digest
    )
    rows = MetaDataset(some.source, name=record.experiment, digest=some.digest, schema=some.schema)
    mlflow.log_input(rows, context="training", tags={"rows": str(len(record.training_rows))})


def _log_pictures_and_texts(mlflow: Any, record: TrainingRecord) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, figure in record.figures.items():
            path = Path(folder) / f"{name}.png"
            figure.savefig(path, dpi=110)
            mlflow.log_artifact(str(path), "plots")
    for name, text in record.texts.items():
        mlflow.log_text(text, name)


def _register(mlflow: Any, model: ModelToRegister) -> str:
    """Log the bundle as a models-from-code pyfunc (no pickle), and move the aliases."""
    logged = mlflow.pyfunc.log_model(
        name="model",
        python_model=str(model.code),
        artifacts={"bundle": str(model.bundle)},
        signature=mlflow.models.infer_signature(model.example, model.answer),
        input_example=model.example,
        pip_requirements=["standfast"],
    )
    client = mlflow.MlflowClient()
    version = _new_version(mlflow, client, logged, description=model.description)
    client.set_registered_model_alias(REGISTERED_MODEL, "challenger", version)
    for name, value in {"bundle": model.bundle.name, **model.tags}.items():
        client.set_model_version_tag(REGISTERED_MODEL, version, name, value)
    if model.is_champion:
        client.set_registered_model_alias(REGISTERED_MODEL, "champion", version)
    return version


def _new_version(mlflow: Any, client: Any, logged: Any, *, description: str) -> str:
    """Register what was logged; the client does so without the chatter of ``log_model``."""
    try:
        client.create_registered_model(REGISTERED_MODEL)
    except mlflow.exceptions.MlflowException as problem:
        if problem.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
    registered = client.create_model_version(
        REGISTERED_MODEL,
        source=logged.model_uri,
        run_id=logged.run_id,
        model_id=logged.model_id,
        description=description,
    )
    return str(registered.version)
