"""The code MLflow runs for a registered model: it loads the bundle's text and JSON, and nothing pickled."""

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd

from standfast.adapters.artifacts import load_bundle
from standfast.features.encode import encode
from standfast.pipelines.scoring import probabilities_of, scorer_from


class ServedModel(mlflow.pyfunc.PythonModel):  # type: ignore[misc]  # mlflow is untyped
    """Features in standfast's words in, probabilities out: the numbers of ``standfast score``."""

    def load_context(self, context: Any) -> None:
        """Load the bundle that was logged with the model, verifying each byte."""
        folder = Path(context.artifacts["bundle"])
        self.scorer = scorer_from(load_bundle(folder.parent, folder.name))

    def predict(
        self,
        context: Any,  # noqa: ARG002  (MLflow's signature)
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> pd.DataFrame:
        """Give the probabilities of each row; a row that cannot be read gets empty ones."""
        return probabilities_of(encode(model_input, self.scorer.encoding), scorer=self.scorer)


mlflow.models.set_model(ServedModel())
