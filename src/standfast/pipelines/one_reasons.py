"""The strongest reasons of one account, as ``reasons_as_json`` tells those of a table."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standfast.features.catalogue import describe
from standfast.features.encode import Feature
from standfast.pipelines.reason_text import DIGITS, plain_value, strongest
from standfast.pipelines.scoring import Scorer


def reasons_of(
    cells: Mapping[str, Any], matrix: NDArray[np.float64], *, scorer: Scorer, n_reasons: int
) -> list[dict[str, Any]]:
    """Give {feature, value, effect, family, peers} of the strongest reasons, the strongest first.

    Parameters
    ----------
    matrix
        The account as the models see it, one row.
    """
    _, effects = scorer.propensities[scorer.explained].contributions(matrix)
    return [
        _reason(cells, int(place), float(matrix[0, place]), float(effects[0, place]), scorer=scorer)
        for place in strongest(effects, n_reasons)[0]
    ]


def _reason(
    cells: Mapping[str, Any], place: int, number: float, effect: float, *, scorer: Scorer
) -> dict[str, Any]:
    feature = scorer.encoding.features[place]
    meaning = describe(feature.name, scorer.own)
    told = {
        "feature": meaning.label,
        "value": _value(cells[feature.name], number, feature),
        "effect": _rounded(effect),
        "family": meaning.family,
    }
    if scorer.peers is not None:
        usual = scorer.peers.usual(feature.name)[scorer.peers.group_of(cells)]
        told["peers"] = _rounded(float(usual))
    return told


def _value(cell: Any, number: float, feature: Feature) -> Any:
    is_number = feature.kind == "number" and not isinstance(cell, (bool, np.bool_))
    return _rounded(number) if is_number else plain_value(cell)


def _rounded(number: float) -> float | None:
    return float(np.round(number, DIGITS)) + 0.0 if math.isfinite(number) else None
