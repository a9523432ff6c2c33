"""The look at a flat table, against the summary that pandas makes of the same table."""

import time
from collections.abc import Callable

from bench.scoring import make_accounts
from standfast.features.usability import check_flat_table

N_ROWS = 20_000


def rows() -> list[tuple[str, str, str]]:
    """Give the bench rows: name, figure, bound."""
    accounts = make_accounts(N_ROWS, seed=3)
    for label in ("churned", "expanded"):
        accounts[label] = accounts[label].astype("boolean")
    ours = _seconds(lambda: check_flat_table(accounts))
    summary = _seconds(lambda: accounts.describe(include="all"))
    told = f"{ours / summary:.1f} x pandas' describe ({ours:.2f} s to {summary:.2f} s)"
    return [(f"check a flat table of {N_ROWS:,} rows x 40 columns, two labels", told, "<= 10 x")]


def _seconds(work: Callable[[], object]) -> float:
    """Give the processor time of a second run; the first one warms up."""
    work()
    start = time.process_time()
    work()
    return time.process_time() - start
