"""How a campaign stands: who is held back now, what its lists took and brought, which gates it has."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import pandas as pd

from standfast.adapters.ledger import Ledger, describe_ledger
from standfast.adapters.ledger_campaign_results import campaign_results
from standfast.adapters.ledger_campaigns import (
    Campaign,
    campaign_accounts,
    claimed_accounts,
    held_out_accounts,
    keep_look,
)
from standfast.decision.campaign_policy import CampaignPolicy
from standfast.decision.columns import flags
from standfast.decision.effort import Tally, tally_lists
from standfast.decision.gate import Gate, judge_gate
from standfast.decision.suppression import GONE, suppressed_because
from standfast.errors import InputError, StateError
from standfast.pipelines.book_ledger import reading_ledger
from standfast.pipelines.observe import ObservedBook
from standfast.pipelines.typed_rows import typed_rows
from standfast.schema import ACCOUNT_ID
from standfast.settings import Settings


@contextmanager
def open_campaigns(settings: Settings) -> Iterator[Ledger]:
    """Give the ledger, which must be there: a campaign is started before anything else is asked of it.

    Raises
    ------
    StateError
        There is none.
    """
    with reading_ledger(settings) as ledger:
        if ledger is None:
            raise StateError(
                f"there is no ledger {describe_ledger(settings.ledger_address)!r} here, so no campaign "
                "either; work where it is, or start one with: standfast campaign start NAME --offer TEXT"
            )
        yield ledger


def tallies_of(ledger: Ledger, campaign: Campaign) -> tuple[Tally, ...]:
    """Give what each list of a campaign took and brought so far."""
    return tally_lists(
        campaign_accounts(ledger, campaign),
        campaign_results(ledger, campaign),
        lists=campaign.lists,
        hourly_cost=float(campaign.terms["hourly_cost"]),
    )


def gate_of(campaign: Campaign, tallies: Sequence[Tally]) -> Gate:
    """Give what the gate behind the open list says of these figures."""
    return judge_gate(tallies, of=campaign.open_list, policy=policy_of(campaign))


def policy_of(campaign: Campaign) -> CampaignPolicy:
    """Give the gates as they stood when the campaign began."""
    names = ("gate_share", "least_accounts", "max_effort_ratio", "confidence")
    return CampaignPolicy(lists=campaign.lists, **{name: campaign.terms[name] for name in names})


def date_of(observed: ObservedBook) -> date:
    """Give the date as of which the book was looked at."""
    if observed.as_of is None:
        raise InputError("this book tells no date, and a campaign needs one; give it with --as-of YYYY-MM-DD")
    return observed.as_of


def present_accounts(observed: ObservedBook) -> pd.DataFrame:
    """Give the accounts that are in the book now."""
    gone, _ = flags(observed.current, "churned")
    current = typed_rows(observed.current[~gone].reset_index(drop=True))
    return current.assign(**{ACCOUNT_ID: current[ACCOUNT_ID].astype("str")})


def held_back_because(
    ledger: Ledger,
    frame: pd.DataFrame,
    accounts: pd.DataFrame,
    settings: Settings,
    *,
    campaign: Campaign | None,
) -> dict[str, str]:
    """Give why accounts of a campaign are held back now, by account."""
    found = suppressed_because(
        frame,
        guards=settings.guards,
        lifecycle=settings.lifecycle,
        held_out=held_out_accounts(ledger),
        claimed=claimed_accounts(ledger, besides=campaign),
    )
    by_account = found.set_axis(frame[ACCOUNT_ID].astype("str"))
    reasons = by_account.reindex(accounts[ACCOUNT_ID]).mask(
        ~accounts[ACCOUNT_ID].isin(by_account.index).to_numpy(), GONE
    )
    return {str(account): str(why) for account, why in reasons.dropna().items()}


def look_again(
    ledger: Ledger, campaign: Campaign, current: pd.DataFrame, settings: Settings, *, day: date
) -> None:
    """Look again who is held back, so that accounts come back when the reason has ended."""
    if day < campaign.started_on:
        raise InputError(
            f"--as-of {day} is before campaign {campaign.name!r} began, {campaign.started_on}; look later"
        )
    accounts = campaign_accounts(ledger, campaign)
    reasons = held_back_because(ledger, current, accounts, settings, campaign=campaign)
    keep_look(ledger, campaign, looked_on=day, reasons=reasons)
