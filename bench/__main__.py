"""`make bench`: print the table of ratios; `python -m bench scoring` prints one part of it."""

import os
import sys
from importlib import import_module

# Before LightGBM loads OpenMP: threads that spin while they wait distort every figure on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

PARTS = (
    "startup",
    "check",
    "solver",
    "exact",
    "decision",
    "holdout",
    "training",
    "ledger",
    "scoring",
    "one_account",
    "snapshots",
    "engines",
    "service",
    "soak",
    "quality",
    "elsewhere",
    "calibration",
    "experiment",
    "out_of_time",
    "symmetric",
    "recency",
    "monotone",
    "page",
    "loop",
    "sleepers",
    "hillstrom_uplift",
    "monitor",
    "gate",
)


def main(chosen: list[str]) -> int:
    """Run the parts named, or all of them."""
    unknown = sorted(set(chosen) - set(PARTS))
    if unknown:
        print(f"no such part: {', '.join(unknown)}; known: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for part in chosen or PARTS:
        for name, figure, bound in import_module(f"bench.{part}").rows():
            print(f"{name:<72} {figure:<62} to reach: {bound}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
