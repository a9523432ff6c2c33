"""What docs/service.md has a machine do is what that machine's own tools take."""

import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here"),
]
DOCS = Path(__file__).parents[3] / "docs" / "service.md"
MOST_EXPOSED = 2.0


@pytest.fixture
def units(tmp_path):
    """The units of the docs as files; their program is another, for there is no such folder here."""
    text = textwrap.dedent("\n".join(re.findall(r"```ini\n(.*?)```", DOCS.read_text(), re.DOTALL)))
    service, timer = re.split(r"(?=^\[Unit\])", textwrap.dedent(text), flags=re.MULTILINE)[1:]
    written = []
    for name, unit in (("standfast.service", service), ("standfast-run.timer", timer)):
        (tmp_path / name).write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit))
        written.append(tmp_path / name)
    (tmp_path / "standfast-run.service").write_text(written[0].read_text())
    return written


def analyze(*arguments):
    done = subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_units_are_ones_that_systemd_understands(units):
    code, said = analyze("verify", "--man=no", *units)
    assert code == 0, said
    assert not [line for line in said.splitlines() if "standfast" in line]


def test_the_service_may_do_little_beside_its_work(units):
    """By systemd's own measure, from 0 (nothing) to 10 (everything)."""
    code, said = analyze("security", "--offline=true", f"--threshold={10 * MOST_EXPOSED:.0f}", units[0])
    assert code == 0, said.splitlines()[-1]
