"""The bench's snapshots as standfast builds them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from standfast.adapters.engine import DuckDbEngine
from standfast.features.snapshot import build_snapshots, collect_snapshots
from standfast.schema import TABLES


def look(place: Path, dates: Sequence[date], output: Path) -> int:
    """Write the snapshots at the dates and give their number."""
    with DuckDbEngine(n_threads=2) as engine:
        book = {
            name: engine.read_book_table(TABLES[name], place / f"{name}.parquet", columns={}).table
            for name in ("accounts", "subscriptions", "usage")
        }
        snapshots = collect_snapshots(build_snapshots(book, dates=dates))
    snapshots.to_parquet(output)
    return len(snapshots)
