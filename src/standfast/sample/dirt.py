"""Dirt as real exports have it: doubled rows, unknown ids, blank cells. The accounts table stays valid."""

import numpy as np
import pandas as pd

from standfast.sample.streams import happens, stream

DOUBLED_TICKETS = 0.004
ORPHANS = 0.002
BLANKS = {
    "surveys": ("contact_id",),
    "touches": ("minutes", "play"),
    "subscriptions": ("renews_on", "auto_renew"),
}
BLANK_SHARE = 0.02


def soil(tables: dict[str, pd.DataFrame], *, seed: int) -> dict[str, pd.DataFrame]:
    """Give the tables with dirt in tickets, usage and a few columns; the input is unchanged."""
    soiled = dict(tables)
    soiled["tickets"] = with_orphans(
        with_doubles(tables["tickets"], share=DOUBLED_TICKETS, rng=stream(seed, "doubled tickets")),
        share=ORPHANS,
        rng=stream(seed, "orphan tickets"),
    )
    soiled["usage"] = with_orphans(tables["usage"], share=ORPHANS / 10, rng=stream(seed, "orphan usage"))
    for table, columns in BLANKS.items():
        for column in columns:
            rng = stream(seed, f"blank {table}.{column}")
            soiled[table] = with_blanks(soiled[table], column=column, share=BLANK_SHARE, rng=rng)
    return soiled


def with_doubles(rows: pd.DataFrame, *, share: float, rng: np.random.Generator) -> pd.DataFrame:
    """Repeat a share of the rows (one at least, where there is any) right behind themselves."""
    if rows.empty:
        return rows
    times = 1 + happens(share, (len(rows),), rng)
    times[rng.integers(0, len(rows))] = 2
    return rows.loc[np.repeat(np.arange(len(rows)), times)].reset_index(drop=True)


def with_orphans(rows: pd.DataFrame, *, share: float, rng: np.random.Generator) -> pd.DataFrame:
    """Give a share of the rows (one at least, where there is any) ids that no accounts table holds."""
    if rows.empty:
        return rows
    lost = happens(share, (len(rows),), rng)
    lost[rng.integers(0, len(rows))] = True
    account_id = rows["account_id"].to_numpy(dtype=object).copy()
    account_id[lost] = [f"OLD-{number:04d}" for number in rng.integers(0, 50, int(lost.sum()))]
    return rows.assign(account_id=pd.Series(account_id, index=rows.index, dtype="str"))


def with_blanks(rows: pd.DataFrame, *, column: str, share: float, rng: np.random.Generator) -> pd.DataFrame:
    """Empty a share of a column's cells."""
    blank = happens(share, (len(rows),), rng)
    return rows.assign(**{column: rows[column].convert_dtypes().mask(blank)})
