"""One owner's Monday list as a person reads it: hours, then five things to do, then the rest by week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from standfast.report.wording import as_text, count, counted, day, hours, is_known, money, sentence
from standfast.report.worklist_content import DAYS_PER_WEEK, NO_OWNER, Agenda, Worklist

FIRST = 5
CHANNELS = {
    "in_person": "Visit", "review": "Business review", "call": "Call", "email": "E-mail",
    "digital": "Message",
}  # fmt: skip
KINDS = {
    "outreach": "", "onboarding": "onboarding", "renewal": "renewal", "yearly_call": "yearly call",
    "alert": "alert",
}  # fmt: skip
_NO_AGENDA = Agenda()


@dataclass(frozen=True)
class Item:
    """One touch, worded; ``agenda`` is empty where an earlier item of the page holds it, at ``anchor``."""

    place: int
    anchor: str
    due: str
    weekday: str
    account_id: str
    name: str
    channel: str
    kind: str
    minutes: str
    contact: str
    remarks: str
    play: str
    why: str
    cautious: str
    expected: str
    segment: str
    agenda: Agenda | None


@dataclass(frozen=True)
class WeekOfItems:
    """The items of a week under its heading."""

    title: str
    load: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class OwnerPage:
    """Everything one owner's page says."""

    owner: str
    tiles: tuple[tuple[str, str, str], ...]
    first: tuple[Item, ...]
    rest: tuple[WeekOfItems, ...]
    notes: tuple[str, ...]
    moved: tuple[str, str]


def owner_page(worklist: Worklist, owner: str, *, shown: pd.DataFrame) -> OwnerPage:
    """Give the page of one owner.

    Parameters
    ----------
    shown
        The owner's rows that the page lists; hours are of the whole horizon all the same.
    """
    items = _items(shown, worklist.agendas)
    return OwnerPage(
        owner="Without owner" if owner == NO_OWNER else owner,
        tiles=owner_tiles(worklist, owner),
        first=tuple(items[:FIRST]),
        rest=_by_week(items[FIRST:], shown.iloc[FIRST:], worklist),
        notes=_notes(worklist, owner, shown),
        moved=("Worries", "Good signs"),
    )


def _items(rows: pd.DataFrame, agendas: Mapping[str, Agenda]) -> list[Item]:
    first: dict[str, int] = {}
    items = []
    for place, row in enumerate(rows.to_dict("records"), start=1):
        account = str(row["account_id"])
        is_first = first.setdefault(account, place) == place
        agenda = agendas.get(account, _NO_AGENDA) if is_first else None
        items.append(item_of(row, place, anchor=f"a{first[account]}", agenda=agenda))
    return items


def item_of(row: Mapping[Any, Any], place: int, *, anchor: str, agenda: Agenda | None) -> Item:
    """Word one row of a list."""
    account, name = str(row["account_id"]), str(row["name"])
    due = pd.Timestamp(row["due_on"])
    return Item(
        place=place,
        anchor=anchor,
        due=day(due, with_year=False),
        weekday="" if pd.isna(due) else due.day_name()[:3],
        account_id=account if account != name else "",
        name=name,
        channel=CHANNELS.get(str(row["channel"]), str(row["channel"])),
        kind=KINDS.get(str(row["kind"]), str(row["kind"])),
        minutes=f"{count(row['minutes'])} min",
        contact=str(row["contact"]),
        remarks=sentence(row["remarks"]),
        play=str(as_text(row["play"])),
        why=sentence(row["why"]),
        cautious=money(row["conservative_value"]),
        expected=money(row["expected_value"]),
        segment=str(as_text(row["segment"])),
        agenda=agenda,
    )


def owner_tiles(worklist: Worklist, owner: str) -> tuple[tuple[str, str, str], ...]:
    """Give name, figure and note of each tile: this week, the horizon, what it is worth."""
    own, week = worklist.of(owner), worklist.week
    mine = week[week["owner"] == owner]
    planned = own["minutes"].sum() / 60
    there = worklist.hours.get(owner)
    note = f"of {hours(there)} there are" if is_known(there) else "the team's hours are one pool"
    accounts = own.drop_duplicates("account_id")
    worth = [
        money(accounts[f"{kind}_value"].sum(), worklist.currency) for kind in ("conservative", "expected")
    ]
    horizon = (f"Next {worklist.horizon_days} days", hours(planned), note)
    told, at = counted(len(own), "touch", "touches"), counted(len(accounts), "account")
    money_tile = ("Worth, cautious", worth[0], f"{worth[1]} as planned, twelve months, costs taken off")
    if worklist.as_of is None:
        return horizon, ("To do", told, f"{at}, in order, since the book has no dates"), money_tile
    until = day(worklist.as_of + timedelta(days=DAYS_PER_WEEK - 1), with_year=False)
    this_week = (
        f"This week, to {until}",
        hours(mine["minutes"].sum() / 60),
        counted(len(mine), "touch", "touches"),
    )
    return (
        this_week,
        horizon,
        ("To do in all", told, f"{at}, to {day(own['due_on'].max(), with_year=False)}"),
        money_tile,
    )


def _by_week(items: Sequence[Item], rows: pd.DataFrame, worklist: Worklist) -> tuple[WeekOfItems, ...]:
    """Group the items by calendar week; what falls within seven days stands under this week."""
    titles = _titles(rows, worklist)
    weeks = []
    for title in dict.fromkeys(titles):
        within = [item for item, of in zip(items, titles, strict=True) if of == title]
        minutes = rows["minutes"].to_numpy()[[of == title for of in titles]].sum()
        load = f"{counted(len(within), 'touch', 'touches')}, {hours(minutes / 60)}"
        weeks.append(WeekOfItems(title, load, tuple(within)))
    return tuple(weeks)


def _titles(rows: pd.DataFrame, worklist: Worklist) -> list[str]:
    if worklist.as_of is None:
        return ["Then"] * len(rows)
    end = pd.Timestamp(worklist.as_of + timedelta(days=DAYS_PER_WEEK))
    return [
        "Rest of this week" if due < end else f"Week of {day(due - timedelta(days=due.weekday()))}"
        for due in rows["due_on"]
    ]


def _notes(worklist: Worklist, owner: str, shown: pd.DataFrame) -> tuple[str, ...]:
    told = [alone] if (alone := worklist.left_alone(owner)) else []
    n_hidden = int((worklist.rows["owner"] == owner).sum()) - len(shown)
    if n_hidden:
        told.append(
            f"{counted(n_hidden, 'touch', 'touches')} later in the horizon; standfast worklist --days all"
        )
    if n_messages := worklist.n_automated.get(owner, 0):
        told.append(f"{counted(n_messages, 'automated message')} run by themselves and need nobody's time")
    return tuple(sentence(text) for text in told)
