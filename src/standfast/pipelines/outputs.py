"""Where results may go: never over what they are made from."""

from pathlib import Path

from standfast.errors import InputError
from standfast.settings import Settings


def refuse_to_replace_input(output: Path, settings: Settings, *others: Path | None) -> None:
    """Refuse an output that is a table of the book, or another file this run reads.

    Raises
    ------
    InputError
        Names the file; nothing has been read or written yet.
    """
    book = [settings.path_of(name) for name in settings.book.tables]
    inputs = {path.resolve() for path in (*book, *others) if path is not None}
    if output.resolve() in inputs:
        raise InputError(f"{output} is read by this run and would be replaced; write elsewhere with -o FILE")


def refuse_no_folder(folder: Path) -> None:
    """Refuse an output folder that is a file, before minutes of work end there."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; give a folder with --out FOLDER")
