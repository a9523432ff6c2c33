"""What many tests share: the command in this process or its own, made-up tables, trained folders."""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before LightGBM loads: see standfast/cli/group.py

import fcntl
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

# No law is timed: a busy machine would fail it.
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", untimed, max_examples=10)
settings.register_profile("thorough", untimed, max_examples=500)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "quick")
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(config, items):
    """Leave further variants of what is proved anyway to ``make thorough``: they are dear."""
    if PROFILE != "thorough":
        dear = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=dear)
        items[:] = [item for item in items if item not in set(dear)]


QUICK_MODEL = """
[model]
n_folds = 3
n_knots = 5
ridge_strengths = [3.0]
max_trees = 60
symmetric_rows = 0
"""
FLAT_SETTINGS = """\
[book]
accounts = "customers.csv"

[columns]
account_id = "id"
annual_revenue = "mrr"
churned = "left"
expanded = "upsold"

[units]
revenue_period = "month"

[capacity]
hours = 100
hourly_cost = 20
"""


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def complaint(self):
        """The one line on stderr that a user reads; anything else there fails the test."""
        lines = [line for line in self.stderr.splitlines() if line.startswith("standfast: ")]
        assert len(lines) == 1, f"one complaint expected, met {self.stderr!r}"
        return lines[0]


@pytest.fixture(scope="session")
def make_customers():
    """A function that makes a flat table with signal, blanks in a number column, and yes/no labels."""

    def make(n=1500, *, seed=7, labels=("left", "upsold"), revenue=True):
        rng = np.random.default_rng(seed)
        usage, tickets = rng.normal(size=n), rng.poisson(2, n)
        plan = rng.choice(["basic", "pro", "enterprise"], n, p=[0.5, 0.35, 0.15])
        left = rng.random(n) < 1 / (1 + np.exp(1.4 + 1.3 * usage - 0.35 * tickets))
        upsold = rng.random(n) < 1 / (1 + np.exp(1.2 - 1.3 * usage - 0.5 * (plan == "basic")))
        customers = pd.DataFrame(
            {
                "id": [f"A-{i:04d}" for i in range(n)],
                "plan": plan,
                "usage": np.where(rng.random(n) < 0.08, np.nan, usage.round(3)),
                "tickets": tickets,
                "mrr": rng.lognormal(6, 1, n).round(2),
                "left": np.where(left, "Yes", "No"),
                "upsold": np.where(left, "", np.where(upsold, "yes", "no")),
            }
        )
        dropped = [name for name in ("left", "upsold") if name not in labels]
        return customers.drop(columns=dropped if revenue else [*dropped, "mrr"])

    return make


@pytest.fixture(scope="session")
def make_flat_book(make_customers):
    """A function that writes a flat book into a folder: its table and its settings file."""

    def make(folder, *, labels=("left", "upsold"), revenue=True, settings="", **options):
        folder.mkdir(parents=True, exist_ok=True)
        make_customers(labels=labels, revenue=revenue, **options).to_csv(
            folder / "customers.csv", index=False
        )
        absent = {name for name in ("left", "upsold", "mrr") if name not in labels and name != "mrr"}
        absent |= set() if revenue else {"mrr"}
        lines = [
            line for line in FLAT_SETTINGS.splitlines() if not any(f'"{name}"' in line for name in absent)
        ]
        (folder / "standfast.toml").write_text("\n".join(lines) + "\n" + QUICK_MODEL + settings)
        return folder

    return make


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Run the command in this process, in a folder of its own."""
    from click.testing import CliRunner

    from standfast.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)  # the command replaces it

    def run(*arguments):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.output
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture(scope="session")
def standfast_process():
    """Run the installed command as a person would, in a process of its own."""

    def run(*arguments, cwd, timeout=240, **options):
        done = subprocess.run(
            command(*arguments),
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            **options,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def command(*arguments):
        return [sys.executable, "-c", "from standfast.cli import main; main()", *map(str, arguments)]

    run.command = command
    return run


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """A function that gives a folder which one worker of a run makes, and all others read."""

    def made(name, make):
        own = tmp_path_factory.getbasetemp()
        shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
        folder, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # given back with the file, also by a worker that dies
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session", autouse=True)
def copied_stores(made_once):
    """Make each new MLflow store a copy of one without runs: its migrations take two seconds every time."""
    from standfast.adapters import tracking

    open_store = tracking._open_store

    def opened(mlflow, mlruns, experiment):
        def empty(folder):
            folder.mkdir()
            tracking.open_client(folder).search_experiments()

        if not tracking.has_store(mlruns):
            mlruns.mkdir(parents=True, exist_ok=True)
            shutil.copy(made_once("store", empty) / "mlflow.db", mlruns)
        open_store(mlflow, mlruns, experiment)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracking, "_open_store", opened)
        yield


@pytest.fixture(scope="session")
def trained_flat_folder(made_once, make_flat_book):
    """A folder with a flat book and its champion, trained once and recorded in MLflow; look, never touch."""
    from standfast.pipelines.run import train_and_record
    from standfast.settings import load_settings

    def make(folder):
        make_flat_book(folder)
        before = Path.cwd()
        os.chdir(folder)  # models/ and mlruns/ are relative to where one works
        try:
            train_and_record(load_settings())
        finally:
            os.chdir(before)

    return made_once("flat", make)


@pytest.fixture
def flat_folder(trained_flat_folder, tmp_path, monkeypatch):
    """A copy of the trained flat book to work in, without its MLflow record."""
    shutil.copytree(
        trained_flat_folder,
        tmp_path,
        symlinks=True,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("mlruns"),
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def without_record(monkeypatch):
    """Train without MLflow's record, where the record is not the point: it costs seconds."""
    from standfast.adapters.tracking import Recorded
    from standfast.pipelines import run

    monkeypatch.setattr(run, "record", lambda *_, **__: Recorded("none", None))


@pytest.fixture
def leftovers():
    """A function that names every file a failed command left in a folder beside those that were there."""

    def files(folder):
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if "models" not in path.parts}

    return files
