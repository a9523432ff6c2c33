"""The scoring kernel: rows in, scores out; what each row gets never depends on the rows beside it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.adapters.artifacts import Bundle, load_bundle
from standfast.decision.expansion import UpsellShares
from standfast.decision.tiers import ValueCutoffs
from standfast.errors import InputError
from standfast.features.catalogue import FeatureMeaning
from standfast.features.encode import Encoded, Encoding, encode
from standfast.features.peer_values import PeerValues
from standfast.features.schema_change import changed_columns, missing_columns
from standfast.pipelines.expansions import upsell_values_of
from standfast.pipelines.flat import known_revenue
from standfast.pipelines.known_plays import columns_of_plays
from standfast.pipelines.place import Yardsticks, place_scores
from standfast.pipelines.reason_text import reasons_as_json
from standfast.pipelines.revenue_changes import RevenueChanges
from standfast.propensity.model import Propensity
from standfast.schema import ACCOUNT_ID, ANNUAL_REVENUE, CALENDAR_DATES, OBSERVATION_DATE, SCORE_COLUMNS
from standfast.settings import Settings, build_settings

PROBABILITY_OF = {
    "churned": "churn_probability",
    "contracted": "contraction_probability",
    "expanded": "upsell_probability",
}
TRAVELLERS = (
    "churned", "name", "owner", "gross_margin", "auto_renew", "seat_utilisation", "sponsor_engagement",
    "open_critical", "acquisition_cost", *CALENDAR_DATES,
)  # fmt: skip
"""Columns that are no score, but that the plan reads where they are known."""
EXPLAINED_AT_A_TIME = 65_536
"""Rows whose effects, a number per row and column, are held at a time."""
_NO_NUMBERS = {"churned", "name", "owner", *CALENDAR_DATES}
TRAVELLING_NUMBERS = tuple(name for name in TRAVELLERS if name not in _NO_NUMBERS)
FLAG_NUMBERS = {"yes": "1", "true": "1", "no": "0", "false": "0"}


@dataclass(frozen=True)
class Scorer:
    """A loaded model bundle, ready to score rows of its book; ``own`` says what the user's features mean."""

    version: str
    encoding: Encoding
    propensities: Mapping[str, Propensity]
    yardsticks: Yardsticks
    settings: Settings
    fingerprint: str
    is_flat: bool
    columns_seen: frozenset[str] = frozenset()
    own: Mapping[str, FeatureMeaning] = field(default_factory=dict)
    own_sha256: str | None = None
    peers: PeerValues | None = None
    """What is usual among peers; None in a bundle of before that was kept."""
    changes: RevenueChanges = field(default_factory=RevenueChanges)

    @property
    def explained(self) -> str:
        """The target whose probability reasons speak of: churn, where there is a model of it."""
        return "churned" if "churned" in self.propensities else next(iter(self.propensities))

    @property
    def n_events(self) -> dict[str, int]:
        """Accounts of the rarer outcome that each model learned from."""
        return {target: model.n_events for target, model in self.propensities.items()}


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores in the order of the rows, and the reason for each row that has none, by its index.

    ``changes`` says of each column how it differs from what training met.
    """

    scores: pd.DataFrame
    rejected: Mapping[int, str]
    changes: tuple[str, ...] = ()


def load_scorer(models: Path, *, settings: Settings | None = None) -> Scorer:
    """Give the champion as a scorer, under the settings given or those it was trained with.

    Raises
    ------
    StateError
        There is no champion, or its files were changed.
    """
    return scorer_from(load_bundle(models), settings=settings)


def scorer_from(bundle: Bundle, *, settings: Settings | None = None) -> Scorer:
    """Give the scorer that a verified bundle holds."""
    manifest = bundle.manifest
    cutoffs, own = manifest["value_cutoffs"], manifest.get("own_features", {})
    shares = manifest.get("upsell_shares")
    return Scorer(
        version=bundle.version,
        encoding=Encoding.from_dict(json.loads(bundle.files["encoding.json"])),
        propensities={t: Propensity.from_files(bundle.part(t)) for t in manifest["targets"]},
        yardsticks=Yardsticks(
            manifest["base_rate"],
            ValueCutoffs.from_dict(cutoffs) if cutoffs else None,
            UpsellShares.from_dict(shares) if shares else None,
        ),
        settings=settings or build_settings(manifest["settings"], source=f"model {bundle.version}"),
        fingerprint=manifest["book"]["fingerprint"],
        is_flat=manifest["book"]["is_flat"],
        columns_seen=frozenset(manifest["data"].get("columns", ())),
        own={name: FeatureMeaning(**meaning) for name, meaning in own.get("meanings", {}).items()},
        own_sha256=own.get("sha256"),
        peers=PeerValues.from_dict(json.loads(kept)) if (kept := bundle.files.get("peers.json")) else None,
        changes=RevenueChanges.from_dict(manifest.get("revenue_changes")),
    )


def score_rows(rows: pd.DataFrame, *, scorer: Scorer, n_reasons: int = 0, n_threads: int = 2) -> Scored:
    """Give the placed scores of rows in canonical words (see ``prepare_flat``).

    Raises
    ------
    InputError
        Columns the models were trained on are missing: each is named, with what it was.
    """
    _refuse_missing(rows, scorer=scorer)
    encoded = encode(rows, scorer.encoding)
    probabilities = probabilities_of(encoded, scorer=scorer, n_threads=n_threads)
    readable, matrix = rows, encoded.matrix
    if encoded.rejected:
        accepted = encoded.accepted
        readable, matrix, probabilities = rows[accepted], matrix[accepted], probabilities[accepted]
    scores = _unplaced(readable, probabilities, scorer=scorer)
    placed = place_scores(
        scores,
        yardsticks=scorer.yardsticks,
        economics=scorer.settings.economics,
        tiers=scorer.settings.tiers,
        matrix=scorer.settings.built_matrix,
    )
    if n_reasons:
        placed["reasons"] = explain_rows(
            readable,
            matrix,
            scorer=scorer,
            n_reasons=n_reasons,
            n_threads=n_threads,
        )
    rejected = {int(rows.index[position]): reason for position, reason in encoded.rejected.items()}
    changes = changed_columns(rows, encoded.matrix, encoding=scorer.encoding, seen=scorer.columns_seen)
    return Scored(_ordered(placed, carried=columns_of_plays(scorer.settings.plays)), rejected, changes)


def _refuse_missing(rows: pd.DataFrame, *, scorer: Scorer) -> None:
    if absent := missing_columns(rows.columns, scorer.encoding):
        where = "map them under [columns]" if scorer.is_flat else "see what its tables lost"
        raise InputError(
            f"the {'table' if scorer.is_flat else 'book'} is not what model {scorer.version} was trained on: "
            f"{'; '.join(absent)}; bring them back ({where}), or train again: standfast train"
        )


def probabilities_of(encoded: Encoded, *, scorer: Scorer, n_threads: int = 2) -> pd.DataFrame:
    """Give the probability columns of encoded rows; empty for a row that could not be read."""
    columns = (
        "churn_probability",
        "churn_low",
        "churn_high",
        "contraction_probability",
        "upsell_probability",
    )
    accepted = encoded.accepted
    matrix = encoded.matrix[accepted] if encoded.rejected else encoded.matrix
    given = pd.DataFrame(np.nan, index=range(len(accepted)), columns=list(columns))
    for target, propensity in scorer.propensities.items():
        probability = propensity.probability(matrix, n_threads=n_threads)
        given.loc[accepted, PROBABILITY_OF[target]] = probability
        if target == "churned":
            low, high = propensity.interval(probability)
            given.loc[accepted, "churn_low"], given.loc[accepted, "churn_high"] = low, high
    return given


def _unplaced(rows: pd.DataFrame, probabilities: pd.DataFrame, *, scorer: Scorer) -> pd.DataFrame:
    """Put ids, dates, probabilities and what travels along side by side."""
    scores = probabilities.set_axis(rows.index)
    scores[ACCOUNT_ID] = rows[ACCOUNT_ID].astype(str)
    scores[OBSERVATION_DATE] = _dates(rows)
    scores[ANNUAL_REVENUE] = revenue_of(rows)
    scores["upsell_value"] = upsell_values_of(rows, scores[ANNUAL_REVENUE], shares=scorer.yardsticks.upsell)
    for column in TRAVELLERS:
        if column in rows:
            scores[column] = _travelling(rows[column], column)
    for column in columns_of_plays(scorer.settings.plays):
        if column in rows and column not in scores:
            scores[column] = rows[column]
    return scores.assign(model_version=scorer.version)


def _travelling(values: pd.Series, column: str) -> pd.Series:
    """Give a travelling column as the plan reads it; what is no number, or no date, says nothing to it."""
    if column in CALENDAR_DATES:
        return as_dates(values)
    return _as_number(values) if column in TRAVELLING_NUMBERS else values


def as_dates(values: pd.Series) -> pd.Series:
    """Give dates of one kind, whatever they were written as; empty where a cell holds no date."""
    return pd.to_datetime(values, errors="coerce").dt.tz_localize(None).astype("datetime64[us]")


def _as_number(values: pd.Series) -> pd.Series:
    """Give what the plan reads as a number or a flag; a user's column of other words says nothing to it."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values
    text = values.astype("string").str.strip().str.lower().replace(FLAG_NUMBERS)
    return pd.to_numeric(text, errors="coerce").astype("Float64").astype(float)


def revenue_of(rows: pd.DataFrame) -> pd.Series:
    """Give revenue per year where it is known and can be believed."""
    if ANNUAL_REVENUE not in rows:
        return pd.Series(np.nan, index=rows.index)
    return known_revenue(rows[ANNUAL_REVENUE])


def _dates(rows: pd.DataFrame) -> pd.Series:
    if OBSERVATION_DATE in rows:
        return pd.to_datetime(rows[OBSERVATION_DATE])
    return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")


def explain_rows(
    rows: pd.DataFrame, matrix: NDArray[np.float64], *, scorer: Scorer, n_reasons: int, n_threads: int = 1
) -> pd.Series:
    """Give each row's strongest reasons as a JSON list of {feature, value, effect, family, peers}.

    ``effect`` is what the feature adds to the log-odds of churn (of expansion, where no churn model
    is there), against the average account; the effects of all features add up to the probability.
    """
    propensity = scorer.propensities[scorer.explained]
    blocks = []
    for start in range(0, max(1, len(rows)), EXPLAINED_AT_A_TIME):
        block = slice(start, start + EXPLAINED_AT_A_TIME)
        _, effects = propensity.contributions(matrix[block], n_threads=n_threads)
        blocks.append(
            reasons_as_json(
                rows.iloc[block], matrix[block], effects,
                encoding=scorer.encoding, own=scorer.own, peers=scorer.peers, n_reasons=n_reasons,
            )
        )  # fmt: skip
    return blocks[0] if len(blocks) == 1 else pd.concat(blocks)


def _ordered(scores: pd.DataFrame, *, carried: Sequence[str]) -> pd.DataFrame:
    told = {*SCORE_COLUMNS, *TRAVELLERS}
    extra = [*TRAVELLERS, *(column for column in carried if column not in told), "reasons"]
    extra = [column for column in extra if column in scores]
    return scores[[*SCORE_COLUMNS, *extra]]
