"""Names of files made from what people are called: safe on every system, and no two alike."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

MOST_OCTETS = 80
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_names(people: Sequence[str]) -> dict[str, str]:
    """Give a name without ending for each person; those that would be alike carry a mark of their own.

    >>> file_names(["Ann Berg", "../../x", "csm@example.com"])
    {'Ann Berg': 'Ann-Berg', '../../x': 'x', 'csm@example.com': 'csm@example.com'}
    >>> sorted(file_names(["ann", "ANN"]).values())
    ['ANN-c63cbc', 'ann-49915e']
    """
    plain = {person: _safe(person) for person in people}
    folded = [name.casefold() for name in plain.values()]
    return {
        person: f"{name}-{_mark(person)}" if folded.count(name.casefold()) > 1 else name
        for person, name in plain.items()
    }


def _safe(person: str) -> str:
    letters = unicodedata.normalize("NFKC", person).encode("utf-8", "ignore").decode("utf-8")
    joined = "".join(sign if sign.isalnum() or sign in "@._-" else "-" for sign in letters)
    name = re.sub(r"-{2,}", "-", re.sub(r"\.{2,}", ".", joined)).strip("-. ")
    cut = name.encode("utf-8")[:MOST_OCTETS].decode("utf-8", "ignore").strip("-. ")
    if not name or _RESERVED.fullmatch(name):
        return f"owner-{_mark(person)}"
    return name if cut == name else f"{cut}-{_mark(person)}"


def _mark(person: str) -> str:
    return hashlib.sha256(person.encode("utf-8", "replace")).hexdigest()[:6]
