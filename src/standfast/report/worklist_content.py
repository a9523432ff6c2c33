"""What Monday lists are made from: everyone's touches with their days, and the agenda of each account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from standfast.report.wording import GLUE

NO_OWNER = "no owner"
WORDS_OF_EACH = 2
"""Worries that the short form of an agenda holds."""
DAYS_PER_WEEK = 7
_MOST_NAMED = 20
COLUMNS = (
    "owner", "due_on", "account_id", "name", "contact", "channel", "play", "minutes", "why",
    "conservative_value", "expected_value", "segment", "what_changed", "agenda", "remarks", "kind",
)  # fmt: skip
"""The list as a table. The two values are of the account's whole plan, so they stand on each of its rows."""


@dataclass(frozen=True)
class Agenda:
    """What one account's next conversation is about; empty parts are not known.

    Parameters
    ----------
    worries
        Reasons that speak for leaving (for staying as it is, where only expansion is modelled).
    good_signs
        Reasons that speak against it.
    since
        What the changes are told against.
    """

    worries: tuple[str, ...] = ()
    good_signs: tuple[str, ...] = ()
    since: str = ""
    changes: tuple[str, ...] = ()
    tickets: str = ""
    alerts: tuple[str, ...] = ()
    renewal: str = ""
    questions: tuple[str, ...] = ()
    goal: str = ""
    steps: tuple[str, ...] = ()

    @property
    def what_changed(self) -> str:
        """The changes in one line."""
        return "; ".join(self.changes).replace(GLUE, " ")

    @property
    def ahead(self) -> tuple[str, ...]:
        """What is open at the account, and what lies ahead."""
        renews = f"renews on {self.renewal}" if self.renewal else ""
        return tuple(text for text in (self.tickets, *self.alerts, renews) if text)

    @property
    def short(self) -> str:
        """The agenda in a few words, for a cell of a table."""
        parts = (
            ("Worries", "; ".join(self.worries[:WORDS_OF_EACH])),
            ("Good signs", "; ".join(self.good_signs[:1])),
            ("Open", "; ".join(filter(None, (self.tickets, *self.alerts[:1])))),
            ("Renewal", self.renewal),
            ("Ask", "".join(self.questions[:1])),
        )
        return " | ".join(f"{name}: {text}" for name, text in parts if text).replace(GLUE, " ")


@dataclass(frozen=True, eq=False)
class Worklist:
    """What everyone has to do in the horizon.

    Parameters
    ----------
    rows
        One row per touch that a person makes, in the order in which to make them; see ``COLUMNS``.
    hours
        Hours there are, by owner; empty where the team is one pool.
    n_automated
        Automated messages of the horizon, by owner: they run by themselves and are not on the list.
    meanings
        What each segment of the matrix means.
    held_out
        Names of the accounts that chance leaves alone, by owner; ``held_until`` is the last day of that.
    as_of
        The day the list begins; None where the book has no dates, and then nothing has a day.
    """

    rows: pd.DataFrame
    agendas: Mapping[str, Agenda]
    hours: Mapping[str, float]
    n_automated: Mapping[str, int]
    as_of: date | None
    horizon_days: int
    currency: str
    book_name: str
    meanings: Mapping[str, str] = field(default_factory=dict)
    held_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    held_until: str = ""

    @property
    def owners(self) -> list[str]:
        """Whoever has something to do, in order of their names."""
        return sorted(self.rows["owner"].unique(), key=lambda owner: (owner.casefold(), owner))

    @property
    def glossary(self) -> tuple[tuple[str, str], ...]:
        """The segments that are met on the list, in short."""
        met = set(self.rows["segment"].dropna())
        return tuple((name, words) for name, words in self.meanings.items() if name in met)

    def left_alone(self, owner: str | None) -> str:
        """Say which accounts of an owner, or of all for None, chance leaves alone; nothing where none are."""
        whose = self.held_out if owner is None else (owner,)
        mine = sorted(name for one in whose for name in self.held_out.get(one, ()))
        if not mine:
            return ""
        n_more = len(mine) - _MOST_NAMED
        named = ", ".join(mine[:_MOST_NAMED]) + (f" and {n_more:,} more" if n_more > 0 else "")
        return (
            f"held out until {self.held_until}, to learn what outreach does: no outreach to {named}; what "
            "their contracts ask for and answers to their alerts go on"
        )

    def of(self, owner: str) -> pd.DataFrame:
        """Give one owner's rows."""
        return self.rows[self.rows["owner"] == owner].reset_index(drop=True)

    def within(self, days: int | None) -> pd.DataFrame:
        """Give the rows due within so many days; all of them for None, or where nothing has a day."""
        if days is None or self.as_of is None:
            return self.rows
        end = pd.Timestamp(self.as_of + timedelta(days=days))
        return self.rows[self.rows["due_on"] < end]

    @property
    def week(self) -> pd.DataFrame:
        """The rows of the first seven days."""
        return self.within(DAYS_PER_WEEK)
