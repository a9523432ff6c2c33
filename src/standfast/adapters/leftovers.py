"""What killed runs leave behind, told apart from the work of runs that still live."""

import os
import secrets
from collections.abc import Iterator
from glob import escape
from pathlib import Path


def is_alive(process: int) -> bool:
    """Say whether a process of this number is running."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def path_beside(target: Path, ending: str) -> Path:
    """Give a hidden path beside ``target`` that names its writer, such as ``.plan.csv.71-3fa2.part``."""
    return target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.{ending}")


def left_beside(target: Path, ending: str) -> Iterator[Path]:
    """Yield what ``path_beside`` named with that ending, in order, where the writer is gone."""
    for left in sorted(target.parent.glob(f".{escape(target.name)}.*.{ending}")):
        writer = left.name[len(target.name) + 2 :].split("-")[0]
        if writer.isdecimal() and not is_alive(int(writer)):
            yield left


def sweep_parts(target: Path) -> None:
    """Remove half-written parts of ``target`` whose writers are gone."""
    for part in left_beside(target, "part"):
        part.unlink(missing_ok=True)
