"""Check the book before anyone trusts a model of it: what it can carry, and what would mislead."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from standfast.errors import InputError
from standfast.features.findings import CheckPolicy, Finding, in_order, is_accepted, resolve
from standfast.features.leakage import has_telling_name
from standfast.features.usability import check_flat_table, check_snapshots
from standfast.pipelines.data_facts import data_facts, ladder_of
from standfast.pipelines.observe import ObservedBook, observe_book
from standfast.pipelines.sources import call
from standfast.schema import LABELS, NOT_FEATURES
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True)
class CheckSummary:
    """What the data can carry; ``blocking`` names the findings that forbid training.

    ``tables``, ``dates`` and ``labels`` are the figures behind the findings, as ``data_facts`` gives them.
    """

    facts: tuple[str, ...]
    findings: tuple[Finding, ...]
    set_aside: tuple[str, ...]
    blocking: tuple[str, ...]
    verdict: str
    rows: Mapping[str, int]
    tables: Sequence[Mapping[str, Any]] = ()
    dates: Sequence[Mapping[str, Any]] = ()
    labels: Sequence[Mapping[str, Any]] = ()


def check(settings: Settings, *, as_of: date | None = None, say: Say = lambda _: None) -> CheckSummary:
    """Give the data usability report of the book."""
    say(f"reading book {settings.book_name!r}")
    observed = observe_book(settings, as_of=as_of)
    refuse_absent_labels(observed, settings=settings)
    findings, set_aside = check_observed(observed, settings=settings)
    columns_to_learn_from(observed, settings=settings, set_aside=set_aside)
    blocking = tuple(finding.name for finding in _blocking(findings, settings))
    verdict = (
        f"training is refused until this is settled: {', '.join(blocking)}" if blocking else "ready to train"
    )
    figures = data_facts(observed, settings=settings)
    return CheckSummary(_facts(observed), findings, set_aside, blocking, verdict, observed.counts, **figures)


def check_observed(
    observed: ObservedBook, *, settings: Settings
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Give the findings on a book, and the columns the models do without because of them."""
    ignore = {*NOT_FEATURES, *settings.columns.ignore, *observed.not_features}
    if observed.is_flat:
        found = (
            *check_flat_table(
                observed.snapshots, ignore=ignore, policy=settings.check, ladder=ladder_of(settings)
            ),
            *_unknown_columns(observed, settings),
        )
    else:
        found = (
            *map(_as_note_where_derived, _of_snapshots(observed, ignore, settings)),
            *observed.table_findings,
            *_book_findings(observed, settings),
        )
    set_aside, _ = resolve(found, settings.check)
    settled = (_as_settled(finding, set_aside, settings.check) for finding in found)
    return in_order(settled), set_aside


def _of_snapshots(observed: ObservedBook, ignore: Collection[str], settings: Settings) -> tuple[Finding, ...]:
    return check_snapshots(
        observed.snapshots,
        ignore=ignore,
        policy=settings.check,
        horizon_days=settings.label_policy.horizon_days,
        ladder=ladder_of(settings),
    )


def _unknown_columns(observed: ObservedBook, settings: Settings) -> Iterator[Finding]:
    """Say which columns the settings set apart are not there: a misspelt leak would stay in unnoticed."""
    here = [*map(str, observed.snapshots.columns), *settings.columns.accounts.values()]
    for key in ("ignore", "categorical"):
        for name in getattr(settings.columns, key):
            if name not in here:
                near = get_close_matches(name, here, n=1, cutoff=0.0)
                yield Finding(
                    name=f"unknown_column:{name}",
                    severity="warning",
                    explanation=f"[columns] {key} names {name!r}, which the table does not have.",
                    way_out=f"The nearest column is {near[0]!r}; correct the name, or take it out."
                    if near
                    else "",
                )


def _as_settled(finding: Finding, set_aside: Sequence[str], policy: CheckPolicy) -> Finding:
    """Say of an error that the settings accept or set aside that it no longer stands in the way."""
    if is_accepted(finding, policy):
        done = "It is accepted, as [check] accept says."
        return replace(finding, severity="warning", way_out=done)
    if finding.severity == "error" and finding.is_leak and finding.column in set_aside:
        done = 'It is set aside, as [check] leakage = "set_aside" says.'
        return replace(finding, severity="warning", way_out=done)
    return finding


def _as_note_where_derived(finding: Finding) -> Finding:
    """Take the edge off a label that a book need not hold: it then has no model, which is no error."""
    if finding.name in {"one_class:contracted", "one_class:expanded"}:
        return replace(finding, severity="note")
    return finding


def _book_findings(observed: ObservedBook, settings: Settings) -> Iterator[Finding]:
    """Say what of the tables could not be used, and which columns would leak today's state."""
    for column in observed.snapshots.columns:
        if column in settings.book.static and has_telling_name(column):
            yield Finding(
                name=f"suspect:{column}",
                severity="warning",
                column=column,
                explanation=f"[book] static names {column}, which sounds like today's state: at past dates "
                "the models would know what came later.",
                way_out="take it out of static unless it never changes",
            )
    if observed.set_aside:
        yield Finding(
            name="todays_state",
            severity="note",
            table="accounts",
            explanation="undated columns of accounts tell today's state, which would leak into the past, "
            f"so they are no features: {', '.join(observed.set_aside)}.",
            way_out="name those that never change under [book] static",
        )
    for table, reasons in observed.table_notes.items():
        told = "; ".join(f"{reason} ({count:,})" for reason, count in reasons.items())
        yield Finding(
            name=f"unreadable:{table}",
            severity="warning",
            table=table,
            explanation=f"{told}.",
            way_out="correct the export, or map another column",
        )


def refuse_blocking(findings: Sequence[Finding], *, settings: Settings) -> None:
    """Refuse to go on while a finding forbids it.

    Raises
    ------
    InputError
        Names each such finding and its way out.
    """
    blocking = _blocking(findings, settings)
    if blocking:
        told = "; ".join(f"{finding.name}: {finding.explanation} {finding.way_out}" for finding in blocking)
        many = "1 finding" if len(blocking) == 1 else f"{len(blocking)} findings"
        raise InputError(f"the data check refuses {many}: {told}{_line_to_add(blocking, settings)}")


def _line_to_add(blocking: Sequence[Finding], settings: Settings) -> str:
    """Give the line of the settings that accepts what stands in the way; empty where one cannot be."""
    if any(finding.is_final for finding in blocking):
        return ""
    names = dict.fromkeys((*settings.check.accept, *(finding.name for finding in blocking)))
    return f". To train in spite of it, write under [check]: accept = {json.dumps(list(names))}"


def refuse_absent_labels(observed: ObservedBook, *, settings: Settings) -> None:
    """Refuse a flat table without a label that the settings name; one to score need not have it.

    Raises
    ------
    InputError
        Names the columns that are not there.
    """
    absent = [
        f"{name} = {column!r}"
        for name, column in settings.columns.accounts.items()
        if name in LABELS and observed.is_flat and name not in observed.snapshots
    ]
    if absent:
        table = call(settings, settings.book.tables["accounts"])
        raise InputError(
            f"{table} lacks the label columns that [columns] of {settings.source} "
            f"names: {', '.join(absent)}; correct [columns], or add them"
        )


def columns_to_learn_from(
    observed: ObservedBook, *, settings: Settings, set_aside: Sequence[str] = ()
) -> list[str]:
    """Give the columns of the snapshots that models may see.

    Raises
    ------
    InputError
        There is none.
    """
    apart = NOT_FEATURES | set(set_aside) | set(settings.columns.ignore) | set(observed.not_features)
    columns = [column for column in observed.snapshots.columns if column not in apart]
    if not columns:
        raise InputError("the book has no column to learn from beside ids, labels and ignored ones")
    return columns


def _blocking(findings: Sequence[Finding], settings: Settings) -> tuple[Finding, ...]:
    return resolve(findings, settings.check)[1]


def _facts(observed: ObservedBook) -> tuple[str, ...]:
    counts = ", ".join(f"{number:,} {name}" for name, number in observed.counts.items())
    as_of = f"as of {observed.as_of}" if observed.as_of else "without dates: one flat table"
    return (f"{len(observed.current):,} accounts now, {as_of}", counts)
