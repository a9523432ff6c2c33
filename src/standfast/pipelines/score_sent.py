"""Score what a service is sent: a few rows, or a table of any length, every row of it told of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from standfast.adapters.table_writer import TableWriter
from standfast.features.schema_change import new_columns
from standfast.pipelines.desk import Desk
from standfast.pipelines.flat import refuse_duplicate_ids
from standfast.pipelines.score import refuse_twins
from standfast.pipelines.scoring import Scorer
from standfast.pipelines.stretches import Batch, score_batch, score_here
from standfast.schema import ACCOUNT_ID

WHY = "rejected_because"
"""The column that says of a row without scores why it has none."""


@dataclass(frozen=True)
class ScoredTable:
    """What became of a table's rows: ``rows_in`` = ``scored`` + ``rejected``."""

    rows_in: int
    scored: int
    rejected: int


def score_sent(rows: Sequence[Mapping[str, Any]], scorer: Scorer, *, n_reasons: int = 0) -> Batch:
    """Give scores and rejected rows of a few rows, which may lack columns that others have.

    Raises
    ------
    InputError
        Needed columns are missing in all of them, or an account stands twice.
    """
    batch = score_batch(pd.DataFrame(list(rows)), 1, scorer=scorer, n_reasons=n_reasons)
    refuse_duplicate_ids(batch.scores[ACCOUNT_ID], source="what was sent")
    return batch


def filled_from_book(
    rows: Sequence[Mapping[str, Any]], desk: Desk
) -> tuple[list[Mapping[str, Any]], list[str]]:
    """Give rows with what they do not say of accounts of the book, and a note of how much that is."""
    filled = [desk.rows_seen.filled(row) for row in rows]
    n_cells = sum(n for _, n in filled)
    n_accounts = sum(n > 0 for _, n in filled)
    told = f"{n_cells:,} cells of {n_accounts:,} accounts are the book's of {desk.as_of}" if n_cells else ""
    return [row for row, _ in filled], [told] if told else []


def notes_on(rows: Sequence[Mapping[str, Any]], scorer: Scorer) -> list[str]:
    """Say which columns of rows that are sent have no part in their scores."""
    names = {column: name for name, column in scorer.settings.columns.accounts.items()}
    columns = dict.fromkeys(names.get(name, name) for row in rows for name in row)
    return list(new_columns(columns, seen=scorer.columns_seen))


def score_table(table: Path, *, scorer: Scorer, output: Path, n_reasons: int = 0) -> ScoredTable:
    """Write every row of a table with its scores or with the reason why it has none.

    Raises
    ------
    InputError
        The table cannot be read, lacks columns, or holds an account twice.
    """
    hashes, n_scored, n_rejected = [], 0, 0
    with TableWriter(output) as scores:
        for batch in score_here(table, scorer=scorer, n_reasons=n_reasons):
            for part in _whole(batch):
                scores.write(part)
            hashes.append(batch.id_hashes)
            n_scored += len(batch.scores)
            n_rejected += len(batch.rejected)
        refuse_twins(np.concatenate(hashes), table, scorer=scorer)
    return ScoredTable(n_scored + n_rejected, n_scored, n_rejected)


def _whole(batch: Batch) -> Iterator[pd.DataFrame]:
    """Give the rows of a stretch: those scored in their order, then those rejected."""
    scored = batch.scores.assign(**{WHY: pd.Series("", index=batch.scores.index, dtype="str")})
    yield scored
    if len(batch.rejected):
        why = "row " + batch.rejected["row"].astype("str") + ": " + batch.rejected["why"].astype("str")
        rejected = batch.rejected[[ACCOUNT_ID]].assign(**{WHY: why.astype("str")})
        empty = scored.iloc[:0]
        yield pd.concat([empty, rejected], ignore_index=True)[list(scored.columns)]
