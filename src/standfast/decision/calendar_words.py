"""Fixed work in words: a clause for each account that has some, and notes for the reader of the plan."""

import numpy as np
import pandas as pd

from standfast.decision.calendar import FixedWork
from standfast.decision.calendar_book import CalendarBook
from standfast.decision.calendar_policy import KINDS, CalendarPolicy, FixedKind
from standfast.decision.calls import silent_until
from standfast.decision.columns import Bools, texts
from standfast.schema import VALUE_TIERS

_TOUCHES: dict[FixedKind, tuple[str, str]] = {
    "onboarding": ("onboarding session", "onboarding sessions"),
    "renewal": ("renewal step", "renewal steps"),
    "alert": ("alert call", "alert calls"),
    "yearly_call": ("yearly call", "yearly calls"),
}


def add_fixed_work(sentences: pd.Series, work: FixedWork) -> pd.Series:
    """Return the sentences, each with a clause on the account's fixed work where it has some."""
    if not len(work.kept):
        return sentences
    counts = np.zeros((len(sentences), len(KINDS)), dtype=np.int64)
    np.add.at(counts, (work.kept.account, work.kept.kind), 1)
    distinct, code = np.unique(counts, axis=0, return_inverse=True)
    clauses = tuple(_clause(row.tolist()) for row in distinct)
    return sentences + texts(clauses, code.reshape(-1), sentences.index)


def calendar_notes(
    book: CalendarBook, work: FixedWork, contacted: Bools, *, policy: CalendarPolicy, self_service: bool
) -> tuple[str, ...]:
    """Return what a reader should know of the fixed work: what was cut, and whom nobody will have talked to.

    ``contacted`` says whom outreach calls or visits.
    """
    found = (
        *_cut(work),
        _notices(book, policy),
        _silent(book, work, contacted, policy=policy, self_service=self_service),
        _unknown_touches(book, policy),
    )
    return tuple(note for note in found if note)


def _clause(counts: list[int]) -> str:
    told = [f"{n} {_TOUCHES[kind][n > 1]}" for kind, n in zip(KINDS, counts, strict=True) if n]
    return f"; fixed work: {', '.join(told)}" if told else ""


def _cut(work: FixedWork) -> list[str]:
    """Say per kind what did not fit into the hours for it."""
    return [
        f"fixed work cut for lack of hours: {use.n_cut:,} of {use.n_touches + use.n_cut:,} "
        f"{_TOUCHES[use.kind][1]}, {use.hours_cut:,.0f} hours"  # type: ignore[index]
        for use in work.uses
        if use.n_cut
    ]


def _notices(book: CalendarBook, policy: CalendarPolicy) -> str:
    """Count the renewals that get an automated notice instead of hours."""
    without = np.array([*(policy.renewal_hours.of(tier) == 0 for tier in VALUE_TIERS), False])[book.tier]
    soon = (book.renews >= book.start) & (book.renews < book.end)
    n = int((without & soon & book.has_contract_work).sum())
    return f"{n:,} renewals in tiers without renewal hours: an automated notice is enough there" if n else ""


def _silent(
    book: CalendarBook, work: FixedWork, contacted: Bools, *, policy: CalendarPolicy, self_service: bool
) -> str:
    """Count the accounts that will go beyond their time without a call or visit, the deviation from C3."""
    due = book.may_be_called & (silent_until(book, policy=policy) < book.end)
    n = int((due & ~contacted & ~work.touched(len(book))).sum())
    if not n:
        return ""
    why = "self_service drops the yearly call" if self_service else "there are no hours for their call"
    some = "1 account goes" if n == 1 else f"{n:,} accounts go"
    return f"deviation: {some} longer without a call or visit than [calendar] silent_days says, as {why}"


def _unknown_touches(book: CalendarBook, policy: CalendarPolicy) -> str:
    if book.knows_touches or not any(policy.silent_days.of(tier) for tier in VALUE_TIERS):
        return ""
    return "past touches are not known, so no yearly calls are planned; give a touches table to get them"
