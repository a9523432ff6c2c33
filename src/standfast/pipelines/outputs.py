"""Where results may go: never over what they are made from."""

from pathlib import Path

from standfast.adapters.table_files import TABLE_ENDINGS
from standfast.errors import InputError
from standfast.pipelines.sources import files_of_book
from standfast.settings import Settings


def refuse_to_replace_input(output: Path, settings: Settings, *others: Path | None) -> None:
    """Refuse an output that is a table of the book or a part of one, or another file this run reads.

    Raises
    ------
    InputError
        Names the file; nothing has been read or written yet.
    """
    read = (*files_of_book(settings), settings.features_file, *others)
    inputs = {path.resolve() for path in read if path is not None}
    resolved = output.resolve()
    if resolved in inputs:
        raise InputError(f"{output} is read by this run and would be replaced; write elsewhere with -o FILE")
    folders = {path for path in inputs if path.is_dir()}
    if output.suffix.lower() in TABLE_ENDINGS and folders & set(resolved.parents):
        raise InputError(
            f"{output} would become a part of the table in that folder; write elsewhere with -o FILE"
        )


def refuse_no_folder(folder: Path) -> None:
    """Refuse an output folder that is a file, before minutes of work end there."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; give a folder with --out FOLDER")
