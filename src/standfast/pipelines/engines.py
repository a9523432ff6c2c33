"""The engine that snapshots are built on."""

from standfast.adapters.engine import DuckDbEngine
from standfast.settings import Settings


def open_engine(settings: Settings) -> DuckDbEngine:
    """Give the one the settings name, within the limits they set; close it, or use it with ``with``.

    Raises
    ------
    StateError
        Spark is asked for, and pyspark, Java or the cluster is missing.
    """
    engine, n_threads = settings.engine, settings.model.n_threads
    if engine.name == "duckdb":
        return open_duckdb(settings)
    from standfast.adapters.spark import SparkEngine  # noqa: PLC0415  (only where it is asked for)

    return SparkEngine(
        master=engine.spark_master,
        staging=settings.staging,
        n_threads=n_threads,
        memory_limit=engine.memory_limit,
    )


def open_duckdb(settings: Settings) -> DuckDbEngine:
    """Give the one within this process, whatever the settings name: enough for a file or a single table."""
    return DuckDbEngine(n_threads=settings.model.n_threads, memory_limit=settings.engine.memory_limit)
