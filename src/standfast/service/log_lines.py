"""Log lines as JSON on standard error: what happened, with figures, and no word about a person."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message and what was told beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """Give a record as its line."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _KNOWN},
        }
        if record.exc_info:
            told["error"] = _where(record.exc_info[1])
        return json.dumps(told, default=str, ensure_ascii=False)


def _where(error: BaseException | None) -> list[str]:
    """Give the kind of an error and where it came from, its causes', too; its words may hold what is sent."""
    lines: list[str] = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"{one.filename}:{one.lineno} in {one.name}" for one in frames]
        lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def log_as_json() -> None:
    """Let the service's lines, and uvicorn's of start and end, go to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("standfast.service", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)
