"""Score a table or the newest date of the book: rows in = scored + rejected."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.adapters.tables import TableWriter, stream_flat_table
from standfast.errors import InputError, StateError
from standfast.pipelines.flat import prepare_flat, refuse_duplicate_ids
from standfast.pipelines.observe import ObservedBook, book_fingerprint, observe_current, refuse_no_book
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.pipelines.scoring import Scored, Scorer, load_scorer, score_rows
from standfast.schema import ACCOUNT_ID, TARGETS
from standfast.settings import Settings

Say = Callable[[str], None]
BATCH_ROWS = 65_536
REJECTED_COLUMNS = ("row", ACCOUNT_ID, "why")


@dataclass(frozen=True)
class ScoreSummary:
    """What became of the rows: ``rows_in`` = ``scored`` + ``rejected``."""

    rows_in: int
    scored: int
    rejected: int
    output: str
    rejected_file: str
    model_version: str
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Batch:
    """One scored stretch of the input: its scores, its rejected rows and the hashes of its ids."""

    scores: pd.DataFrame
    rejected: pd.DataFrame
    id_hashes: NDArray[np.uint64]
    changes: tuple[str, ...] = ()
    """What the columns no longer are that they were in training."""


def score(
    settings: Settings,
    *,
    output: Path,
    table: Path | None = None,
    n_reasons: int = 0,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> ScoreSummary:
    """Write the scores of ``table``, or of the book as it is now, and the rows that could not be scored.

    Raises
    ------
    InputError
        The table cannot be read, lacks columns, holds an account twice, or no row of it can be scored.
    StateError
        There is no champion, or it was trained on another book.
    """
    refuse_to_replace_input(output, settings, table)
    scorer = load_scorer(Path(settings.paths.models), settings=settings if settings.was_read else None)
    if table is None or settings.was_read:
        refuse_other_book(scorer, settings)
    if table is not None:
        batches = _score_batches(table, scorer=scorer, n_reasons=n_reasons)
        return write_scores(batches, output=output, scorer=scorer, table=table, say=say)
    observed = observe_current(settings, as_of=as_of)
    scored = score_rows(observed.current, scorer=scorer, n_reasons=n_reasons)
    summary = write_scores([current_batch(observed, scored)], output=output, scorer=scorer, say=say)
    told = [finding for finding in observed.table_findings if finding.severity != "note"]
    tables = (f"{finding.explanation} {finding.way_out}" for finding in told)
    return replace(summary, notes=(*summary.notes, *_not_asked_about(observed), *tables))


def refuse_other_book(scorer: Scorer, settings: Settings) -> None:
    """Refuse a champion that was trained on another book, label definition or horizon."""
    refuse_no_book(settings)
    if scorer.fingerprint != book_fingerprint(settings):
        raise StateError(
            f"the champion {scorer.version} in {settings.paths.models} was trained on another book, label "
            f"definition or horizon than {settings.source} names (book {settings.book_name!r}); "
            "train on this one first: standfast train"
        )


def rejected_path(output: Path) -> Path:
    """Give the file beside the scores that lists the rows without a score."""
    return output.with_name(f"{output.name}.rejected.csv")


def current_batch(observed: ObservedBook, scored: Scored) -> Batch:
    """Give the scored book as one stretch; its ids were checked when it was read."""
    ids = observed.current[ACCOUNT_ID] if observed.ids is None else observed.ids
    rejected = _rejected_rows(scored, ids, observed.rejected, first_row=1)
    changes = tuple(f"since training, {text}" for text in scored.changes)
    return Batch(scored.scores, rejected, _hashes(ids.iloc[:0]), changes)


def _score_batches(table: Path, *, scorer: Scorer, n_reasons: int) -> Iterator[Batch]:
    """Score two stretches at a time, in order, so that memory does not grow with the rows."""

    def work(first_row: int, batch: pd.DataFrame) -> Batch:
        batch = batch.reset_index(drop=True)
        prepared = prepare_flat(batch, settings=scorer.settings)
        scored = score_rows(prepared.rows, scorer=scorer, n_reasons=n_reasons, n_threads=1)
        rejected = _rejected_rows(scored, prepared.ids, prepared.rejected, first_row=first_row)
        where = f"in rows {first_row:,} to {first_row + len(batch) - 1:,}, "
        changes = tuple(f"since training, {where}{text}" for text in scored.changes)
        return Batch(scored.scores, rejected, _hashes(prepared.rows[ACCOUNT_ID]), changes)

    workers = joblib.Parallel(n_jobs=2, backend="threading", return_as="generator", pre_dispatch=3)
    yield from workers(joblib.delayed(work)(first, batch) for first, batch in _numbered(table))


def _numbered(table: Path) -> Iterator[tuple[int, pd.DataFrame]]:
    first_row = 1
    for batch in stream_flat_table(table, batch_rows=BATCH_ROWS):
        yield first_row, batch
        first_row += len(batch)


def _rejected_rows(
    scored: Scored, ids: pd.Series, unprepared: Mapping[int, str], *, first_row: int
) -> pd.DataFrame:
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


def _hashes(names: pd.Series) -> NDArray[np.uint64]:
    return pd.util.hash_array(names.to_numpy(dtype=object), categorize=False)


def write_scores(
    batches: Iterable[Batch],
    *,
    output: Path,
    scorer: Scorer,
    table: Path | None = None,
    say: Say = lambda _: None,
) -> ScoreSummary:
    """Write scored stretches, whole or not at all, and the rejected rows beside them.

    Raises
    ------
    InputError
        An account stands twice in ``table``, or not a single row could be scored.
    """
    n_scored, first_reasons, n_rejected = 0, [], 0
    hashes = []
    changes: tuple[str, ...] = ()
    with TableWriter(rejected_path(output)) as set_apart, TableWriter(output) as scores:
        for batch in batches:
            scores.write(batch.scores)
            set_apart.write(batch.rejected)
            hashes.append(batch.id_hashes)
            changes = changes or batch.changes
            first_reasons += list(batch.rejected["why"].head(1))
            n_scored += len(batch.scores)
            n_rejected += len(batch.rejected)
            say(f"scored {n_scored:,} rows")
        if table is not None:
            _refuse_twins(np.concatenate(hashes), table, scorer=scorer)
        if not n_scored:
            raise InputError(
                f"none of {n_rejected} rows could be scored; the first reason: {first_reasons[:1]}"
            )
    return ScoreSummary(
        rows_in=n_scored + n_rejected,
        scored=n_scored,
        rejected=n_rejected,
        output=str(output),
        rejected_file=str(rejected_path(output)),
        model_version=scorer.version,
        notes=(*_notes(scorer), *changes),
    )


def _refuse_twins(hashes: NDArray[np.uint64], table: Path, *, scorer: Scorer) -> None:
    """Refuse accounts that stand twice: 8 bytes a row are kept, names are read again on suspicion."""
    ordered = np.sort(hashes)
    suspects = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(suspects):
        return
    met: list[str] = []
    for batch in stream_flat_table(table, batch_rows=BATCH_ROWS):
        names = prepare_flat(batch, settings=scorer.settings).rows[ACCOUNT_ID]
        met += list(names[np.isin(_hashes(names), suspects)])
    refuse_duplicate_ids(pd.Series(met), source=str(table))


def _notes(scorer: Scorer) -> tuple[str, ...]:
    absent = [word for target, word in TARGETS.items() if target not in scorer.propensities]
    return (f"no {' and no '.join(absent)} model: those probabilities are empty",) if absent else ()


def _not_asked_about(observed: ObservedBook) -> tuple[str, ...]:
    """Tell how many accounts of a book with events are not scored, since they are no customers now."""
    why = ", ".join(f"{number:,} {reason}" for reason, number in observed.left_out_now.items())
    return (f"not asked about on {observed.as_of}: {why}",) if why else ()
