"""A flat table scored stretch by stretch, in a local loop or on all workers of Spark: one kernel for both."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.adapters.artifacts import Bundle
from standfast.adapters.csv_dialect import no_rows
from standfast.adapters.table_writer import PARQUET_ENDINGS, pack_rows, unpack_rows
from standfast.adapters.tables import count_parquet_rows, stream_flat_table, stream_parquet
from standfast.pipelines.flat import prepare_flat
from standfast.pipelines.scoring import Scored, Scorer, score_rows, scorer_from
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

BATCH_ROWS = 65_536
REJECTED_COLUMNS = ("row", ACCOUNT_ID, "why")


@dataclass(frozen=True, eq=False)
class Batch:
    """One scored stretch of the input: its scores, its rejected rows and the hashes of its ids."""

    scores: pd.DataFrame
    rejected: pd.DataFrame
    id_hashes: NDArray[np.uint64]
    changes: tuple[str, ...] = ()
    """What the columns no longer are that they were in training."""


def score_stretches(
    table: Path, bundle: Bundle, *, scorer: Scorer, settings: Settings, n_reasons: int
) -> Iterator[Batch]:
    """Give the stretches of a flat table in order, scored where the settings say.

    A table that is no Parquet file is scored here: workers cannot begin in the middle of a CSV file.
    """
    is_parquet = table.is_file() and table.suffix.lower() in PARQUET_ENDINGS
    if settings.engine.name == "spark" and is_parquet:
        own = settings if settings.was_read else None
        return _score_on_spark(table.resolve(), bundle, settings=settings, own=own, n_reasons=n_reasons)
    return score_here(table, scorer=scorer, n_reasons=n_reasons)


def score_batch(batch: pd.DataFrame, first_row: int, *, scorer: Scorer, n_reasons: int) -> Batch:
    """Give a stretch of a table scored; ``first_row`` is the number of its first row, from 1.

    It is in the columns of a flat book, or in standfast's words where the model is of a book with events.
    """
    batch = batch.reset_index(drop=True)
    prepared = prepare_flat(batch, settings=scorer.settings, in_our_words=not scorer.is_flat)
    scored = score_rows(prepared.rows, scorer=scorer, n_reasons=n_reasons, n_threads=1)
    rejected = rejected_rows(scored, prepared.ids, prepared.rejected, first_row=first_row)
    where = f"in rows {first_row:,} to {first_row + len(batch) - 1:,}, "
    changes = tuple(f"since training, {where}{text}" for text in scored.changes)
    return Batch(scored.scores, rejected, hashes_of(prepared.rows[ACCOUNT_ID]), changes)


def rejected_rows(
    scored: Scored, ids: pd.Series, unprepared: Mapping[int, str], *, first_row: int
) -> pd.DataFrame:
    """Give the rows without a score: their number in the input, whose they are, and why."""
    reasons = {**unprepared, **scored.rejected}
    order = sorted(reasons)
    return pd.DataFrame(
        {
            "row": np.array(order, dtype=np.int64) + first_row,
            ACCOUNT_ID: [str(ids.loc[i]) for i in order],
            "why": [reasons[i] for i in order],
        },
        columns=list(REJECTED_COLUMNS),
    )


def hashes_of(names: pd.Series) -> NDArray[np.uint64]:
    """Give eight bytes for each name, by which twins are suspected."""
    return pd.util.hash_array(names.to_numpy(dtype=object), categorize=False)


def score_here(table: Path, *, scorer: Scorer, n_reasons: int) -> Iterator[Batch]:
    """Score two stretches at a time, in order, so that memory does not grow with the rows."""
    workers = joblib.Parallel(n_jobs=2, backend="threading", return_as="generator", pre_dispatch=3)
    work = joblib.delayed(partial(score_batch, scorer=scorer, n_reasons=n_reasons))
    stretches = stream_flat_table(table, batch_rows=BATCH_ROWS)
    yield from workers(work(batch, int(batch.index[0]) + 1) for batch in stretches)


def _score_on_spark(
    table: Path, bundle: Bundle, *, settings: Settings, own: Settings | None, n_reasons: int
) -> Iterator[Batch]:
    """Score stretches wherever there is a worker, which reads its own from the file by the same reader."""
    from standfast.adapters.spark import spark_session, spread, staging_folder  # noqa: PLC0415  (if asked for)

    n_rows = count_parquet_rows(table)
    if not n_rows:
        raise no_rows(table)
    work = partial(
        _work, table=table, bundle=bundle, settings=own, n_reasons=n_reasons, batch_rows=BATCH_ROWS
    )
    n_pieces = -(-n_rows // BATCH_ROWS)
    with (
        staging_folder(settings.staging) as folder,
        spark_session(settings.engine.spark_master, log=folder / "spark.log") as session,
    ):
        for told in spread(session, work, n_pieces=n_pieces, folder=folder):
            yield _unpacked(told)


def _work(
    pieces: Sequence[int],
    *,
    table: Path,
    bundle: Bundle,
    settings: Settings | None,
    n_reasons: int,
    batch_rows: int,
) -> Iterator[Sequence[bytes]]:
    """Score stretches that follow each other, on a worker; the bundle came as its verified files."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before LightGBM loads: see standfast/cli/group.py
    scorer = scorer_from(bundle, settings=settings)
    batches = stream_parquet(table, first_row=pieces[0] * batch_rows, batch_rows=batch_rows)
    for piece, batch in zip(pieces, batches, strict=False):
        yield _packed(score_batch(batch, piece * batch_rows + 1, scorer=scorer, n_reasons=n_reasons))


def _packed(batch: Batch) -> Sequence[bytes]:
    changes = json.dumps(batch.changes).encode()
    return pack_rows(batch.scores), pack_rows(batch.rejected), batch.id_hashes.tobytes(), changes


def _unpacked(told: Sequence[bytes]) -> Batch:
    scores, rejected, id_hashes, changes = told
    return Batch(
        unpack_rows(scores),
        unpack_rows(rejected),
        np.frombuffer(id_hashes, dtype=np.uint64),
        tuple(json.loads(changes)),
    )
