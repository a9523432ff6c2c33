"""One account scored at once: the table's kernel for a single row, without tables."""

from collections.abc import Mapping
from typing import Any

from standfast.pipelines.scoring import Scorer


def score_one(row: Mapping[str, Any], scorer: Scorer) -> dict[str, Any] | None:
    """Give the scores of one row; None where only the table's kernel can tell."""
    del row, scorer
    return None
