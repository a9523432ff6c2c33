"""The same book looked at by both engines: what Spark costs where the book fits one machine."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from standfast.adapters.spark import refuse_no_spark
from standfast.errors import StateError
from standfast.sample.book import make_sample_book
from standfast.sample.export import SETTINGS_FILE, write_sample_book

N_ACCOUNTS, N_MONTHS = 2_000, 24
NAME = f"look at the sample book ({N_ACCOUNTS:,} accounts) on Spark local[2]"
CHILD = """\
import json, sys, time
from pathlib import Path
from standfast.pipelines.observe import observe_book, rows_fingerprint
from standfast.settings import load_settings
start = time.perf_counter()
observed = observe_book(load_settings(Path(sys.argv[1])))
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "rows": rows_fingerprint(observed.snapshots)}))
"""


def rows() -> list[tuple[str, str, str]]:
    """Give the bench row: name, figure, bound."""
    try:
        refuse_no_spark()
    except StateError as problem:
        return [(NAME, f"left out: {problem}", "the same rows")]
    with tempfile.TemporaryDirectory() as folder:
        write_sample_book(make_sample_book(n_accounts=N_ACCOUNTS, n_months=N_MONTHS), Path(folder))
        settings = Path(folder) / SETTINGS_FILE
        here = _look(settings)
        with settings.open("a") as file:
            file.write('\n[engine]\nname = "spark"\n')
        there = _look(settings)
    same = "the same rows" if there["rows"] == here["rows"] else "OTHER ROWS"
    times = f"{there['seconds'] / here['seconds']:.1f} x DuckDB"
    figure = f"{times} ({there['seconds']:.0f} s to {here['seconds']:.1f} s), {same}"
    return [(NAME, figure, "the same rows")]


def _look(settings: Path) -> dict[str, float | str]:
    told = subprocess.run(
        [sys.executable, "-c", CHILD, str(settings)], check=True, capture_output=True, text=True
    )
    looked: dict[str, float | str] = json.loads(told.stdout.splitlines()[-1])
    return looked
