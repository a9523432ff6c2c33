"""What a page shows of a desk is worked out once per desk; drawing is done by one thread at a time."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from standfast.pipelines.desk import Desk
from standfast.pipelines.desk_content import content_of
from standfast.report.content import ReportContent

T = TypeVar("T")
_kept: "WeakKeyDictionary[Desk, dict[Any, Any]]" = WeakKeyDictionary()
_lock = threading.RLock()


def kept(desk: Desk, name: Any, make: Callable[[], T]) -> T:
    """Give what was made for this desk under a name, or make it now (matplotlib is not for two at once)."""
    mine = _kept.setdefault(desk, {})
    if name not in mine:
        with _lock:
            if name not in mine:
                mine[name] = make()
    found: T = mine[name]
    return found


def kept_content(desk: Desk) -> ReportContent:
    """Give the desk in the report's words."""
    return kept(desk, "content", lambda: content_of(desk))
