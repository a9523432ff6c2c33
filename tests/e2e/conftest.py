"""One made-up company, written and run once by the installed command; the tests look at what it left."""

import os
import shutil

import pytest

SETTINGS = """
[backtest]
n_dates = 2

[model]
n_folds = 3
n_knots = 5
ridge_strengths = [3.0]
max_trees = 60
symmetric_rows = 0
"""


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory, standfast_process):
    """A folder with a sample book after ``standfast run``; look, never touch."""
    folder = tmp_path_factory.mktemp("spine") / "work"
    folder.mkdir()
    done = standfast_process("sample", "book", "--accounts", "500", "--months", "20", cwd=folder)
    assert done.exit_code == 0, done.stderr
    with (folder / "book" / "standfast.toml").open("a") as settings:
        settings.write(SETTINGS)
    done = standfast_process("run", "--settings", "book/standfast.toml", cwd=folder)
    assert done.exit_code == 0, done.stderr
    (folder / "run.txt").write_text(done.stdout)
    return folder


@pytest.fixture
def book(sample_folder, tmp_path, monkeypatch):
    """A copy of the folder to work in, without its MLflow record and results."""
    ignored = shutil.ignore_patterns("mlruns", "out")
    shutil.copytree(sample_folder, tmp_path, symlinks=True, dirs_exist_ok=True, ignore=ignored)
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "book" / "standfast.toml"
