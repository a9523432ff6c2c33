"""Care of the ledger: back it up, bring it back, thin it out, forget an account or a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from standfast.adapters.ledger import (
    Ledger,
    describe_ledger,
    has_ledger,
    refuse_unwritable_ledger,
)
from standfast.adapters.ledger_backup import Backup, write_backup
from standfast.adapters.ledger_erasure import erase_account, erase_person, is_account, is_person
from standfast.adapters.ledger_restore import restore_backup
from standfast.adapters.ledger_thinning import newest_day, thin_ledger
from standfast.errors import InputError, StateError, UnknownNameError
from standfast.pipelines.book_ledger import book_ledger
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.settings import Settings

OUT_OF_REACH = (
    "the tables the book is read from",
    "backups of the ledger made before",
    "files written before: scores, plans, lists, pages",
    "records of experiments, which may hold such files",
)
"""What erasing in the ledger does not reach."""


@dataclass(frozen=True)
class Cared:
    """A backup written or brought back: the file, the ledger, and the rows by table."""

    file: str
    ledger: str
    made_at: str
    n_rows: int
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Erased:
    """What was erased of whom, in rows by table, and what cannot be reached from here."""

    name: str
    kind: str
    rows: Mapping[str, int]
    out_of_reach: tuple[str, ...] = OUT_OF_REACH


@dataclass(frozen=True)
class Thinned:
    """How many plans and runs of scores before a day went; None where there are none at all."""

    before: date | None
    n_plans: int = 0
    n_score_runs: int = 0


def back_up(settings: Settings, file: Path, *, who: str) -> Cared:
    """Write the whole ledger to a file.

    Raises
    ------
    StateError
        There is no ledger.
    InputError
        The file cannot be written, or is a table of the book or the ledger itself.
    """
    refuse_to_replace_input(file, settings)
    _refuse_none(settings)
    _refuse_itself(settings, file)
    with book_ledger(settings) as ledger:
        return _cared(settings, file, write_backup(ledger, file, who=who))


def bring_back(settings: Settings, file: Path, *, replace: bool, who: str) -> Cared:
    """Bring the ledger to what a file holds.

    Raises
    ------
    InputError
        The file is no whole backup.
    StateError
        The ledger cannot be written, or holds rows that may not go.
    """
    refuse_unwritable_ledger(settings.ledger_address)
    with book_ledger(settings) as ledger:
        return _cared(settings, file, restore_backup(ledger, file, replace=replace, who=who))


def forget(settings: Settings, name: str, *, kind: str | None, who: str) -> Erased:
    """Erase what the ledger holds of an account, or of a person.

    Raises
    ------
    InputError
        It holds nothing of that name, or the name could be either.
    """
    _refuse_none(settings)
    with book_ledger(settings) as ledger:
        settled = _kind_of(ledger, name, kind)
        erase = erase_account if settled == "account" else erase_person
        return Erased(name, settled, erase(ledger, name, who=who))


def thin_out(settings: Settings, *, older_than_days: int, who: str) -> Thinned:
    """Thin plans and scores that lie so many days before the newest to the last day of each month."""
    _refuse_none(settings)
    with book_ledger(settings) as ledger:
        newest = newest_day(ledger)
        if newest is None:
            return Thinned(None)
        before = newest - timedelta(days=older_than_days)
        gone = thin_ledger(ledger, before=before, who=who)
    return Thinned(before, gone["plans"], gone["score_runs"])


def _kind_of(ledger: Ledger, name: str, kind: str | None) -> str:
    """Settle whether a name is an account's or a person's."""
    met = {"account": is_account(ledger, name), "person": is_person(ledger, name)}
    if not any(met.values()) or (kind is not None and not met[kind]):
        what = f"the {kind}" if kind else "an account, user, owner or contact"
        raise UnknownNameError(f"the ledger holds nothing of {what} {name!r} in book {ledger.book!r}")
    if kind is None and all(met.values()):
        raise InputError(f"{name!r} is an account and a person; say which: --as account, or --as person")
    return kind or next(one for one, is_met in met.items() if is_met)


def _refuse_none(settings: Settings) -> None:
    if not has_ledger(settings.ledger_address):
        raise StateError(
            f"there is no ledger {describe_ledger(settings.ledger_address)} here; work where it is, or name "
            "it under [paths] ledger"
        )


def _refuse_itself(settings: Settings, file: Path) -> None:
    if Path(describe_ledger(settings.ledger_address)).resolve() == file.resolve():
        raise InputError(f"{file} is the ledger itself; write its backup to another file")


def _cared(settings: Settings, file: Path, backup: Backup) -> Cared:
    rows = {name: part.n_rows for name, part in backup.parts.items() if part.n_rows}
    return Cared(str(file), describe_ledger(settings.ledger_address), backup.made_at, backup.n_rows, rows)
