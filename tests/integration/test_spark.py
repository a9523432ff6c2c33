"""One definition, two engines: DuckDB and a Spark cluster of two workers agree, also when one dies."""

import os
import socket
import subprocess
import threading
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import standfast
from standfast.errors import InputError
from standfast.features.windows import exact_units, log_ratio, ratio
from standfast.pipelines.observe import observe_book
from standfast.pipelines.score import rejected_path, score
from standfast.sample.book import make_sample_book
from standfast.settings import build_settings, load_settings

pytestmark = [pytest.mark.integration, pytest.mark.spark, pytest.mark.timeout(600)]

TO_START = 120
SPARK_DEFAULTS = """\
spark.executor.memory 640m
spark.shuffle.io.retryWait 1s
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1
"""
"""Little memory, quick second tries, and a Java that compiles in haste: these programs run once."""


class Cluster:
    """A standalone Spark on this machine: a master, and workers of one core each."""

    def __init__(self, home, folder):
        self.home, self.folder = home, folder
        (folder / "spark-defaults.conf").write_text(SPARK_DEFAULTS)
        tested = Path(standfast.__file__).parent.parent
        self.environment = os.environ | {
            "SPARK_HOME": str(home),
            "SPARK_CONF_DIR": str(folder),
            "PYTHONPATH": str(tested),
        }
        port = free_port()
        self.address = f"spark://127.0.0.1:{port}"
        self.master = self.start("master.Master", "--port", str(port))
        wait_for(lambda: answers(port), "the master")
        self.workers = [self.start_worker(), self.start_worker()]

    def start(self, role, *more):
        place = ["--host", "127.0.0.1", "--webui-port", "0"]
        command = [self.home / "bin" / "spark-class", f"org.apache.spark.deploy.{role}", *place, *more]
        with (self.folder / "cluster.log").open("ab") as log:
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def start_worker(self):
        room = ["--port", "0", "--cores", "1", "--memory", "1g", "--work-dir", str(self.folder)]
        return self.start("worker.Worker", *room, self.address)

    def kill_a_worker(self):
        """End one worker and all that it runs at once, as a machine does that loses its power."""
        import psutil

        worker = self.workers.pop()
        family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
        for process in family:
            process.kill()
        worker.wait()
        assert len(family) > 1, "the worker that was killed ran nothing"

    def stop(self):
        for process in (*self.workers, self.master):
            process.terminate()
            process.wait()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def answers(port):
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, what, *, pause=0.1):
    until = time.monotonic() + TO_START
    while not condition():
        assert time.monotonic() < until, f"{what} did not come"
        time.sleep(pause)


def unavailable(reason):
    """Skip on a user's machine; fail where Spark is promised to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster of two workers, and one session on it for all tests of this file."""
    from standfast.adapters import spark
    from standfast.errors import StateError

    try:
        spark.refuse_no_spark()
    except StateError as problem:
        unavailable(str(problem))
    import pyspark

    folder = tmp_path_factory.mktemp("spark")
    patch = pytest.MonkeyPatch()
    patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    patch.setenv("SPARK_CONF_DIR", str(folder))
    cluster = Cluster(Path(pyspark.__file__).parent, folder)
    try:
        with spark.spark_session(cluster.address, log=folder / "driver.log"):
            yield cluster
    finally:
        cluster.stop()
        patch.undo()


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The sample book as files, with what users' own columns bring: a flag, odd types, one name twice."""
    folder = tmp_path_factory.mktemp("books")
    sample = make_sample_book(n_accounts=70, n_months=14, seed=7)
    accounts = sample.tables["accounts"]
    n = len(accounts)
    accounts = accounts.assign(
        fleet=np.arange(n) % 7 / 3,
        Plan="as of today",
        opens=pd.Series(pd.timedelta_range("1h", periods=n, freq="min"), index=accounts.index),
        checked=pd.date_range("2024-01-01", periods=n, freq="h", unit="ns"),
        small=np.arange(n, dtype="uint8"),
        churned_on=accounts["account_id"].map(sample.truth.groupby("account_id")["churned_on"].last()),
    )
    for name, rows in {**sample.tables, "accounts": accounts}.items():
        rows.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def settings_of(folder, tables, **sections):
    book = {name: f"{name}.parquet" for name in tables} | {"static": ["fleet"]}
    values = {"book": book, "snapshots": {"step_days": 61}, "horizon": {"lead_days": 5}} | sections
    return build_settings(values, folder=folder)


EVENTS = ("subscriptions", "invoices", "usage", "tickets", "surveys", "contacts", "touches", "opportunities")
BOOKS = {
    "contracts": (("accounts", *EVENTS), {}),
    "a column": (("accounts", "usage", "tickets"), {"churn": {"by": "column"}}),
}


@pytest.mark.parametrize("kind", ["a column", pytest.param("contracts", marks=pytest.mark.thorough)])
def test_a_book_is_the_same_on_both_engines(cluster, books, kind):
    tables, sections = BOOKS[kind]
    settings = settings_of(books, tables, **sections)
    refuse_difference(observe_book(settings), observe_book(on_spark(settings, cluster)))


def refuse_difference(here, there):
    """Compare two looks at a book, field by field, to the last bit."""
    assert len(here.snapshots) > 50
    for name in (field.name for field in fields(here)):
        ours, theirs = getattr(here, name), getattr(there, name)
        if isinstance(ours, pd.DataFrame):
            pd.testing.assert_frame_equal(ours, theirs, check_exact=True)
        else:
            assert ours == theirs, name


def on_spark(settings, cluster):
    return replace(settings, engine=replace(settings.engine, name="spark", spark_master=cluster.address))


def test_sums_and_ratios_of_any_numbers_are_the_same_on_both_engines(cluster):
    """Spark rounds the decimal digits of a number, DuckDB the number; they would differ in the last one."""
    import ibis

    from standfast.adapters.engine import DuckDbEngine
    from standfast.adapters.spark import spark_session

    rng = np.random.default_rng(5)
    halves = (rng.integers(0, 10**6, 3000) * 10 + 5) / 1e7
    numbers = ibis.memtable(pd.DataFrame({
        "place": np.arange(6000), "part": np.concatenate([halves, rng.lognormal(0, 9, 3000)]),
        "whole": np.concatenate([np.ones(3000), rng.lognormal(0, 9, 3000)]),
    }))  # fmt: skip
    asked = numbers.select(
        "place",
        share=ratio(numbers.part, numbers.whole),
        change=log_ratio(numbers.part, numbers.whole),
        units=exact_units(numbers.part),
    ).order_by("place")
    with DuckDbEngine() as here, spark_session(cluster.address, log=Path(os.devnull)) as there:
        ours = here.backend.to_pandas(asked)
        pd.testing.assert_frame_equal(ibis.pyspark.connect(there).to_pandas(asked), ours, check_exact=True)
    assert ours["share"].notna().all()


def test_a_book_of_purchases_is_the_same_when_a_worker_dies_half_way(cluster, books):
    settings = settings_of(books, ("accounts", "invoices"), churn={"active_days": 60})
    here, n_before = observe_book(settings), len(jobs())
    with killing_a_worker(cluster, after=lambda: len(jobs()) > n_before + 20):
        there = observe_book(on_spark(settings, cluster))
    refuse_difference(here, there)


class killing_a_worker:  # noqa: N801  (read as words)
    """Kill a worker as soon as something holds, while the work goes on; afterwards there are two again."""

    def __init__(self, cluster, *, after):
        self.cluster, self.after, self.was_early = cluster, after, None

    def __enter__(self):
        self.is_over = threading.Event()
        self.killer = threading.Thread(target=self.kill)
        self.killer.start()

    def kill(self):
        wait_for(self.after, "the half of the work", pause=0.01)
        self.cluster.kill_a_worker()
        self.was_early = not self.is_over.is_set()

    def __exit__(self, *raised):
        self.is_over.set()
        self.killer.join()
        self.cluster.workers.append(self.cluster.start_worker())
        assert raised[0] or self.was_early, "the worker outlived the work"


def jobs():
    """Every job that Spark was given so far."""
    return tracker().getJobIdsForGroup()


def n_tasks_done():
    """Tasks that Spark has finished in the stages it works on."""
    stages = [tracker().getStageInfo(stage) for stage in tracker().getActiveStageIds()]
    return sum(stage.numCompletedTasks for stage in stages if stage)


def tracker():
    from pyspark import SparkContext

    return SparkContext.getOrCreate().statusTracker()


@pytest.fixture
def many(flat_folder, make_customers):
    """A folder with a champion, and a table of many rows to score, some of which cannot be."""
    once = make_customers(labels=())
    parts = [once.assign(id=f"{part:03}-" + once["id"]) for part in range(20)]
    rows = pd.concat(parts, ignore_index=True)
    rows["mrr"] = rows["mrr"].astype(str).mask(rows.index % 997 == 0, "lots")
    rows.to_parquet("many.parquet", index=False, row_group_size=7_000)
    return rows


@pytest.fixture
def small_stretches(monkeypatch):
    monkeypatch.setattr("standfast.pipelines.stretches.BATCH_ROWS", 1_000)


def score_here(table, **options):
    return score(load_settings(), table=table, output=Path("here.parquet"), **options)


def score_there(cluster, table, **options):
    settings = on_spark(load_settings(), cluster)
    return score(settings, table=table, output=Path("there.parquet"), **options)


def refuse_other_files(here, there):
    names = {"output": "", "rejected_file": ""}
    assert replace(here, **names) == replace(there, **names)
    for path in (Path("there.parquet"), rejected_path(Path("there.parquet"))):
        assert path.read_bytes() == path.with_name(path.name.replace("there", "here")).read_bytes()


def test_scores_are_the_same_bytes_from_a_cluster_and_from_here(cluster, many, small_stretches):
    table = Path("many.parquet")
    refuse_other_files(score_here(table), score_there(cluster, table))


def test_a_worker_killed_half_way_loses_and_doubles_no_score(cluster, many, small_stretches, monkeypatch):
    monkeypatch.setattr("standfast.adapters.spark._TASKS_PER_CORE", 10)
    table = Path("many.parquet")
    here = score_here(table, n_reasons=3)
    with killing_a_worker(cluster, after=lambda: n_tasks_done() >= 5):
        there = score_there(cluster, table, n_reasons=3)
    refuse_other_files(here, there)
    scores, rejected = pd.read_parquet("there.parquet"), pd.read_csv(rejected_path(Path("there.parquet")))
    assert len(scores) + len(rejected) == len(many)
    assert sorted([*scores["account_id"], *rejected["account_id"]]) == sorted(many["id"])


def test_what_cannot_be_scored_is_the_same_error_from_a_cluster_and_leaves_no_file(
    cluster, many, small_stretches, leftovers
):
    few = many.head(3_000)
    twice = few.assign(id=few["id"].where(few.index != 2_500, few["id"].iloc[3]))
    twice.to_parquet("twice.parquet", index=False)
    few.drop(columns="id").to_parquet("nameless.parquet", index=False)
    before = leftovers(Path())
    for table, words in (("twice.parquet", "more than once"), ("nameless.parquet", "lacks columns")):
        said = []
        for settings in (load_settings(), on_spark(load_settings(), cluster)):
            with pytest.raises(InputError, match=words) as problem:
                score(settings, table=Path(table), output=Path("o.parquet"))
            said.append(str(problem.value))
        assert said[0] == said[1]
    assert leftovers(Path()) == before


@pytest.mark.thorough
def test_the_command_runs_on_spark_without_a_word_of_its_own(cluster, flat_folder, standfast_process):
    customers = pd.read_csv("customers.csv").drop(columns=["left", "upsold"])
    customers.to_parquet("customers.parquet", index=False)
    score_here(Path("customers.parquet"))
    with Path("standfast.toml").open("a") as settings:
        settings.write('\n[engine]\nname = "spark"\nspark_master = "local[2]"\nstaging = "stage"\n')
    done = standfast_process("score", "customers.parquet", "-o", "there.parquet", cwd=Path())
    assert done.exit_code == 0, done.stderr
    assert "WARN" not in done.stderr
    assert list(Path("stage").iterdir()) == []
    assert Path("there.parquet").read_bytes() == Path("here.parquet").read_bytes()
