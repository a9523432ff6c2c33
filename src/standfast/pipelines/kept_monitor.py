"""What monitoring found last, kept beside the models: for the report, the page and whoever asks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from standfast.adapters.artifacts import load_sealed, save_sealed
from standfast.errors import StateError
from standfast.pipelines.observe import book_fingerprint
from standfast.settings import Settings

MONITOR = "monitor.json"
SCHEMA = 1


def keep_monitor(summary: Mapping[str, Any], *, settings: Settings) -> None:
    """Keep what was found, unless a later day of the same champion is kept already."""
    path = Path(settings.paths.models) / MONITOR
    kept = _kept(path)
    is_older = (
        kept is not None
        and kept.get("champion") == summary["champion"]
        and str(kept.get("as_of") or "") > str(summary["as_of"] or "")
    )
    if not is_older:
        save_sealed(path, summary)


def kept_monitor(settings: Settings, *, version: str) -> Mapping[str, Any] | None:
    """Give what was found last of this book and this model; None where that was another one."""
    kept = _kept(Path(settings.paths.models) / MONITOR)
    if kept is None or kept.get("schema") != SCHEMA or kept["fingerprint"] != book_fingerprint(settings):
        return None
    spoken_of = {kept["champion"], (kept.get("retrained") or {}).get("champion")}
    return kept if version in spoken_of else None


def _kept(path: Path) -> dict[str, Any] | None:
    """Read the file; one that was changed says nothing, and the next look writes it anew."""
    try:
        return load_sealed(path)
    except StateError:
        return None
