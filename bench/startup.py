"""How long `standfast --help` takes, against the start of a bare Python."""

import statistics
import subprocess
import sys
import time

HEAVY = (
    "pandas",
    "numpy",
    "pyarrow",
    "sklearn",
    "lightgbm",
    "mlflow",
    "ibis",
    "duckdb",
    "matplotlib",
    "rich",
)
RUNS = 9


def rows() -> list[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound."""
    helped = _median([sys.executable, "-m", "standfast", "--help"])
    bare = _median([sys.executable, "-c", "pass"])
    loaded = _heavy_modules()
    return [
        (
            "standfast --help",
            f"{helped:.2f} s, {helped / bare:.1f} x a bare Python ({bare:.2f} s)",
            "< 0.3 s",
        ),
        ("heavy imports before they are needed", ", ".join(loaded) or "none", "none"),
    ]


def _median(command: list[str]) -> float:
    return statistics.median(_seconds(command) for _ in range(RUNS))


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _heavy_modules() -> list[str]:
    code = "import sys, standfast.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return [name for name in HEAVY if name in loaded.stdout.split()]
