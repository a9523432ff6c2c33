"""The Monday list: each touch of the plan with its day, person, agenda and worth (C10)."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from standfast.decision.contact_person import LANGUAGES, language_not_spoken, other_channel_wanted, who_speaks
from standfast.decision.glossary import segment_meanings
from standfast.decision.outreach import Plan
from standfast.decision.schedule import schedule_touches
from standfast.pipelines.account_facts import AccountFacts, gather_facts
from standfast.pipelines.agenda import make_agendas
from standfast.pipelines.to_plan import ToPlan
from standfast.report.wording import is_known
from standfast.report.worklist_content import COLUMNS, NO_OWNER, Worklist
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

NO_PRIORITY = 99


def make_worklist(
    plan: Plan,
    given: ToPlan,
    *,
    settings: Settings,
) -> Worklist:
    """Give everyone's list: the plan's touches on their days, and the fixed work of the calendar.

    Parameters
    ----------
    given
        What the plan was made from: names, priorities and reasons of its scores, the book for agendas and
        contacts, touches made and open alerts.
    """
    schedule = schedule_touches(
        plan.lines,
        channels=settings.channels,
        policy=settings.schedule,
        horizon_days=settings.horizon.horizon_days,
        as_of=given.day,
        fixed=plan.fixed,
        wait_days=plan.wait_days,
        matrix=settings.built_matrix,
    )
    schedule = schedule.assign(owner=_owners(schedule["owner"]), account_id=schedule[ACCOUNT_ID].astype(str))
    by_itself = (schedule["channel"] == "digital") & (schedule["minutes"] == 0)
    rows = _joined(schedule[~by_itself], plan.lines, given.scores)
    facts = gather_facts(given.observed, list(rows[ACCOUNT_ID].unique()), settings=settings, past=given.past)
    agendas = make_agendas(rows, facts, settings=settings, own=given.own)
    rows = _with_people(rows, facts, settings).assign(
        what_changed=_cells(rows, {name: agenda.what_changed for name, agenda in agendas.items()}),
        agenda=_cells(rows, {name: agenda.short for name, agenda in agendas.items()}),
    )
    return Worklist(
        rows[list(COLUMNS)],
        agendas,
        hours={use.owner: use.capacity for use in plan.summary.by_owner},
        n_automated={str(k): int(n) for k, n in schedule.loc[by_itself, "owner"].value_counts().items()},
        as_of=given.day,
        horizon_days=settings.horizon.horizon_days,
        currency=settings.units.currency,
        book_name=settings.book_name,
        meanings=segment_meanings(settings.built_matrix),
        held_out=_held_out(plan, given.scores),
        held_until=plan.summary.held_out.until if plan.summary.held_out else "",
    )


def _held_out(plan: Plan, scores: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Give the names of the accounts that chance leaves alone, by owner, in order."""
    lines = plan.lines
    ids = lines[ACCOUNT_ID].astype(str)
    told = scores["name"].set_axis(lines.index) if "name" in scores else ids
    names = told.where(told.map(is_known).astype(bool), ids)
    held = pd.DataFrame({"owner": _owners(lines["owner"]), "name": names.astype(str)})[lines["held_out"]]
    return {str(owner): tuple(sorted(mine)) for owner, mine in held.groupby("owner")["name"]}


def _cells(rows: pd.DataFrame, of_account: Mapping[str, str]) -> pd.Series:
    """Give a text of each row's account."""
    return rows[ACCOUNT_ID].map(of_account).astype("str")


def _owners(owner: pd.Series) -> pd.Series:
    return owner.map(lambda name: str(name).strip() if is_known(name) else NO_OWNER).astype("str")


def _joined(rows: pd.DataFrame, lines: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Add what plan and scores tell of the account; what is due first goes first, then priority and worth."""
    planned = lines[[ACCOUNT_ID, "segment", "expected_value", "conservative_value"]]
    planned = planned.assign(**{ACCOUNT_ID: planned[ACCOUNT_ID].astype(str)})
    known = scores.reindex(columns=[ACCOUNT_ID, "name", "priority", "reasons"]).drop_duplicates(ACCOUNT_ID)
    known = known.assign(**{ACCOUNT_ID: known[ACCOUNT_ID].astype(str)})
    joined = rows.merge(planned, on=ACCOUNT_ID, how="left").merge(known, on=ACCOUNT_ID, how="left")
    return (
        joined.assign(
            rank=pd.to_numeric(joined["priority"], errors="coerce").astype(float).fillna(NO_PRIORITY),
            worth=-joined["expected_value"].astype(float).fillna(0.0),
            name=joined["name"]
            .where(joined["name"].map(is_known).astype(bool), joined[ACCOUNT_ID])
            .astype("str"),
        )
        .sort_values(["due_on", "rank", "worth"], kind="stable", ignore_index=True)
        .drop(columns=["rank", "worth"])
    )


def _with_people(rows: pd.DataFrame, facts: AccountFacts, settings: Settings) -> pd.DataFrame:
    """Add whom to speak with, and what to mind about that."""
    who = rows[[ACCOUNT_ID, "owner", "channel"]].merge(facts.contacts, on=ACCOUNT_ID, how="left")
    foreign = language_not_spoken(
        who["language"], who["owner"], team=facts.team, team_languages=settings.agenda.team_languages
    )
    other = other_channel_wanted(who["preferred_channel"], who["channel"])
    records = who.assign(foreign=foreign, other=other).to_dict("records")
    return rows.assign(
        contact=[_contact(record) for record in records],
        remarks=[_remarks(record, facts.team) for record in records],
    )


def _contact(record: Mapping[Any, Any]) -> str:
    """Word the person: name or id, role, what they prefer."""
    if not is_known(record["contact_id"]):
        return ""
    name = record["contact_name"] if is_known(record["contact_name"]) else record["contact_id"]
    language = record["language"]
    parts = [str(record["role"])] if is_known(record["role"]) else []
    parts += [LANGUAGES.get(str(language).lower(), str(language)).capitalize()] if is_known(language) else []
    prefers = record["preferred_channel"]
    parts += [f"prefers {_channel(prefers)}"] if is_known(prefers) else []
    return f"{name} ({', '.join(parts)})" if parts else str(name)


def _remarks(record: Mapping[Any, Any], team: pd.DataFrame) -> str:
    """Word where the person asks for something else than is planned."""
    told = []
    if record["other"]:
        told.append(f"the contact prefers {_channel(record['preferred_channel'])}: ask whether this suits")
    if record["foreign"]:
        able = who_speaks(record["foreign"], team=team)
        helps = f"; {able} does" if able else ""
        speaks = f"the contact speaks {record['foreign'].capitalize()}"
        told.append(f"{speaks}, which {record['owner']} does not list{helps}")
    return "; ".join(told)


def _channel(word: Any) -> str:
    """Word a channel of the contacts table."""
    return str(word).replace("_", " ").replace("email", "e-mail")
