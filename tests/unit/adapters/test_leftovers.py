"""What killed runs leave: swept up, while the work of living ones stays."""

import os
import subprocess
import sys

from standfast.adapters.leftovers import is_alive, sweep_parts
from standfast.adapters.whole_file import whole_file


def gone():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_this_process_lives_and_one_that_ended_does_not():
    assert is_alive(os.getpid())
    assert not is_alive(gone())
    assert not is_alive(10**30)


def test_parts_of_dead_writers_go_and_all_else_stays(tmp_path):
    target = tmp_path / "scores[1].csv"
    dead = tmp_path / f".{target.name}.{gone()}-ab12.part"
    kept = [
        tmp_path / f".{target.name}.{os.getpid()}-ab12.part",
        tmp_path / f".other.csv.{gone()}-ab12.part",
        tmp_path / f".{target.name}.notes.part",
    ]
    for path in (dead, *kept):
        path.write_text("half")
    sweep_parts(target)
    assert not dead.exists()
    assert all(path.exists() for path in kept)


def test_the_next_writer_sweeps(tmp_path):
    target = tmp_path / "plan.csv"
    dead = tmp_path / f".plan.csv.{gone()}-ab12.part"
    dead.write_text("half")
    with whole_file(target) as part:
        part.write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.csv"]
