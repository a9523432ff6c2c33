"""The agenda of each account: how it stands, what has changed, what is open, what to ask (C4)."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from standfast.decision.agenda import changes_since, questions_for
from standfast.features.catalogue import CATALOGUE, FeatureMeaning, describe
from standfast.pipelines.account_facts import AccountFacts
from standfast.report.feature_words import change_words, feature_words
from standfast.report.wording import count, counted, day, is_known
from standfast.report.worklist_content import Agenda
from standfast.schema import ACCOUNT_ID, OBSERVATION_DATE
from standfast.settings import Settings

_NONE: Mapping[str, FeatureMeaning] = {}


def make_agendas(
    rows: pd.DataFrame,
    facts: AccountFacts,
    *,
    settings: Settings,
    own: Mapping[str, FeatureMeaning] = _NONE,
) -> dict[str, Agenda]:
    """Give an agenda for each account with something to do.

    Parameters
    ----------
    rows
        The list: account_id, segment, play, kind and, where scores carry them, reasons; the first row of an
        account names its play.
    own
        What the user's own features mean.
    """
    currency, policy = settings.units.currency, settings.agenda
    first = rows.drop_duplicates(ACCOUNT_ID)
    moved = changes_since(facts.now, facts.then.drop(columns=OBSERVATION_DATE), policy=policy)
    changes = _by_account(moved, lambda row: _change(row, own, currency))
    tickets = {str(account): _tickets(its) for account, its in facts.tickets.groupby(ACCOUNT_ID)}
    alerts = _by_account(facts.alerts, _alert)
    since = _since(facts)
    renewals = _renewals(facts.now)
    meanings = {describe(name, own).label: describe(name, own) for name in (*CATALOGUE, *own)}
    plays = {play.name: play for play in settings.play_book}
    agendas = {}
    for row in first.to_dict("records"):
        account = str(row[ACCOUNT_ID])
        reasons = _reasons(row.get("reasons"), meanings)[: policy.n_reasons]
        play = plays.get(str(row["play"]))
        told = [(raises, feature_words(m, value, currency=currency)) for m, value, raises in reasons]
        agendas[account] = Agenda(
            worries=tuple(words for raises, words in told if raises),
            good_signs=tuple(words for raises, words in told if not raises),
            since=since.get(account, ""),
            changes=tuple(changes.get(account, ())),
            tickets=tickets.get(account, ""),
            alerts=tuple(alerts.get(account, ())),
            renewal=renewals.get(account, ""),
            questions=questions_for(
                [(meaning.family, raises) for meaning, _, raises in reasons],
                action=play.action if play and play.action else None,
                kind=str(row["kind"]),
                most=policy.most_questions,
            ),
            goal=play.goal if play else "",
            steps=play.steps if play else (),
        )
    return agendas


def _reasons(text: Any, meanings: Mapping[str, FeatureMeaning]) -> list[tuple[FeatureMeaning, Any, bool]]:
    """Give the readable reasons of a scores row: what it is about, its figure, whether it raises the risk."""
    if not is_known(text):
        return []
    try:
        found = json.loads(text) if isinstance(text, str) else list(text)
        return [
            (
                meanings.get(str(reason["feature"])) or describe(str(reason["feature"])),
                reason.get("value"),
                float(reason["effect"]) > 0,
            )
            for reason in found
            if float(reason["effect"]) != 0
        ]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []


def _by_account(frame: pd.DataFrame, word: Any) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for row in frame.to_dict("records"):
        told.setdefault(str(row[ACCOUNT_ID]), []).append(word(row))
    return told


def _change(row: Mapping[Any, Any], own: Mapping[str, FeatureMeaning], currency: str) -> str:
    return change_words(describe(row["feature"], own), row["before"], row["after"], currency=currency)


def _alert(row: Mapping[Any, Any]) -> str:
    since = f" (since {day(row['opened_on'])})" if is_known(row.get("opened_on")) else ""
    what = f": {row['action']}" if is_known(row.get("action")) else ""
    return f"{row['reason']}{since}{what}"


def _tickets(its: pd.DataFrame) -> str:
    """Say how many tickets are open, by priority, and since when the oldest is."""
    priorities = its["priority"].astype("str").fillna("no priority").value_counts(sort=False)
    parts = ", ".join(f"{count(n)} {name}" for name, n in priorities.items())
    escalated = int(its["escalated"].map(lambda value: value is True or value == 1).sum())
    also = f", {count(escalated)} escalated" if escalated else ""
    oldest = day(pd.to_datetime(its["opened_at"]).min())
    return f"{counted(len(its), 'open ticket')} ({parts}{also}), the oldest since {oldest}"


def _since(facts: AccountFacts) -> dict[str, str]:
    """Say what the past is that the present is told against."""
    contact = facts.last_contact.set_index(ACCOUNT_ID)["day"].to_dict() if len(facts.last_contact) else {}
    return {
        str(row[ACCOUNT_ID]): f"against {day(row[OBSERVATION_DATE])}"
        + (f"; last contact {day(contact[row[ACCOUNT_ID]])}" if row[ACCOUNT_ID] in contact else "")
        for row in facts.then[[ACCOUNT_ID, OBSERVATION_DATE]].to_dict("records")
    }


def _renewals(now: pd.DataFrame) -> dict[str, str]:
    """Say when each account renews, where that lies ahead."""
    if not {"days_to_renewal", OBSERVATION_DATE} <= set(now):
        return {}
    told = now[pd.to_numeric(now["days_to_renewal"], errors="coerce").notna()]
    return {
        str(row[ACCOUNT_ID]): _renewal(row)
        for row in told[[ACCOUNT_ID, OBSERVATION_DATE, "days_to_renewal"]].to_dict("records")
    }


def _renewal(row: Mapping[Any, Any]) -> str:
    n_days = int(float(row["days_to_renewal"]))
    return f"{day(row[OBSERVATION_DATE] + timedelta(days=n_days))}, in {counted(n_days, 'day')}"
