"""Campaigns as the service shows them: how each stands, and who is next; nothing is written."""

from dataclasses import dataclass

import pandas as pd

from standfast.adapters.ledger import Ledger
from standfast.adapters.ledger_campaigns import Campaign, all_campaigns, campaign_accounts
from standfast.decision.campaign import next_accounts
from standfast.pipelines.campaign_results import Standing, standing_of
from standfast.settings import Settings


@dataclass(frozen=True, eq=False)
class CampaignNow:
    """A campaign, how it stands, and the accounts that are next as of its last look."""

    campaign: Campaign
    standing: Standing
    next: pd.DataFrame


def campaigns_now(ledger: Ledger, settings: Settings, *, most: int) -> list[CampaignNow]:
    """Give every campaign of the book, those that go on first."""
    every = sorted(all_campaigns(ledger), key=lambda one: (not one.is_live, one.name.casefold()))
    return [
        CampaignNow(one, standing_of(ledger, one, settings), _next(ledger, one).head(most)) for one in every
    ]


def _next(ledger: Ledger, campaign: Campaign) -> pd.DataFrame:
    accounts = campaign_accounts(ledger, campaign)
    return next_accounts(accounts if campaign.is_live else accounts[:0], open_list=campaign.open_list)
