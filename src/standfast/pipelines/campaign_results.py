"""Record what came of a campaign's contacts, say how it stands, and stop it (O2, O3)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_audit import NOBODY
from standfast.adapters.ledger_campaign_results import Recorded, keep_results
from standfast.adapters.ledger_campaigns import (
    Campaign,
    all_campaigns,
    campaign_accounts,
    end_campaign,
    find_campaign,
    passed_gates,
)
from standfast.decision.effort import EffortRatio, Tally, effort_ratio
from standfast.decision.gate import Gate
from standfast.errors import InputError
from standfast.pipelines.campaign_look import gate_of, open_campaigns, policy_of, tallies_of
from standfast.pipelines.campaign_rows import read_results, results_from
from standfast.pipelines.campaign_words import one_line
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

_SHOWN = 3


@dataclass(frozen=True, eq=False)
class RecordedResults:
    """What was recorded, and what is worth knowing of it."""

    campaign: Campaign
    rows: int
    recorded: Recorded
    notes: tuple[str, ...]

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {
            "campaign": self.campaign.name, "rows": self.rows, **asdict(self.recorded), "notes": self.notes,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Standing:
    """How a campaign stands: effort and result per list, each against the first, and the gates.

    Parameters
    ----------
    ratios
        Effort per won revenue against the first list's, for each later list that has taken effort.
    gates
        Those that were passed, with what was said.
    """

    campaign: Campaign
    tallies: tuple[Tally, ...]
    ratios: Mapping[str, EffortRatio]
    gate: Gate
    gates: pd.DataFrame
    currency: str

    @property
    def costs_money(self) -> bool:
        """Whether effort is money; else it is minutes."""
        return sum(tally.cost for tally in self.tallies) > 0

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        lists = [
            {
                **asdict(tally), "effort_per_revenue": tally.effort_per_revenue,
                "effort_ratio": asdict(self.ratios[tally.list]) if tally.list in self.ratios else None,
            }
            for tally in self.tallies
        ]  # fmt: skip
        return {
            "campaign": asdict(self.campaign), "lists": lists, "gate": asdict(self.gate), "gates": self.gates,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Campaigns:
    """All campaigns of the book."""

    campaigns: tuple[Campaign, ...]

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {"campaigns": [asdict(campaign) for campaign in self.campaigns]}


def record_contact(
    settings: Settings, *, name: str, account: str, who: str = NOBODY, **told: Any
) -> RecordedResults:
    """Record one contact of a campaign and what came of it; told again it is the same one.

    Raises
    ------
    InputError
        The account is in no list of the campaign, or a figure is impossible.
    StateError
        There is no such campaign.
    """
    with open_campaigns(settings) as ledger:
        return keep_contact(ledger, name=name, account=account, who=who, **told)


def keep_contact(
    ledger: Ledger, *, name: str, account: str, who: str = NOBODY, **told: Any
) -> RecordedResults:
    """Record one contact in a ledger that is open; see ``record_contact``."""
    return keep_contacts(ledger, [{ACCOUNT_ID: account, **told}], name=name, who=who, source="the result")


def keep_contacts(
    ledger: Ledger, contacts: Sequence[Mapping[str, Any]], *, name: str, who: str, source: str = "the results"
) -> RecordedResults:
    """Record contacts in a ledger that is open, all of them or none."""
    campaign = find_campaign(ledger, name)
    rows = pd.DataFrame([{key: _as_text(cell) for key, cell in one.items()} for one in contacts])
    return _keep(ledger, campaign, results_from(rows, default_day=campaign.looked_on, source=source), who=who)


def _as_text(cell: Any) -> Any:
    """Give a number as text, so that a nan is no empty cell."""
    return str(cell) if isinstance(cell, float) else cell


def record_file(settings: Settings, *, name: str, file: Path, who: str = NOBODY) -> RecordedResults:
    """Record a file of contacts, all of them or none; a file told twice adds nothing.

    Raises
    ------
    InputError
        The file lacks a column, or rows of it are impossible; the first are named and nothing is kept.
    """
    with open_campaigns(settings) as ledger:
        campaign = find_campaign(ledger, name)
        rows = results_from(read_results(file), default_day=campaign.looked_on, source=file.name)
        return _keep(ledger, campaign, rows, who=who)


def status_of(settings: Settings, *, name: str | None = None) -> Standing | Campaigns:
    """Give how a campaign stands; without a name the only live one, or all of them in short.

    Raises
    ------
    StateError
        There is no such campaign, or none at all.
    """
    with open_campaigns(settings) as ledger:
        campaigns = all_campaigns(ledger)
        if name is None and campaigns and sum(one.is_live for one in campaigns) != 1:
            return Campaigns(campaigns)
        return standing_of(ledger, find_campaign(ledger, name), settings)


def stop_campaign(
    settings: Settings, *, name: str, reason: str, day: date | None = None, who: str = NOBODY
) -> Standing:
    """Stop a campaign, which frees its accounts for others; results may still be recorded.

    Raises
    ------
    StateError
        There is no such campaign, or it is stopped already.
    """
    with open_campaigns(settings) as ledger:
        return stop_here(ledger, settings, name=name, reason=reason, day=day, who=who)


def stop_here(
    ledger: Ledger, settings: Settings, *, name: str, reason: str, day: date | None, who: str
) -> Standing:
    """Stop a campaign in a ledger that is open; see ``stop_campaign``."""
    campaign = find_campaign(ledger, name, live_only=True)
    because = one_line(reason, called="the reason to stop", most=500)
    if day is not None and day < campaign.started_on:
        raise InputError(
            f"campaign {campaign.name!r} cannot stop on {day}: it began on {campaign.started_on}"
        )
    end_campaign(ledger, campaign, reason=because, stopped_on=day or campaign.looked_on, who=who)
    return standing_of(ledger, find_campaign(ledger, campaign.name), settings)


def _keep(ledger: Ledger, campaign: Campaign, rows: pd.DataFrame, *, who: str) -> RecordedResults:
    accounts = campaign_accounts(ledger, campaign)
    _refuse_strangers(rows, accounts, campaign)
    _refuse_earlier(rows, campaign)
    distinct = rows.drop_duplicates(ignore_index=True)
    recorded = keep_results(ledger, campaign, distinct, who=who)
    n_twice = len(rows) - len(distinct)
    recorded = replace(recorded, n_known=recorded.n_known + n_twice)
    return RecordedResults(campaign, len(rows), recorded, _notes(distinct, accounts, campaign))


def _refuse_strangers(rows: pd.DataFrame, accounts: pd.DataFrame, campaign: Campaign) -> None:
    strange = rows.loc[~rows[ACCOUNT_ID].isin(accounts[ACCOUNT_ID]), ACCOUNT_ID].unique().tolist()
    if strange:
        raise InputError(
            f"campaign {campaign.name!r} has no account {strange[:_SHOWN]} on its lists "
            f"{', '.join(campaign.lists)}; nothing was recorded"
        )


def _refuse_earlier(rows: pd.DataFrame, campaign: Campaign) -> None:
    early = rows[rows["day"] < campaign.started_on]
    if len(early):
        raise InputError(
            f"{len(early):,} contacts were before campaign {campaign.name!r} began on {campaign.started_on}, "
            f"such as {early[ACCOUNT_ID].iloc[0]!r} on {early['day'].iloc[0]}; nothing was recorded"
        )


def _notes(rows: pd.DataFrame, accounts: pd.DataFrame, campaign: Campaign) -> tuple[str, ...]:
    contacted = accounts[accounts[ACCOUNT_ID].isin(rows[ACCOUNT_ID])]
    held = contacted[contacted["suppressed_because"].notna()]
    early = contacted[~contacted["list"].isin(campaign.opened)]
    notes = []
    if len(held):
        one, why = held[[ACCOUNT_ID, "suppressed_because"]].iloc[0]
        notes.append(f"{len(held):,} of these accounts were held back, such as {one}: {why}")
    if len(early):
        notes.append(f"{len(early):,} of these accounts are on lists that are not open yet")
    return tuple(notes)


def standing_of(ledger: Ledger, campaign: Campaign, settings: Settings) -> Standing:
    """Give how one campaign stands, from a ledger that is open."""
    tallies, policy = tallies_of(ledger, campaign), policy_of(campaign)
    found = {one.list: effort_ratio(one, tallies[0], confidence=policy.confidence) for one in tallies[1:]}
    ratios = {name: ratio for name, ratio in found.items() if ratio is not None}
    gate, gates = gate_of(campaign, tallies), passed_gates(ledger, campaign)
    return Standing(campaign, tallies, ratios, gate, gates, settings.units.currency)
