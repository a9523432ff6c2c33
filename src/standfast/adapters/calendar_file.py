"""An iCalendar file (RFC 5545): one all-day entry per piece of work, to be imported again and again."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LINE_OCTETS = 75
EPOCH = date(2000, 1, 1)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class CalendarEntry:
    """One piece of work on a day; entries with the same ``identity`` replace each other in a calendar."""

    identity: tuple[str, ...]
    day: date
    title: str
    description: str
    category: str


def calendar_text(entries: Sequence[CalendarEntry], *, name: str, made_on: date) -> str:
    r"""Give the calendar as text with CRLF line ends.

    Entries last the whole day and leave it free, since the day is planned and the hour is not. A later list
    has a higher sequence number, so that importing it moves what it moved.

    >>> print(calendar_text([], name="Ann", made_on=date(2026, 1, 5)).replace("\r", ""), end="")
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//standfast//worklist//EN
    CALSCALE:GREGORIAN
    METHOD:PUBLISH
    X-WR-CALNAME:Ann
    END:VCALENDAR
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//standfast//worklist//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape_text(name)}",
        *(line for entry in entries for line in _event(entry, made_on)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


def _event(entry: CalendarEntry, made_on: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_uid(entry.identity)}"
    yield f"DTSTAMP:{made_on:%Y%m%d}T000000Z"
    yield f"SEQUENCE:{max((made_on - EPOCH).days, 0)}"
    yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape_text(entry.title)}"
    yield f"DESCRIPTION:{escape_text(entry.description)}"
    yield f"CATEGORIES:{escape_text(entry.category)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escape_text(text: str) -> str:
    r"""Give text as a value: line ends, commas, semicolons and backslashes escaped, control signs dropped.

    >>> escape_text("a, b; c\nd")
    'a\\, b\\; c\\nd'
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _CONTROLS.sub(" ", plain).encode("utf-8", "replace").decode("utf-8")
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def fold(line: str) -> Iterator[str]:
    """Yield the line in pieces of at most 75 octets, none of which cuts a character in two.

    >>> [len(part.encode()) for part in fold("x" * 100)]
    [75, 26]
    """
    part: list[str] = []
    size = 0
    for sign in line:
        octets = len(sign.encode("utf-8"))
        if size + octets > LINE_OCTETS:
            yield "".join(part)
            part, size = [" "], 1
        part.append(sign)
        size += octets
    yield "".join(part)


def _uid(identity: tuple[str, ...]) -> str:
    digest = hashlib.sha256("\0".join(identity).encode("utf-8", "replace")).hexdigest()
    return f"{digest[:32]}@standfast"
