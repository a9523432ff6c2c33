"""A killed or failed write leaves the last good file."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.adapters.whole_file import whole_file
from standfast.errors import InputError

KILLED = """
import os, signal, sys
from pathlib import Path
from standfast.adapters.whole_file import whole_file
with whole_file(Path(sys.argv[1])) as part:
    part.write_text("half of")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_target_changes_only_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "plan.csv"
    target.write_text("old")
    with whole_file(target) as part:
        part.write_text("new")
        assert target.read_text() == "old"
        assert part.parent == target.parent
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_killed_process_leaves_the_last_good_file(tmp_path: Path) -> None:
    target = tmp_path / "plan.csv"
    target.write_text("old")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert target.read_text() == "old"


def test_two_writers_do_not_meet_in_one_file(tmp_path: Path) -> None:
    with whole_file(tmp_path / "plan.csv") as one, whole_file(tmp_path / "plan.csv") as other:
        one.write_text("one")
        other.write_text("other")
        assert one != other
    assert (tmp_path / "plan.csv").read_text() == "one"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_one_may_not_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot write"), whole_file(tmp_path / "plan.csv") as part:
        part.write_text("new")
