"""What a model said of the rows it was judged on, kept in its bundle to compare a rival with later."""

import base64
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standfast.adapters.artifacts import Bundle
from standfast.pipelines.fit import TrainedTarget
from standfast.propensity.metrics import Floats

UNSEEN = "unseen.json"
MOST_ROWS = 250_000
"""Above that the file would weigh more than the models; the gate then compares recorded figures."""


def pack_words(kept: Sequence[TrainedTarget]) -> str:
    """Give the text of the file: each row judged on, by its place among the training rows, no ids."""
    words = {one.target: _pack(one) for one in kept if len(one.probability) <= MOST_ROWS}
    return json.dumps(words, indent=1, sort_keys=True) + "\n"


def kept_words(bundle: Bundle, target: str, *, position: NDArray[np.int64]) -> Floats | None:
    """Give what a bundle's model said of the rows at these places of the same training rows, NaN elsewhere.

    None where the bundle kept nothing of the target.
    """
    packed = json.loads(bundle.files.get(UNSEEN, "{}")).get(target)
    if packed is None:
        return None
    places, said = _unpack(packed["position"], "<i4"), _unpack(packed["probability"], "<f8")
    found = np.full(int(max(places.max(), position.max())) + 1, np.nan)
    found[places] = said
    words: Floats = found[position]
    return words


def _pack(one: TrainedTarget) -> dict[str, str]:
    return {
        "position": _text(one.unseen.position.astype("<i4")),
        "probability": _text(one.probability.astype("<f8")),
    }


def _text(values: NDArray[Any]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")


def _unpack(text: str, kind: str) -> NDArray[Any]:
    return np.frombuffer(base64.b64decode(text), dtype=kind)
