"""Spark: the book's tables and its feature expressions on a cluster, and work that is spread over one."""

import contextlib
import os
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfast import __version__
from standfast.adapters.engine import DuckDbEngine, LoadedTable
from standfast.errors import InputError, StandfastError, StateError
from standfast.schema import Table

if TYPE_CHECKING:
    import ibis.expr.types as ir

Work = Callable[[Sequence[int]], Iterable[Sequence[bytes]]]
"""Gives the bytes of each of several pieces, named by their numbers, which follow each other."""

_OPTIONS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # A snapshot joins some fifty small tables. Spark planned that anew after each of them, and compiled
    # programs larger than the JVM allows: both cost more than they brought.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
_ON_ONE_MACHINE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
_SECONDS_TO_ANSWER = 5
_SECONDS_TO_START = 60
_SECONDS_TO_JOIN = 1
_TASKS_PER_CORE = 4
_PARTS_PER_CORE = 2


class SparkEngine(DuckDbEngine):
    """DuckDB reads and types the tables; the expressions on them run on Spark.

    Close it, or use it with ``with``.

    Parameters
    ----------
    master
        Where Spark runs: "local[2]", or the address of a cluster, such as "spark://host:7077".
    staging
        A folder that this machine and all workers see under the same path; a temporary one by default.
    """

    def __init__(self, *, master: str, staging: Path | None = None, **limits: Any) -> None:
        import ibis  # noqa: PLC0415  (importing this module must stay cheap)

        super().__init__(**limits)
        self._open = contextlib.ExitStack()
        try:
            self._stage = self._open.enter_context(staging_folder(staging))
            session = self._open.enter_context(spark_session(master, log=self._stage / "spark.log"))
            self._spark: Any = ibis.pyspark.connect(session)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of all; what Spark raised, if that is why, becomes an error that a user can read."""
        super().close()
        self._open.__exit__(*sys.exc_info())

    def read_book_table(self, table: Table, path: Path, **how: Any) -> LoadedTable:
        """Give the table as DuckDB reads and types it, in a place where Spark finds it."""
        loaded = super().read_book_table(table, path, **how)
        typed = self._stage / f"{table.name}.parquet"
        _known_to_spark(loaded.table).to_parquet(typed)
        return replace(loaded, table=self._spark.read_parquet(str(typed), table_name=table.name))

    def fetched(self, rows: "ir.Table") -> "ir.Table":
        """Run the expression on Spark and give its rows as a table of the machine that trains."""
        result = Path(tempfile.mkdtemp(prefix="rows-", dir=self._stage)) / "result"
        self._spark.to_parquet(rows, result)
        return self.backend.read_parquet(f"{result}/*.parquet")


@contextlib.contextmanager
def staging_folder(where: Path | None) -> Iterator[Path]:
    """Give an empty folder within ``where`` for what Spark's workers read and write; it goes at the end."""
    try:
        if where is not None:
            where.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="standfast-", dir=where)).resolve()
    except OSError as problem:
        raise InputError(
            f"[engine] staging = {str(where)!r} cannot be written to ({problem.strerror}); name a folder "
            "that this machine and all of Spark's workers can read and write"
        ) from problem
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def spark_session(master: str, *, log: Path) -> Iterator[Any]:
    """Give a session of its own on the Spark that runs in this process, or on one started for it.

    Raises
    ------
    StateError
        pyspark, Java or the cluster is missing, or Spark gave up on the way.
    """
    refuse_no_spark()
    from pyspark.sql import SparkSession  # noqa: PLC0415  (only where Spark is asked for)

    problems = _spark_problems()
    running: Any = SparkSession.getActiveSession()
    started: Any = None
    try:
        if running is None:
            started = _started(master, log=log)
        session = (running or started).newSession()
        for name, value in (_OPTIONS | _parts(session)).items():
            session.conf.set(name, value)
        yield session
    except problems as problem:
        raise StateError(_gave_up(master, problem)) from problem
    finally:
        if started is not None:
            with contextlib.suppress(*problems):
                started.stop()


def spread(session: Any, work: Work, *, n_pieces: int, folder: Path) -> Iterator[Sequence[bytes]]:
    """Do pieces of work on all workers, and give what came of each, in order, each once.

    A piece that was lost with its worker is done again. The results wait in ``folder``, so that memory does
    not grow with them.

    Raises
    ------
    StandfastError
        The first that a piece raised.
    """
    n_tasks = min(n_pieces, _TASKS_PER_CORE * session.sparkContext.defaultParallelism)
    result = folder / "pieces"
    pieces = session.range(0, n_pieces, 1, n_tasks)
    done = pieces.mapInArrow(_kernel(work), "piece long, problem string, told array<binary>")
    done.write.parquet(str(result))
    yield from _each_once(_rows_in_order(result), n_pieces=n_pieces)


def _each_once(
    rows: Iterable[tuple[int, str | None, Sequence[bytes]]], *, n_pieces: int
) -> Iterator[Sequence[bytes]]:
    """Give what came of each piece; refuse one that failed, is missing, or came twice."""
    n_met = 0
    for piece, problem, told in rows:
        if problem is not None:
            raise InputError(problem)
        if piece != n_met:
            raise StateError(f"Spark gave piece {piece} of the work where {n_met} was due; run it again")
        n_met += 1
        yield told
    if n_met != n_pieces:
        raise StateError(f"Spark lost the last {n_pieces - n_met} of {n_pieces} pieces of work; run it again")


def _kernel(work: Work) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Give what runs on the workers: numbers of pieces in, what came of them out, in Arrow batches."""
    version = __version__

    def kernel(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow as pa  # noqa: PLC0415  (on the worker)

        import standfast  # noqa: PLC0415  (same)

        schema = pa.schema([("piece", pa.int64()), ("problem", pa.string()), ("told", pa.list_(pa.binary()))])
        pieces = [piece for batch in batches for piece in batch.column(0).to_pylist()]
        n_done = 0
        try:
            if standfast.__version__ != version:
                raise StateError(f"a worker has standfast {standfast.__version__}, this machine {version}")
            for piece, told in zip(pieces, work(pieces), strict=True):
                yield pa.RecordBatch.from_pylist([{"piece": piece, "told": list(told)}], schema)
                n_done += 1
        except StandfastError as problem:
            yield pa.RecordBatch.from_pylist([{"piece": pieces[n_done], "problem": str(problem)}], schema)

    return kernel


def _rows_in_order(result: Path) -> Iterator[tuple[int, str | None, Sequence[bytes]]]:
    """Give the rows of what Spark wrote, task by task."""
    from pyarrow import parquet  # noqa: PLC0415  (importing this module must stay cheap)

    for part in sorted(result.glob("part-*.parquet")):
        with parquet.ParquetFile(part) as file:
            for batch in file.iter_batches(batch_size=1):
                for row in batch.to_pylist():
                    yield row["piece"], row["problem"], row["told"]


def _known_to_spark(rows: "ir.Table") -> "ir.Table":
    """Give the table with what Spark cannot read of a user's further columns in a form that it can."""
    changed: dict[str, ir.Value] = {}
    for name, kind in rows.schema().items():
        if kind.is_timestamp():
            changed[name] = rows[name].cast("timestamp(6)")
        elif kind.is_unsigned_integer():
            changed[name] = rows[name].cast("float64" if kind.nbytes == 8 else "int64")
        elif not (kind.is_numeric() or kind.is_boolean() or kind.is_string() or kind.is_date()):
            changed[name] = rows[name].cast("string")
    return rows.mutate(**changed) if changed else rows


def _started(master: str, *, log: Path) -> Any:
    """Start Spark, without a word on the terminal and without a page on the network."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  (only where Spark is asked for)

    _refuse_silent_master(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    options = _QUIET | (_ON_ONE_MACHINE if master.startswith("local") else {})
    builder = SparkSession.builder.appName("standfast").master(master)
    for name, value in options.items():
        builder = builder.config(name, value)
    with _stderr_into(log):
        session = builder.getOrCreate()
    if master.startswith("spark://"):
        _await_workers(session, master)
    return session


def _parts(session: Any) -> dict[str, str]:
    """Give in how many parts Spark shuffles, unless its own settings say; 200, the default, costs most."""
    name = "spark.sql.shuffle.partitions"
    if session.sparkContext.getConf().contains(name):
        return {}
    return {name: str(_PARTS_PER_CORE * session.sparkContext.defaultParallelism)}


@contextlib.contextmanager
def _stderr_into(log: Path) -> Iterator[None]:
    """Let what is started meanwhile, which is Java, write its remarks into a file as long as it runs."""
    sys.stderr.flush()
    terminal = os.dup(2)
    try:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)


def _spark_problems() -> tuple[type[Exception], ...]:
    from py4j.protocol import (  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415
        Py4JError,
    )
    from pyspark.errors import PySparkException  # noqa: PLC0415  (only where Spark is asked for)

    return PySparkException, Py4JError


def refuse_no_spark() -> None:
    """Refuse to go on without pyspark or Java; the message says how to get them."""
    try:
        import pyspark  # noqa: F401, PLC0415  (only where Spark is asked for)
    except ImportError as problem:
        raise StateError(
            '[engine] name = "spark" needs pyspark, which is not installed: pip install "standfast[spark]", '
            'or say name = "duckdb"'
        ) from problem
    home = os.environ.get("JAVA_HOME")
    java = Path(home) / "bin" / "java" if home else shutil.which("java")
    if java is None or not Path(java).exists():
        where = f" in JAVA_HOME = {home}" if home else ""
        raise StateError(
            f'[engine] name = "spark" needs Java 17 or newer, and there is none{where}; '
            'install a JRE, or say name = "duckdb"'
        )


def _refuse_silent_master(master: str) -> None:
    """Ask whether anybody listens at "spark://host:7077": Spark itself would go on asking for a minute."""
    if not master.startswith("spark://"):
        return
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=_SECONDS_TO_ANSWER):
                return
        except (OSError, ValueError):
            continue
    raise StateError(
        f"no Spark master answers at [engine] spark_master = {master!r}; start the cluster, correct the "
        'address, or say spark_master = "local[2]"'
    )


def _await_workers(session: Any, master: str) -> None:
    """Wait until no more workers join; refuse a cluster without one, where work would wait without end."""
    workers = session.sparkContext._jsc.sc().getExecutorMemoryStatus  # noqa: SLF001  (there is no other way)
    until, n_before = time.monotonic() + _SECONDS_TO_START, 0
    while (n_now := workers().size() - 1) != n_before or not n_now:
        if time.monotonic() > until:
            session.stop()
            raise StateError(
                f"no worker of {master} took the work on within {_SECONDS_TO_START} seconds; see whether "
                "its workers run and have cores and memory to spare"
            )
        n_before = n_now
        time.sleep(_SECONDS_TO_JOIN)


def _gave_up(master: str, problem: Exception) -> str:
    """Say why: in the words of a worker's Python where it was that which failed."""
    lines = [line.strip() for line in str(problem).strip().splitlines()]
    raised = [line for line in lines if re.match(r"[\w.]+(Error|Exception): ", line)]
    return (
        f"Spark ({master}) gave up: {[*lines[:1], *raised][-1]}; see whether its workers run, can read and "
        "write [engine] staging, and have the same Python packages as this machine"
    )
