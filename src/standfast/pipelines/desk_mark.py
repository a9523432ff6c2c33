"""What a desk was laid from: champion, files, newest plan, overrides; another mark, another desk."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from standfast.adapters.artifacts import CHAMPION
from standfast.adapters.ledger_overrides import count_overrides
from standfast.adapters.ledger_plans import newest_plan
from standfast.pipelines.book_ledger import reading_ledger
from standfast.pipelines.sources import files_of_book
from standfast.settings import Settings


@dataclass(frozen=True)
class DeskMark:
    """Which champion, files and plan there are.

    Parameters
    ----------
    files
        Path, time of change and size of each file of the book; of a folder those of its files.
    plan
        Number of the newest plan in the ledger; None without one.
    overrides
        How many were made, and how many of them ended.
    """

    champion: str
    files: tuple[tuple[str, int, int], ...]
    plan: int | None
    overrides: tuple[int, int] = (0, 0)

    @property
    def of_book(self) -> object:
        """What was read and scored; the rest only moves the plan."""
        return self.champion, self.files

    @property
    def short(self) -> str:
        """A short text that differs where the marks differ."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]


def mark_of(settings: Settings) -> DeskMark:
    """Give the mark as it is now; a look at names and times, nothing is read.

    Raises
    ------
    StateError
        The ledger cannot be read.
    """
    link = Path(settings.paths.models) / CHAMPION
    champion = str(link.readlink()) if link.is_symlink() else ""
    with reading_ledger(settings) as ledger:
        plan = None if ledger is None else newest_plan(ledger)
        overrides = (0, 0) if ledger is None else count_overrides(ledger)
    return DeskMark(champion, tuple(_files(settings)), plan, overrides)


def _files(settings: Settings) -> list[tuple[str, int, int]]:
    named = [*files_of_book(settings), *filter(None, [settings.features_file])]
    inside = [path for one in named for path in (sorted(one.rglob("*")) if one.is_dir() else [one])]
    return [_stamp(path) for path in inside]


def _stamp(path: Path) -> tuple[str, int, int]:
    """Give a file's time and size; one that is missing is a mark, too."""
    try:
        there = path.stat()
    except OSError:
        return (str(path), 0, 0)
    return (str(path), there.st_mtime_ns, there.st_size)
