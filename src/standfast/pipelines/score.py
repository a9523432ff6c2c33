"""Score a table or the newest date of the book: rows in = scored + rejected."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from standfast.adapters.artifacts import load_bundle
from standfast.adapters.ledger import refuse_unwritable_ledger
from standfast.adapters.tables import TableWriter, stream_flat_table
from standfast.errors import InputError, StateError
from standfast.pipelines.flat import prepare_flat, refuse_duplicate_ids
from standfast.pipelines.kept_scores import keep_made_scores
from standfast.pipelines.listed_reasons import REASONS, reasons_of
from standfast.pipelines.observe import ObservedBook, book_fingerprint, observe_current, refuse_no_book
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.pipelines.scoring import Scored, Scorer, score_rows, scorer_from
from standfast.pipelines.stretches import BATCH_ROWS, Batch, hashes_of, rejected_rows, score_stretches
from standfast.schema import ACCOUNT_ID, TARGETS
from standfast.settings import Settings

Say = Callable[[str], None]


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
        There is no champion, it was trained on another book, or the ledger cannot be used.
    """
    refuse_to_replace_input(output, settings, table)
    bundle = load_bundle(Path(settings.paths.models))
    scorer = scorer_from(bundle, settings=settings if settings.was_read else None)
    if table is None or settings.was_read:
        refuse_other_book(scorer, settings)
    if table is not None:
        batches = score_stretches(table, bundle, scorer=scorer, settings=settings, n_reasons=n_reasons)
        return write_scores(batches, output=output, scorer=scorer, table=table, say=say)
    observed = observe_current(settings, as_of=as_of)
    if settings.ledger.keep_scores and observed.as_of is not None:
        refuse_unwritable_ledger(settings.ledger_address)
    scored = score_rows(observed.current, scorer=scorer, n_reasons=n_reasons)
    summary = write_scores([current_batch(observed, scored)], output=output, scorer=scorer, say=say)
    keep_made_scores(scored.scores, settings=settings, day=observed.as_of, model_version=scorer.version)
    told = [finding for finding in observed.table_findings if finding.severity != "note"]
    tables = (f"{finding.explanation} {finding.way_out}" for finding in told)
    notes = (*_not_asked_about(observed), *tables, *changed_features(observed, scorer))
    return replace(summary, notes=(*summary.notes, *notes))


def refuse_other_book(scorer: Scorer, settings: Settings) -> None:
    """Refuse a champion that was trained on another book, label definition or horizon."""
    refuse_no_book(settings)
    if scorer.fingerprint != book_fingerprint(settings):
        raise StateError(
            f"the champion {scorer.version} in {settings.paths.models} was trained on another book, label "
            f"definition or horizon than {settings.source} names (book {settings.book_name!r}); "
            "train on this one first: standfast train"
        )


def changed_features(observed: ObservedBook, scorer: Scorer) -> tuple[str, ...]:
    """Warn where the user's file of features is not the one that the model was trained with."""
    if scorer.own_sha256 is None or observed.own.sha256 in {"", scorer.own_sha256}:
        return ()
    changed = f"{observed.own.source} has changed since {scorer.version} was trained"
    return (f"{changed}: if a feature means something else now, train again",)


def rejected_path(output: Path) -> Path:
    """Give the file beside the scores that lists the rows without a score."""
    return output.with_name(f"{output.name}.rejected.csv")


def current_batch(observed: ObservedBook, scored: Scored) -> Batch:
    """Give the scored book as one stretch; its ids were checked when it was read."""
    ids = observed.current[ACCOUNT_ID] if observed.ids is None else observed.ids
    rejected = rejected_rows(scored, ids, observed.rejected, first_row=1)
    changes = tuple(f"since training, {text}" for text in scored.changes)
    return Batch(scored.scores, rejected, hashes_of(ids.iloc[:0]), changes)


def explained_batches(observed: ObservedBook, scored: Scored, *, scorer: Scorer) -> Iterator[Batch]:
    """Give the scored book with reasons, a stretch at a time: reasons take more room than scores."""
    whole = current_batch(observed, scored)
    for start in range(0, max(1, len(whole.scores)), BATCH_ROWS):
        scores = whole.scores.iloc[start : start + BATCH_ROWS]
        reasons = reasons_of(observed.current.loc[scores.index], scorer=scorer)
        rejected = whole.rejected if start == 0 else whole.rejected.iloc[:0]
        yield Batch(scores.assign(**{REASONS: reasons}), rejected, whole.id_hashes, whole.changes)


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
            refuse_twins(np.concatenate(hashes), table, scorer=scorer)
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


def refuse_twins(hashes: NDArray[np.uint64], table: Path, *, scorer: Scorer) -> None:
    """Refuse accounts that stand twice: 8 bytes a row are kept, names are read again on suspicion."""
    ordered = np.sort(hashes)
    suspects = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(suspects):
        return
    met: list[str] = []
    for batch in stream_flat_table(table, batch_rows=BATCH_ROWS):
        prepared = prepare_flat(batch, settings=scorer.settings, in_our_words=not scorer.is_flat)
        names = prepared.rows[ACCOUNT_ID]
        met += list(names[np.isin(hashes_of(names), suspects)])
    refuse_duplicate_ids(pd.Series(met), source=str(table))


def _notes(scorer: Scorer) -> tuple[str, ...]:
    absent = [word for target, word in TARGETS.items() if target not in scorer.propensities]
    return (f"no {' and no '.join(absent)} model: those probabilities are empty",) if absent else ()


def _not_asked_about(observed: ObservedBook) -> tuple[str, ...]:
    """Tell how many accounts of a book with events are not scored, since they are no customers now."""
    why = ", ".join(f"{number:,} {reason}" for reason, number in observed.left_out_now.items())
    return (f"not asked about on {observed.as_of}: {why}",) if why else ()
