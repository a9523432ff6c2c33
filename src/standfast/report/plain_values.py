"""Values of every kind as JSON knows them."""

import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

_AS_THEY_ARE = frozenset({str, bool, int, type(None)})


def plain(value: Any) -> Any:  # noqa: C901, PLR0911  (one answer per kind of value)
    """Give values as JSON knows them; what is not a number becomes null."""
    if type(value) in _AS_THEY_ARE:  # most of what there is
        return value
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, (date, Path)):
        return str(value)
    if hasattr(value, "to_dict") and hasattr(value, "columns"):
        return [plain(row) for row in value.to_dict("records")]
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value)
