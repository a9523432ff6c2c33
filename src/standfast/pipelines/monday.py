"""Score, plan, put on the calendar, write everyone's Monday list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.whole_folder import refuse_foreign_files
from standfast.errors import InputError, did_you_mean
from standfast.pipelines.observe import observe_current
from standfast.pipelines.outputs import refuse_no_folder, refuse_to_replace_input
from standfast.pipelines.to_plan import ToPlan, read_to_plan
from standfast.pipelines.worklist import make_worklist
from standfast.pipelines.worklist_files import summarise_owners, write_worklist
from standfast.report.worklist_content import NO_OWNER, Worklist
from standfast.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class WorklistOutcome:
    """The lists, whose they are, and the files that hold them."""

    worklist: Worklist
    owners: tuple[str, ...]
    files: tuple[str, ...]
    folder: str
    days: int | None

    @property
    def n_touches(self) -> int:
        """Touches that the files list."""
        return int(self.worklist.within(self.days)["owner"].isin(self.owners).sum())

    @property
    def by_owner(self) -> pd.DataFrame:
        """One row per owner with hours, touches and worth."""
        told = summarise_owners(self.worklist)
        return told[told["owner"].isin(self.owners)]

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {
            "output": self.folder,
            "files": self.files,
            "as_of": self.worklist.as_of,
            "horizon_days": self.worklist.horizon_days,
            "days": self.days,
            "n_touches": self.n_touches,
            "owners": self.by_owner,
        }


def list_work(
    settings: Settings,
    *,
    folder: Path,
    scores_file: Path | None = None,
    owner: str | None = None,
    days: str = "all",
    hours: float | None = None,
    as_of: date | None = None,
    say: Say = lambda _: None,
) -> WorklistOutcome:
    """Write the Monday lists of a scores file, or of the book as it is now.

    Parameters
    ----------
    owner
        Only this one's; "no owner" is whoever has none.
    days
        A number of days, or "all" for the horizon.

    Raises
    ------
    InputError
        The folder holds other files, nobody of that name has anything to do, or ``days`` is no number.
    StateError
        There is no scores file and no champion of this book.
    """
    within = read_days(days)
    refuse_no_folder(folder)
    refuse_to_replace_input(folder, settings, scores_file)
    refuse_foreign_files(folder)
    say("reading and scoring")
    given = read_to_plan(settings, scores_file=scores_file, as_of=as_of)
    planned = given.plan(settings=settings, hours=hours)
    say("putting the plan on the calendar")
    explained = _with_book(given, settings).explained(planned)
    worklist = make_worklist(planned, explained, settings=settings)
    owners = tuple(worklist.owners if owner is None else [_known(owner, worklist)])
    files = write_worklist(worklist, folder, days=within, owners=owners)
    return WorklistOutcome(worklist, owners, tuple(files), str(folder), within)


def read_days(text: str) -> int | None:
    """Give a number of days, or None for all.

    Raises
    ------
    InputError
        It is neither.
    """
    if text.strip().lower() == "all":
        return None
    if not text.strip().isdecimal() or int(text) < 1:
        raise InputError(f"--days {text!r} is no number of days; give a whole one from 1 on, or all")
    return int(text)


def _with_book(given: ToPlan, settings: Settings) -> ToPlan:
    """Look at the book where it is known, for agendas and contacts of scores that came as a file."""
    if given.observed is not None or not settings.book.accounts:
        return given
    return replace(given, observed=observe_current(settings, as_of=given.day))


def _known(owner: str, worklist: Worklist) -> str:
    """Give the owner's name as the book has it."""
    if owner in worklist.owners:
        return owner
    hint = did_you_mean(owner, worklist.owners) or f"{len(worklist.owners)} others have"
    raise InputError(
        f"{owner!r} has nothing to do in the next {worklist.horizon_days} days; {hint} "
        f"(accounts without owner: --owner {NO_OWNER!r})"
    )
