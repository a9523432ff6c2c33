"""Write the sample book: a made-up B2B software company to try everything on."""

from dataclasses import dataclass
from pathlib import Path

from standfast.errors import InputError
from standfast.sample.book import make_sample_book
from standfast.sample.export import write_sample_book


@dataclass(frozen=True)
class SampleSummary:
    """What was written, and the settings file to go on with."""

    folder: str
    files: tuple[str, ...]
    settings: str
    n_accounts: int
    as_of: str


def sample(folder: Path, *, n_accounts: int = 2000, n_months: int = 24, seed: int = 1) -> SampleSummary:
    """Write the sample book's tables and settings into a folder; the same bytes for the same seed."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; give a folder for the sample book")
    book = make_sample_book(n_accounts=n_accounts, n_months=n_months, seed=seed)
    try:
        written = write_sample_book(book, folder)
    except OSError as problem:
        raise InputError(f"the sample book cannot be written to {folder}: {problem.strerror}") from problem
    return SampleSummary(
        folder=str(folder),
        files=tuple(str(path) for path in written),
        settings=str(folder / "standfast.toml"),
        n_accounts=len(book.tables["accounts"]),
        as_of=book.as_of.isoformat(),
    )
