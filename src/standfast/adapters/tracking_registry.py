"""Decisions on versions in MLflow's registry: the champion's alias moves, tags say when, what and why."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from standfast.adapters.history import Decision
from standfast.adapters.tracking import REGISTERED_MODEL, has_store, open_client, what_it_says


def record_decision(decision: Decision, *, mlruns: Path) -> str:
    """Write a decision at the registered version and its run; give what could not be done, "" if all was.

    Never raises: the switch in the models folder is made already, and stands whatever MLflow says.
    """
    if not has_store(mlruns):
        return f"{mlruns} holds no MLflow record, so the decision stands in the models folder alone"
    try:
        number = _write(open_client(mlruns), decision)
    except Exception as problem:  # noqa: BLE001  (whatever a tracking store raises, the switch stands)
        told = what_it_says(problem)
        return f"MLflow in {mlruns} did not take the decision ({told}); the models folder did"
    if number is None:
        return f"MLflow in {mlruns} knows no version of {decision.version}; the models folder does"
    return ""


def _write(client: Any, decision: Decision) -> str | None:
    """Give the number of the newest registered version of a bundle, after moving alias and tags."""
    found = client.search_model_versions(f"name = '{REGISTERED_MODEL}'")
    numbers = {one.tags.get("bundle"): one for one in sorted(found, key=lambda one: int(one.version))}
    version = numbers.get(decision.version)
    if version is None:
        return None
    for name, value in _tags(decision).items():
        client.set_model_version_tag(REGISTERED_MODEL, version.version, name, value)
        if version.run_id:
            client.set_tag(version.run_id, name, value)
    if decision.action != "refuse":
        client.set_registered_model_alias(REGISTERED_MODEL, "champion", version.version)
    return str(version.version)


def _tags(decision: Decision) -> Mapping[str, str]:
    return {
        "decision": decision.action,
        "decision_reason": decision.reason[:4000],
        "decision_at": decision.at,
        "decision_before": decision.before or "",
    }
