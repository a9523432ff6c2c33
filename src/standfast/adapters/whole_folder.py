"""A folder that is replaced as a whole: written beside its target, then put in its place."""

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from standfast.adapters.leftovers import left_beside, path_beside
from standfast.errors import InputError

CONTENTS = ".standfast-files"
"""Names what we wrote into a folder, so that nothing else is ever removed with it."""


def replace_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into ``target`` in place of those that were written there before.

    A killed run leaves the folder that was there, or the new one. Between the two renames that
    swap them it may stand under a name of its own for a moment; the next run puts it back first.

    Raises
    ------
    InputError
        The folder holds files of others, or cannot be written.
    """
    target = Path(target).resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        refuse_foreign_files(target)
        part = path_beside(target, "part")
        try:
            _write_all(part, files)
            _swap(part, target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as problem:
        raise InputError(
            f"cannot write folder {target} ({problem.strerror or problem}); "
            "free some space, or choose a folder you may write to"
        ) from problem


def refuse_foreign_files(target: Path) -> None:
    """Refuse a folder that holds anything but what ``replace_folder`` wrote into it."""
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"{target} is a file; give a folder with -o FOLDER")
    names = {
        str(path.relative_to(target)) for path in target.rglob("*") if not path.is_dir() or path.is_symlink()
    }
    ours = target / CONTENTS
    known = set(ours.read_text("utf-8").splitlines()) if ours.is_file() else set()
    if others := sorted(names - known - {CONTENTS}):
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise InputError(
            f"{target} holds files that are not ours: {', '.join(others[:3])}{more}; "
            "it is replaced as a whole, so give an empty or a new folder with -o FOLDER"
        )


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, content in {**files, CONTENTS: "\n".join(sorted(files)).encode()}.items():
        with (folder / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())


def _swap(part: Path, target: Path) -> None:
    """Put the new folder in the old one's place."""
    if not target.exists():
        part.rename(target)
        return
    old = path_beside(target, "old")
    target.rename(old)
    try:
        part.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Put back what a killed run had moved away, and remove what it had not finished."""
    for old in left_beside(target, "old"):
        if target.exists():
            _remove(old)
        else:
            old.rename(target)
    for part in left_beside(target, "part"):
        _remove(part)


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)
