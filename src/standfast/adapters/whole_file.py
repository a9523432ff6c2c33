"""A file that appears whole or not at all: written beside its target, then renamed over it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from standfast.adapters.leftovers import path_beside, sweep_parts
from standfast.errors import InputError


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a path beside ``target`` to write to; it becomes ``target`` at the end, or goes on failure.

    Raises
    ------
    InputError
        The folder cannot be made or written to, the target is no plain file, or the disk is full.
    """
    target = Path(target).resolve()  # a link keeps pointing where it points
    if target.exists() and not target.is_file():
        what = "a folder" if target.is_dir() else "a device or pipe"
        raise InputError(f"cannot write {target}: it is {what}; choose another file name")
    part = path_beside(target, "part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep_parts(target)
        try:
            yield part
            _make_durable(part)
            part.replace(target)
            _make_durable(target.parent)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError as problem:
        raise InputError(f"cannot write {target}: {problem.filename} is a file, not a folder") from problem
    except OSError as problem:
        raise InputError(
            f"cannot write {target} ({problem.strerror or problem}); "
            "free some space, or choose a folder you may write to"
        ) from problem


def _make_durable(path: Path) -> None:
    """Wait until the disk has it, so that a power cut leaves the old file or the new one."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
