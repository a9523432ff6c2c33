"""What killed runs leave behind, told apart from the work of runs that still live."""

import os
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


def sweep_parts(target: Path) -> None:
    """Remove half-written parts of ``target`` whose writers are gone."""
    for part in target.parent.glob(f".{escape(target.name)}.*.part"):
        writer = part.name[len(target.name) + 2 :].split("-")[0]
        if writer.isdecimal() and not is_alive(int(writer)):
            part.unlink(missing_ok=True)
