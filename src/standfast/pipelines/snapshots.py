"""Write the snapshots: features and labels, one row per account and observation date."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from standfast.adapters.tables import write_table
from standfast.errors import InputError
from standfast.features.left_out import total_left_out
from standfast.pipelines.observe import ObservedBook, observe_book
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.schema import ACCOUNT_ID, LABELS, OBSERVATION_DATE
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True)
class SnapshotSummary:
    """What was written; ``labels`` gives events and known rows of each label.

    ``left_out`` gives, by date, the accounts that had appeared but are not asked about, by reason,
    ``left_out_in_all`` those of all dates, ``left_out_now`` those at the as-of date, which are not scored.
    """

    output: str
    n_rows: int
    n_accounts: int
    n_dates: int
    labels: Mapping[str, tuple[int, int]]
    left_out: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    left_out_in_all: Mapping[str, int] = field(default_factory=dict)
    left_out_now: Mapping[str, int] = field(default_factory=dict)


def write_snapshots(
    settings: Settings,
    *,
    output: Path,
    dates: Sequence[date] | None = None,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> SnapshotSummary:
    """Write the snapshots of the book at the dates given, or at the settings' own.

    Raises
    ------
    InputError
        The book cannot be read, or dates are given for a flat table, which has none.
    """
    refuse_to_replace_input(output, settings)
    say(f"reading book {settings.book_name!r}")
    observed = _observe(settings, dates=dates, as_of=as_of)
    snapshots = observed.snapshots
    if snapshots.empty:
        raise InputError(
            "there is no snapshot to write: the history is shorter than warm-up, horizon and allowed gap "
            "together; give dates with --dates, or lower [snapshots] warm_up_days or [horizon] horizon_days"
        )
    write_table(snapshots, output)
    present = [label for label in LABELS if label in snapshots]
    return SnapshotSummary(
        output=str(output),
        n_rows=len(snapshots),
        n_accounts=int(snapshots[ACCOUNT_ID].nunique()),
        n_dates=int(snapshots[OBSERVATION_DATE].nunique()) if OBSERVATION_DATE in snapshots else 0,
        labels={
            label: (int(snapshots[label].sum()), int(snapshots[label].notna().sum())) for label in present
        },
        left_out=observed.left_out_on,
        left_out_in_all=total_left_out(observed.left_out_on),
        left_out_now=observed.left_out_now,
    )


def parse_dates(text: str | None) -> tuple[date, ...] | None:
    """Read ``2024-03-01,2024-04-01``.

    Raises
    ------
    InputError
        A part is not a date.
    """
    if text is None:
        return None
    try:
        return tuple(sorted({date.fromisoformat(part.strip()) for part in text.split(",")}))
    except ValueError as problem:
        raise InputError(f"--dates {text!r}: {problem}; write them as 2024-03-01,2024-04-01") from None


def _observe(settings: Settings, *, dates: Sequence[date] | None, as_of: date | None) -> ObservedBook:
    if dates is None:
        return observe_book(settings, as_of=as_of)
    if settings.is_flat:
        raise InputError("--dates is for a book with events; a flat table is one snapshot already")
    from standfast.pipelines.events import observe_events  # noqa: PLC0415  (DuckDB only where it is needed)

    return observe_events(settings, as_of=as_of, dates=dates)
