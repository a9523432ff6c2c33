"""The Monday lists as files: per owner a table, a page and a calendar, and one workbook for the team."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.calendar_file import CalendarEntry, calendar_text
from standfast.adapters.table_writer import csv_bytes
from standfast.adapters.whole_folder import replace_folder
from standfast.adapters.workbook import Sheet, workbook_bytes
from standfast.report.file_names import file_names
from standfast.report.wording import GLUE, is_known, money
from standfast.report.worklist_content import NO_OWNER, Worklist
from standfast.report.worklist_page import build_worklist_page
from standfast.report.worklist_view import CHANNELS, KINDS
from standfast.schema import ACCOUNT_ID

WORKBOOK = "team.xlsx"
WIDTHS = {
    "due_on": 12, "account_id": 16, "name": 28, "contact": 36, "channel": 12, "play": 24, "minutes": 9,
    "why": 56, "conservative_value": 14, "expected_value": 14, "segment": 17,
    "what_changed": 44, "agenda": 60, "remarks": 40, "kind": 12, "owner": 28, "meaning": 80,
}  # fmt: skip
FORMATS = {
    "due_on": "yyyy-mm-dd", "minutes": "#,##0", "conservative_value": "#,##0", "expected_value": "#,##0",
    "hours_this_week": "#,##0.0", "hours_planned": "#,##0.0", "hours_there": "#,##0.0",
}  # fmt: skip


def write_worklist(
    worklist: Worklist, folder: Path, *, days: int | None = None, owners: Iterable[str] | None = None
) -> list[str]:
    """Write the lists in place of those that were there, and give the names of the files.

    Parameters
    ----------
    days
        List what falls due within so many days; the whole horizon by default.
    owners
        Only these; everybody with something to do by default.
    """
    told = worklist.owners if owners is None else list(owners)
    shown = worklist.within(days)
    names = file_names([_file_name(owner) for owner in told])
    files: dict[str, bytes] = {}
    for owner in told:
        own = shown[shown["owner"] == owner].reset_index(drop=True)
        name = names[_file_name(owner)]
        files[f"{name}.csv"] = csv_bytes(own)
        files[f"{name}.html"] = build_worklist_page(worklist, owner, shown=own).encode("utf-8")
        if worklist.as_of is not None:
            files[f"{name}.ics"] = owner_calendar(worklist, owner, own).encode("utf-8")
    files[WORKBOOK] = team_workbook(worklist, told, shown)
    replace_folder(folder, files)
    return sorted(files)


def team_workbook(worklist: Worklist, owners: list[str], shown: pd.DataFrame) -> bytes:
    """Give a workbook with a sheet for each owner, one of all in short, and what segments mean."""
    return workbook_bytes(
        [*_summary_sheets(worklist, owners), *(_sheet(owner, shown) for owner in owners)],
        title=f"Monday lists of {worklist.book_name}",
        made_on=worklist.as_of,
    )


def _file_name(owner: str) -> str:
    return owner if owner != NO_OWNER else "no-owner"


def _sheet(owner: str, shown: pd.DataFrame) -> Sheet:
    own = shown[shown["owner"] == owner].drop(columns="owner")
    return Sheet(owner, own, WIDTHS, FORMATS)


def _summary_sheets(worklist: Worklist, owners: list[str]) -> tuple[Sheet, Sheet]:
    """Give the sheet that says who does how much, and the one that says what segments mean."""
    summary = summarise_owners(worklist)
    glossary = pd.DataFrame(worklist.glossary, columns=["segment", "meaning"])
    return (
        Sheet("Summary", summary[summary["owner"].isin(owners)], WIDTHS, FORMATS),
        Sheet("Segments", glossary, WIDTHS, FORMATS),
    )


def summarise_owners(worklist: Worklist) -> pd.DataFrame:
    """Give one row per owner: touches and hours, this week and in all, and what the plans are worth."""
    rows, week = worklist.rows, worklist.week
    by_owner = rows.groupby("owner")
    accounts = rows.drop_duplicates(ACCOUNT_ID).groupby("owner")
    summary = pd.DataFrame(
        {
            "touches_this_week": week.groupby("owner").size(),
            "hours_this_week": week.groupby("owner")["minutes"].sum() / 60,
            "touches_planned": by_owner.size(),
            "hours_planned": by_owner["minutes"].sum() / 60,
            "accounts": accounts.size(),
            "conservative_value": accounts["conservative_value"].sum(),
            "expected_value": accounts["expected_value"].sum(),
        }
    ).rename_axis("owner")
    summary = summary.fillna({"touches_this_week": 0, "hours_this_week": 0.0, "accounts": 0}).reset_index()
    counts = ["touches_this_week", "touches_planned", "accounts"]
    there = summary["owner"].map(dict(worklist.hours)).astype(float)
    return summary.astype(dict.fromkeys(counts, int)).assign(hours_there=there)


def owner_calendar(worklist: Worklist, owner: str, own: pd.DataFrame) -> str:
    """Give the owner's calendar; the n-th touch of a kind keeps its identity."""
    keys = ["account_id", "channel", "kind"]
    nth = worklist.of(owner).groupby(keys).cumcount().iloc[: len(own)]
    records = own.assign(nth=nth.to_numpy()).to_dict("records")
    return calendar_text(
        [_entry(worklist, record) for record in records],
        name=f"Monday list of {owner}",
        made_on=_day(worklist.as_of),
    )


def _entry(worklist: Worklist, record: Mapping[Any, Any]) -> CalendarEntry:
    channel = CHANNELS.get(str(record["channel"]), str(record["channel"]))
    identity = ("account_id", "channel", "kind", "nth")
    return CalendarEntry(
        identity=(worklist.book_name, *(str(record[name]) for name in identity)),
        day=_day(record["due_on"]),
        title=f"{channel}: {record['name']} ({record['minutes']} min)",
        description=_description(worklist, record),
        category=KINDS.get(str(record["kind"]), "") or "outreach",
    )


def _description(worklist: Worklist, record: Mapping[Any, Any]) -> str:
    """Say in plain lines whom to contact, why, and what about."""
    agenda = worklist.agendas.get(str(record[ACCOUNT_ID]))
    worth = (money(record[f"{kind}_value"], worklist.currency) for kind in ("conservative", "expected"))
    parts = {
        "Account": record[ACCOUNT_ID],
        "Contact": record["contact"],
        "Mind": record["remarks"],
        "Play": record["play"],
        "Why": record["why"],
        "Worth": "{} cautious, {} as planned".format(*worth),
        "Worries": "; ".join(agenda.worries) if agenda else "",
        "Good signs": "; ".join(agenda.good_signs) if agenda else "",
        "Changed": record["what_changed"],
        "Open and ahead": "; ".join(agenda.ahead) if agenda else "",
        "Ask": " ".join(agenda.questions) if agenda else "",
    }
    lines = [f"{name}: {text}" for name, text in parts.items() if is_known(text)]
    return "\n".join(lines).replace(GLUE, " ")


def _day(value: Any) -> date:
    day: date = pd.Timestamp(value).date()
    return day
