"""Say whom to contact next in a campaign, and open the next list when its turn has come (O1, O3)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_audit import NOBODY
from standfast.adapters.ledger_campaigns import Campaign, campaign_accounts, find_campaign, pass_gate
from standfast.adapters.tables import write_table
from standfast.decision.campaign import next_accounts
from standfast.decision.gate import Gate
from standfast.errors import StateError
from standfast.pipelines.campaign_look import (
    date_of,
    gate_of,
    look_again,
    open_campaigns,
    present_accounts,
    tallies_of,
)
from standfast.pipelines.campaign_words import one_line
from standfast.pipelines.observe import observe_current, refuse_no_book
from standfast.pipelines.outputs import refuse_to_replace_input
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings

Say = Callable[[str], None]
NEXT_COLUMNS = (
    "owner", ACCOUNT_ID, "name", "list", "place", "annual_revenue", "upsell_probability", "upsell_value",
    "why",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class NextUp:
    """Whom to contact now, and what the gate of the open list says.

    Parameters
    ----------
    opened
        What was said at the gates that were passed just now.
    held_back
        Accounts of the open lists that are suppressed, by reason.
    """

    campaign: Campaign
    rows: pd.DataFrame
    n_left: int
    gate: Gate
    opened: tuple[str, ...]
    held_back: Mapping[str, int]
    output: str | None = None

    @property
    def summary(self) -> Mapping[str, Any]:
        """Plain values for a machine."""
        return {
            "campaign": self.campaign.name, "offer": self.campaign.offer, "as_of": self.campaign.looked_on,
            "open_list": self.campaign.open_list, "next": self.rows, "n_left": self.n_left,
            "gate": asdict(self.gate), "opened": self.opened, "held_back": self.held_back,
            "output": self.output,
        }  # fmt: skip


def next_up(
    settings: Settings,
    *,
    name: str | None = None,
    most: int = 20,
    owner: str | None = None,
    go_on: str | None = None,
    output: Path | None = None,
    as_of: date | None = None,
    who: str = NOBODY,
    say: Say = lambda _: None,
) -> NextUp:
    """Give whom to contact now; a list whose gate is passed opens the next one.

    Parameters
    ----------
    owner
        Only this owner's accounts.
    go_on
        A person's reason to open the next list although the gate does not.

    Raises
    ------
    StateError
        There is no such live campaign, or ``go_on`` comes before the list is at its gate.
    """
    refuse_no_book(settings)
    if output is not None:
        refuse_to_replace_input(output, settings)
    with open_campaigns(settings) as ledger:
        campaign = find_campaign(ledger, name, live_only=True)
        say(f"reading book {settings.book_name!r}")
        observed = observe_current(settings, as_of=as_of)
        current = present_accounts(observed)
        look_again(ledger, campaign, current, settings, day=date_of(observed))
        opened = open_lists(ledger, campaign, go_on=go_on, who=who)
        answer = whom_next(ledger, campaign.name, current, most=most, owner=owner, opened=opened)
    if output is None:
        return answer
    write_table(answer.rows, output)
    return replace(answer, output=str(output))


def whom_next(
    ledger: Ledger,
    name: str,
    current: pd.DataFrame,
    *,
    most: int,
    owner: str | None,
    opened: tuple[str, ...] = (),
) -> NextUp:
    """Give whom to contact as of the last look; nothing is written.

    Parameters
    ----------
    current
        The accounts in the book now, for their names and owners of today.
    """
    campaign = find_campaign(ledger, name)
    accounts = campaign_accounts(ledger, campaign)
    left = accounts if campaign.is_live else accounts.iloc[:0]
    found = _named(next_accounts(left, open_list=campaign.open_list), current)
    mine = found if owner is None else found[found["owner"].str.casefold() == owner.strip().casefold()]
    rows = mine.head(most).reset_index(drop=True)
    gate = gate_of(campaign, tallies_of(ledger, campaign))
    return NextUp(campaign, rows, len(mine), gate, opened, _held_back(accounts, campaign))


def _held_back(accounts: pd.DataFrame, campaign: Campaign) -> dict[str, int]:
    held = accounts[accounts["list"].isin(campaign.opened) & (accounts["n_contacts"] == 0)]
    return {str(why): int(n) for why, n in held["suppressed_because"].value_counts().items()}


def open_lists(ledger: Ledger, campaign: Campaign, *, go_on: str | None, who: str) -> tuple[str, ...]:
    """Open the lists whose turn it is, and give what was said at the gates that were passed.

    Raises
    ------
    StateError
        ``go_on`` comes before the list is at its gate, or there is no list to go on to.
    """
    said: list[str] = []
    tallies = tallies_of(ledger, campaign)
    while True:
        campaign = find_campaign(ledger, campaign.name)
        gate = gate_of(campaign, tallies)
        place = campaign.lists.index(campaign.open_list) + 1
        opens = campaign.lists[place] if place < len(campaign.lists) else None
        overruled = go_on is not None and not gate.opens_next and not said
        if overruled:
            _refuse_too_early(gate, opens)
        if opens is None or not (gate.opens_next or overruled):
            return tuple(said)
        because = one_line(go_on, called="the reason to go on", most=500) if overruled and go_on else None
        pass_gate(
            ledger,
            campaign,
            opens=opens,
            verdict=gate.verdict,
            sentence=gate.sentence,
            overruled_because=because,
            who=who,
        )
        said.append(
            f"{gate.sentence}; " + (f"overruled: {because}; " if because else "") + f"list {opens} is open"
        )


def _refuse_too_early(gate: Gate, opens: str | None) -> None:
    if opens is None:
        raise StateError(f"list {gate.list} is the last one; there is none to go on to")
    if gate.verdict == "working":
        raise StateError(f"{gate.sentence}; list {opens} cannot open before, so leave --go-on out")


def _named(rows: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Add each account's name and its owner of today."""
    today = current.reindex(columns=[ACCOUNT_ID, "name", "owner"]).astype("str")
    found = rows.drop(columns="owner").merge(today, on=ACCOUNT_ID, how="left")
    return found[list(NEXT_COLUMNS)]
