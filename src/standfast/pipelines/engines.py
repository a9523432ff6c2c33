"""The engine that snapshots are built on."""

from standfast.adapters.engine import DuckDbEngine
from standfast.settings import Settings


def open_engine(settings: Settings) -> DuckDbEngine:
    """Give it with the threads and the memory the settings allow; close it, or use it with ``with``."""
    return DuckDbEngine(n_threads=settings.model.n_threads, memory_limit=settings.engine.memory_limit)
