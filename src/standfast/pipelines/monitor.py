"""Monitor the champion: is the book what it learned from, is it as good as it was, and what is to be done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from standfast.adapters.artifacts import Bundle, load_bundle
from standfast.adapters.ledger import refuse_unwritable_ledger
from standfast.errors import StandfastError
from standfast.learning.check import Check, Step, is_breach, worst_step
from standfast.learning.drift import Drift
from standfast.pipelines.aged_models import judge_matured
from standfast.pipelines.book_ledger import refuse_unreadable_ledger
from standfast.pipelines.kept_monitor import SCHEMA, keep_monitor
from standfast.pipelines.monitor_inputs import judge_inputs
from standfast.pipelines.monitor_labels import by_month, judge_rivals, judge_segments, matured_rows
from standfast.pipelines.monitor_people import judge_people
from standfast.pipelines.monitor_record import record_monitor
from standfast.pipelines.monitored import MonitoredBook, first_report_on, look_by_month
from standfast.pipelines.observe import book_fingerprint
from standfast.pipelines.report import read_evaluations
from standfast.pipelines.score import refuse_other_book
from standfast.pipelines.scoring import Scorer, scorer_from
from standfast.propensity.evaluation import without_nan
from standfast.settings import Settings

Say = Callable[[str], None]
_IN_TIME = ("gap", "late", "stale", "silent", "shift", "blank_since", "blank_from")
"""Findings on tables that speak of months; the others are for ``standfast check``."""


@dataclass(frozen=True, eq=False)
class Monitored:
    """What monitoring found, as plain values; ``is_breach`` where a scheduler should act."""

    summary: Mapping[str, Any]
    is_breach: bool


@dataclass(frozen=True, eq=False)
class _Found:
    checks: tuple[Check, ...]
    drifts: tuple[Drift, ...] = ()
    notes: tuple[str, ...] = ()
    told: Mapping[str, Any] | None = None

    @property
    def step(self) -> Step:
        return worst_step(self.checks)

    @property
    def mend_first(self) -> tuple[str, ...]:
        """What is to be looked at in the tables before any model is trained."""
        return tuple(check.about for check in self.checks if check.mend_first)


def monitor(
    settings: Settings, *, as_of: date | None = None, retrain: bool = False, say: Say = lambda _: None
) -> Monitored:
    """Judge the champion, record what was found and keep it for report and page; train if asked to.

    Parameters
    ----------
    retrain
        Train when, and only when, the verdict says so; the gate decides whether the new model is used.

    Raises
    ------
    StateError
        There is no champion, or it is of another book.
    InputError
        The book cannot be read, or lacks what the champion was trained on.
    """
    bundle = load_bundle(Path(settings.paths.models))
    scorer = scorer_from(bundle, settings=settings)
    refuse_other_book(scorer, settings)
    refuse_unreadable_ledger(settings)
    if retrain:
        refuse_unwritable_ledger(settings.ledger_address)
    say(f"reading book {settings.book_name!r} month by month")
    found = (
        _flat(bundle, settings)
        if settings.is_flat
        else _dated(bundle, scorer, settings, as_of=as_of, say=say)
    )
    summary = _summary(found, bundle, settings=settings)
    if retrain and found.step == "retrain":
        summary["retrained"] = _retrain(found, settings, as_of=as_of, say=say)
    say("recording what was found")
    recorded = record_monitor(summary, settings=settings)
    keep_monitor(summary, settings=settings)
    is_promoted = bool((summary["retrained"] or {}).get("promoted"))
    summary["mlflow_run"] = recorded.run_id
    return Monitored(summary, is_breach(found.step) and not is_promoted)


def _dated(bundle: Bundle, scorer: Scorer, settings: Settings, *, as_of: date | None, say: Say) -> _Found:
    book = look_by_month(bundle, scorer, settings=settings, as_of=as_of)
    say("comparing months, and what was promised with what came")
    inputs, drifts, untold = judge_inputs(book, policy=settings.monitor)
    models = matured_rows(book, read_evaluations(bundle))
    labels = judge_matured(models, policy=settings.monitor)
    rivals, unasked = judge_rivals(book, settings)
    people = judge_people(book.rows, settings=settings, as_of=_as_of(book))
    told = {
        "as_of": str(_as_of(book)),
        "learned_until": str(book.learned_until.date()),
        "judged_from": str(book.judged_from.date()),
        "matured": sorted({str(day) for one in models for day in one.day}),
        "first_report_on": None if models else str(first_report_on(book, settings)),
        "months": by_month(models),
    }
    notes = (*untold, *_unlabelled(book, models, settings), *unasked, *_of_tables(book))
    checks = (*inputs, *labels, *judge_segments(book, settings), *rivals, *people)
    return _Found(checks, drifts, notes, told)


def _flat(bundle: Bundle, settings: Settings) -> _Found:
    """Give the little that can be said of a table without months."""
    note = (
        f"book {settings.book_name!r} is one flat table without dates, so neither months nor matured labels "
        "can be compared; train again on a new export, and the gate compares the two models"
    )
    told = {"as_of": bundle.manifest["book"]["as_of"]}
    return _Found((), (), (note,), told)


def _as_of(book: MonitoredBook) -> date:
    if book.observed.as_of is None:  # a book with events always has one
        raise AssertionError
    return book.observed.as_of


def _unlabelled(book: MonitoredBook, models: Sequence[Any], settings: Settings) -> tuple[str, ...]:
    """Say from when on labels tell how good the model is, and what could not be read."""
    notes = []
    if not models:
        notes.append(
            f"no label has matured that {book.scorer.version} had not learned from: it learned until "
            f"{book.learned_until.date()}, and the first it has not seen will be known on "
            f"{first_report_on(book, settings)}"
        )
    if book.n_unreadable:
        notes.append(f"{book.n_unreadable} rows of past months could not be read and were left out")
    empty = sorted({str(day) for day in book.observed.left_out_on} - {str(day) for day in book.day})
    notes += [f"no account was there on {day}, so that month is left out" for day in empty]
    return tuple(notes)


def _of_tables(book: MonitoredBook) -> tuple[str, ...]:
    """Give what the look at the tables warns of in time: a missing month, a column on another scale."""
    told = [
        one
        for one in book.observed.table_findings
        if one.severity != "note" and one.name.split(":")[0] in _IN_TIME
    ]
    return tuple(f"{one.explanation} {one.way_out}".strip() for one in told)


def _summary(found: _Found, bundle: Bundle, *, settings: Settings) -> dict[str, Any]:
    step = found.step
    plain: dict[str, Any] = without_nan(
        {
            "schema": SCHEMA,
            "fingerprint": book_fingerprint(settings),
            "book": settings.book_name,
            "champion": bundle.version,
            "verdict": step,
            "is_breach": is_breach(step),
            "sentence": verdict_sentence(found.checks, step),
            "next_step": next_step(step, found.checks),
            "mend_first": list(found.mend_first),
            "false_alarms": settings.monitor.false_alarms,
            "checks": [asdict(check) for check in found.checks],
            "inputs": [asdict(drift) for drift in found.drifts],
            "notes": list(found.notes),
            "retrained": None,
            **(found.told or {}),
        }
    )
    return plain


def verdict_sentence(checks: Sequence[Check], step: Step) -> str:
    """Give the verdict with what it rests on."""
    behind = [check for check in checks if check.step == step]
    judged = sum(check.is_judged for check in checks)
    if step == "nothing":
        return f"nothing to do: {judged} checks found the month and the model as they should be"
    kinds = ", ".join(dict.fromkeys(f"{check.kind} ({check.about})" for check in behind[:4]))
    more = f" and {len(behind) - 4} more" if len(behind) > 4 else ""
    return f"{step}: {kinds}{more}"


def next_step(step: Step, checks: Sequence[Check]) -> str:
    """Give what to do now, as a command where there is one."""
    mend = [check.about for check in checks if check.mend_first]
    rival = next((check.about for check in checks if check.step == "roll back"), "")
    train = "standfast train (or standfast monitor --retrain): the gate decides whether the new model is used"
    moved = [check.about for check in checks if check.step == "retrain" and check.kind == "inputs"]
    if moved:
        train = f"look whether {', '.join(moved[:3])} is right at its source; if it is, {train}"
    return {
        "nothing": "nothing; look again next month",
        "watch": "look again next month; no new model is asked for",
        "retrain": f"mend {', '.join(mend)} in the tables first, then standfast monitor again"
        if mend
        else train,
        "roll back": f'standfast models promote {rival} --reason "monitoring" puts the one before in use',
    }[step]


def _retrain(found: _Found, settings: Settings, *, as_of: date | None, say: Say) -> dict[str, Any]:
    """Train through the gate, unless a table is to be mended first; what came of it, either way."""
    if found.mend_first:
        what = ", ".join(found.mend_first)
        return {"trained": False, "promoted": False, "sentence": f"not trained: mend {what} first"}
    from standfast.pipelines.run import train_and_record  # noqa: PLC0415  (as slow as training)

    try:
        done = train_and_record(settings, as_of=as_of, say=say)
    except StandfastError as problem:
        return {"trained": False, "promoted": False, "sentence": f"training ended without a model: {problem}"}
    promotion = done.training.promotion
    return {
        "trained": True,
        "promoted": promotion.promoted,
        "sentence": promotion.sentence,
        "champion": done.standing.bundle.version,
    }
