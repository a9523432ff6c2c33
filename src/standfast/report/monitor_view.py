"""What the page says of the last look at the model in use: the verdict, what it rests on, month by month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from standfast.report.listing import Listing
from standfast.report.monitor_words import by_urgency, headline_lines
from standfast.report.wording import count, day, figure

Told = Mapping[str, Any]
_TITLES = {
    "roll back": "Asks for the model before",
    "retrain": "Asks for a new model",
    "watch": "To be watched",
    "nothing": "As it should be",
}
_NOT_JUDGED = "Not judged yet"


@dataclass(frozen=True)
class MonitorView:
    """All that is said of one look."""

    lead: str
    about: str
    next_step: str
    trained: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    months: Listing
    notes: tuple[str, ...]


def monitor_view(told: Told | None) -> MonitorView | None:
    """Word what was found; None where nobody has looked."""
    if not told:
        return None
    lead, about = headline_lines(told)
    return MonitorView(
        lead=lead,
        about=about,
        next_step=str(told["next_step"]),
        trained=str((told["retrained"] or {}).get("sentence", "")),
        parts=_parts(told["checks"]),
        months=_months(told.get("months") or ()),
        notes=tuple(map(str, told["notes"])),
    )


def _parts(checks: Sequence[Told]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    parts: dict[str, list[str]] = {}
    for check in by_urgency(checks):
        title = _TITLES[check["step"]] if check["is_judged"] else _NOT_JUDGED
        parts.setdefault(title, []).append(str(check["sentence"]))
    ordered = [title for title in (*_TITLES.values(), _NOT_JUDGED) if title in parts]
    return tuple((title, tuple(parts[title])) for title in ordered)


def _months(months: Sequence[Told]) -> Listing:
    return Listing(
        ("month", "model", "accounts", "promised", "came", "times"),
        tuple(
            (
                day(one["day"]), str(one["model"]), count(one["n_rows"]), figure(one["expected"], 1),
                count(one["observed"]), figure(one["observed"] / one["expected"], 2),
            )
            for one in months
        ),
    )  # fmt: skip
