"""The plan as Monday lists: who, by when, how, what it is worth and why, the most urgent first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from standfast.report.content import PageLimits, ReportContent
from standfast.report.signals import reasons_in_words, what_reasons_move
from standfast.report.wording import (
    as_text,
    counted,
    day,
    hours,
    is_known,
    money,
    sentence,
)

HUMAN = ("n_in_person", "n_call", "n_email")
TOUCHES = {"n_in_person": "meeting", "n_call": "call", "n_email": "e-mail", "n_digital": "automated"}
NO_OWNER = "No owner"
ALL_OWNERS = "All owners"


@dataclass(frozen=True)
class PlanLine:
    """One account of the list, worded."""

    account_id: str
    name: str
    owner: str
    segment: str
    by_when: str
    touches: str
    play: str
    hours: str
    cautious: str
    expected: str
    why: str
    reasons: str


@dataclass(frozen=True)
class OwnerList:
    """One owner's first lines and how many more the plan file holds."""

    owner: str
    anchor: str
    lines: tuple[PlanLine, ...]
    n_planned: int
    hours: str

    @property
    def n_more(self) -> int:
        """Lines that only the plan file shows."""
        return self.n_planned - len(self.lines)


@dataclass(frozen=True)
class _Wording:
    """What the reasons of a line move, and how many of them are shown."""

    moved: str
    n_reasons: int


def is_planned(plan: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which accounts get any touch at all."""
    return _touched(plan, tuple(TOUCHES))


def takes_time(plan: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which accounts get a person's time: a visit, a call or a personal e-mail."""
    return _touched(plan, HUMAN)


def _touched(plan: pd.DataFrame, columns: tuple[str, ...]) -> "pd.Series[bool]":
    n_touches = plan[list(columns)].apply(pd.to_numeric, errors="coerce").fillna(0).sum(axis=1)
    return pd.Series(n_touches.gt(0), index=plan.index, dtype=bool)


def owner_lists(content: ReportContent, *, limits: PageLimits) -> list[OwnerList]:
    """Give one list per owner, or a single list where there are no owners or too many for a page."""
    if content.plan is None:
        return []
    plan = _in_order(content.plan[takes_time(content.plan)], content.scores)
    if not len(plan):
        return []
    wording = _Wording(what_reasons_move(content.scores), limits.reasons_shown)
    owners = sorted(plan["owner"].unique(), key=lambda owner: (owner.casefold(), owner))
    if len(owners) == 1 or len(owners) > limits.owners_listed:
        name = owners[0] if len(owners) == 1 else ALL_OWNERS
        return [_one_list(name, plan, 1, n_lines=limits.lines_overall, wording=wording)]
    return [
        _one_list(
            owner, plan[plan["owner"].eq(owner)], place, n_lines=limits.lines_per_owner, wording=wording
        )
        for place, owner in enumerate(owners, start=1)
    ]


def _in_order(plan: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Most urgent first, then the highest worth; the account breaks ties."""
    travelling = [name for name in ("name", "reasons") if name in scores]
    known = scores[["account_id", *travelling]].drop_duplicates("account_id")
    joined = plan.drop(columns=travelling, errors="ignore").merge(known, on="account_id", how="left")
    owner = joined["owner"].astype("object")
    return joined.assign(
        owner=owner.where(owner.map(is_known).astype(bool), NO_OWNER).astype(str),
        _due=pd.to_datetime(joined["first_touch_by"], errors="coerce"),
        _worth=-pd.to_numeric(joined["expected_value"], errors="coerce"),
    ).sort_values(["_due", "_worth", "account_id"], kind="stable", ignore_index=True)


def _one_list(owner: str, plan: pd.DataFrame, place: int, *, n_lines: int, wording: _Wording) -> OwnerList:
    shown = plan.head(n_lines).to_dict("records")
    lines = tuple(_line(record, wording) for record in shown)
    taken = pd.to_numeric(plan["hours"], errors="coerce").sum()
    return OwnerList(owner, f"owner-{place}", lines, len(plan), hours(taken))


def _line(record: Mapping[Any, Any], wording: _Wording) -> PlanLine:
    account_id = str(record["account_id"])
    name = str(record["name"]) if is_known(record.get("name")) else account_id
    return PlanLine(
        account_id=account_id if name != account_id else "",
        name=name,
        owner=str(record["owner"]),
        segment=str(as_text(record["segment"])),
        by_when=day(record["first_touch_by"], with_year=False),
        touches=_touches(record),
        play=str(as_text(record["play"])),
        hours=hours(record["hours"]),
        cautious=money(record["conservative_value"]),
        expected=money(record["expected_value"]),
        why=sentence(record["why"]),
        reasons=reasons_in_words(record.get("reasons"), n_shown=wording.n_reasons, moved=wording.moved),
    )


def _touches(record: Mapping[Any, Any]) -> str:
    n_touches = {word: record[column] for column, word in TOUCHES.items()}
    return ", ".join(
        counted(n, word, word if word == "automated" else "")
        for word, n in n_touches.items()
        if is_known(n) and n > 0
    )
