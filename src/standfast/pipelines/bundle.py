"""Pack fitted models into a bundle of text and JSON: what they are, what they learned from, how good."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from standfast import __version__
from standfast.adapters.artifacts import bundle_version, save_bundle
from standfast.features.encode import encode
from standfast.features.own import OwnFeatures
from standfast.features.peer_values import learn_peer_values
from standfast.pipelines.card import CARD, write_card
from standfast.pipelines.expansions import upsell_shares_of, upsell_values_of
from standfast.pipelines.fit import TrainedTarget
from standfast.pipelines.fitness import Fitness, fitness_of
from standfast.pipelines.gate import Asked, told_of
from standfast.pipelines.judge import Standing
from standfast.pipelines.kept_words import UNSEEN, pack_words
from standfast.pipelines.observe import ObservedBook, book_fingerprint, rows_fingerprint
from standfast.pipelines.place import Yardsticks, learn_yardsticks
from standfast.pipelines.revenue_changes import revenue_changes_of
from standfast.pipelines.scoring import PROBABILITY_OF, revenue_of
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, OBSERVATION_DATE
from standfast.settings import Settings

if TYPE_CHECKING:
    from standfast.pipelines.train import Learnable


@dataclass(frozen=True, eq=False)
class PackedBundle:
    """A bundle in memory: what ``models/`` will hold of it."""

    manifest: Mapping[str, Any]
    files: Mapping[str, str]

    def save(self, models: Path) -> Path:
        """Write it and give its folder."""
        return save_bundle(models, files=self.files, manifest=self.manifest)


def pack_bundle(
    kept: Sequence[TrainedTarget],
    observed: ObservedBook,
    learnable: "Learnable",
    *,
    notes: Sequence[str],
    asked: Sequence[Asked] = (),
    fitness: Sequence[Fitness] = (),
    settings: Settings,
) -> PackedBundle:
    """Give the bundle of the models that passed; equal training packs equal bytes.

    ``notes`` of the training stay with it: which models were refused, and why. So do the gate's answers
    that need no champion; those beside one stand in the version's decisions (``adapters/history.py``).
    """
    models = {
        f"{one.target}/{name}": text for one in kept for name, text in one.propensity.to_files().items()
    }
    models["encoding.json"] = _json(learnable.encoding.to_dict())
    yardsticks = _yardsticks(kept, observed, learnable, settings=settings)
    data = _facts_of(learnable)
    files = {
        **models,
        "evaluation.json": _json({one.target: one.evaluation.to_dict() for one in kept}),
        "fitness.json": _json(fitness_of(fitness)),
        "peers.json": _json(learn_peer_values(observed.current, learnable.encoding).to_dict()),
        UNSEEN: pack_words(kept),
        CARD: write_card(asked, data=data, notes=notes, columns=learnable.encoding.names, settings=settings),
    }
    manifest: dict[str, Any] = {
        "standfast": __version__,
        "book": {
            "name": settings.book_name,
            "fingerprint": book_fingerprint(settings),
            "is_flat": observed.is_flat,
            "as_of": observed.as_of.isoformat() if observed.as_of else None,
        },
        "settings": json.loads(json.dumps(settings.given, default=str)),
        "data": data,
        "targets": [one.target for one in kept],
        "notes": list(notes),
        "gate": told_of([one for each in asked for one in each.alone]),
        "models": {one.target: _facts_of_model(one) for one in kept},
        **_facts_of_own(observed.own),
        "base_rate": yardsticks.base_rate,
        "value_cutoffs": yardsticks.cutoffs.to_dict() if yardsticks.cutoffs else None,
        "upsell_shares": yardsticks.upsell.to_dict() if yardsticks.upsell else None,
        "revenue_changes": revenue_changes_of(observed, settings=settings).to_dict(),
        "model_fingerprint": bundle_version("models", models, {}),
    }
    manifest["version"] = bundle_version(settings.book_name, files, manifest)
    return PackedBundle(manifest, files)


def standing_of(manifest: Mapping[str, Any]) -> Standing:
    """Give what the gate needs to know of a bundle."""
    return Standing(
        version=manifest["version"],
        book_fingerprint=manifest["book"]["fingerprint"],
        data_fingerprint=manifest["data"]["fingerprint"],
        model_fingerprint=manifest["model_fingerprint"],
        log_loss={target: facts["log_loss"] for target, facts in manifest["models"].items()},
        skill={target: facts["skill"] for target, facts in manifest["models"].items()},
    )


def _yardsticks(
    kept: Sequence[TrainedTarget], observed: ObservedBook, learnable: "Learnable", *, settings: Settings
) -> Yardsticks:
    """Measure the book as it is now: the tiers' cut-offs are those of the accounts that training saw."""
    matrix = encode(observed.current, learnable.encoding).matrix
    scores = pd.DataFrame({ANNUAL_REVENUE: revenue_of(observed.current)})
    upsell = upsell_shares_of(observed, settings=settings)
    scores["upsell_value"] = upsell_values_of(observed.current, scores[ANNUAL_REVENUE], shares=upsell)
    for column in PROBABILITY_OF.values():
        scores[column] = np.nan
    for one in kept:
        scores[PROBABILITY_OF[one.target]] = one.propensity.probability(
            matrix, n_threads=settings.model.n_threads
        )
    churn = [one.propensity.base_rate for one in kept if one.target == "churned"]
    return learn_yardsticks(
        scores,
        base_rate=churn[0] if churn else None,
        economics=settings.economics,
        tiers=settings.tiers,
        upsell=upsell,
    )


def _facts_of(learnable: "Learnable") -> dict[str, Any]:
    rows = learnable.snapshots
    dates = rows[OBSERVATION_DATE].dropna() if OBSERVATION_DATE in rows else pd.Series(dtype="datetime64[ns]")
    return {
        "fingerprint": rows_fingerprint(rows),
        "columns": sorted(map(str, rows.columns)),
        "n_rows": len(rows),
        "n_accounts": int(rows[ACCOUNT_ID].nunique()),
        "n_dates": int(dates.nunique()),
        "first_date": dates.min().date().isoformat() if len(dates) else None,
        "last_date": dates.max().date().isoformat() if len(dates) else None,
    }


def _facts_of_own(own: OwnFeatures) -> dict[str, Any]:
    """Give what the user's features mean and a hash of their file; their code stays with the user."""
    if not own.features:
        return {}
    meanings = {name: asdict(meaning) for name, meaning in own.meanings.items()}
    return {"own_features": {"sha256": own.sha256, "meanings": meanings}}


def _facts_of_model(one: TrainedTarget) -> dict[str, Any]:
    metrics = {name: estimate.value for name, estimate in one.evaluation.metrics.items()}
    return {
        "rung": one.propensity.rung,
        "judged": one.evaluation.how,
        "n_rows": one.evaluation.n_rows,
        "n_events": one.propensity.n_events,
        "base_rate": one.propensity.base_rate,
        "log_loss": metrics["log_loss"],
        "skill": metrics["skill"],
        "auc": metrics["auc"],
        "verdict": one.verdict.sentence,
    }


def _json(values: Any) -> str:
    return json.dumps(values, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
