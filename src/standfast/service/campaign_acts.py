"""What a lead does with a campaign: start it, look who is next, open its next list, stop it."""

import pandas as pd

from standfast.adapters.ledger_audit import note
from standfast.adapters.ledger_campaigns import find_campaign
from standfast.pipelines.campaign_look import look_again, present_accounts
from standfast.pipelines.campaign_next import open_lists, whom_next
from standfast.pipelines.campaign_results import stop_here
from standfast.pipelines.campaign_start import Asked, asked_for, begin_campaign
from standfast.pipelines.desk import Desk
from standfast.pipelines.segments import segment_frame
from standfast.report.plain_values import plain
from standfast.service.acts import Act, Pen, Told
from standfast.service.beside import today
from standfast.service.bodies import CampaignBody, LookBody, StopBody
from standfast.service.callers import Caller
from standfast.service.rights import refuse_confined

MOST_NEXT = 20


def starting(caller: Caller, desk: Desk, body: CampaignBody) -> Act:
    """Give the act of starting a campaign on a desk; what takes long is done before anything is locked."""
    refuse_confined(caller, "a campaign")
    asked = asked_for(
        desk.settings, name=body.name, offer=body.offer, where=body.where or None,
        lists=tuple(body.lists) if body.lists else None, is_experimental=body.is_experimental,
    )  # fmt: skip
    frame = segment_frame(
        desk.seen.observed, desk.book.given.scores, settings=desk.settings,
        with_own_columns=asked.wanted is not None,
    )  # fmt: skip
    return lambda pen: _start(pen, asked, frame)


def look(pen: Pen, name: str, body: LookBody) -> Told:
    """Look again who is held back, open the lists whose turn has come, and tell who is next."""
    refuse_confined(pen.caller, "a campaign's next list")
    settings, current = pen.desk.settings, present_accounts(pen.desk.seen.observed)
    campaign = find_campaign(pen.ledger, name, live_only=True)
    day = max(today(pen.desk), campaign.started_on)
    look_again(pen.ledger, campaign, current, settings, day=day)
    note(pen.ledger, who=pen.caller.who, action="campaign looked at", details={"name": campaign.name})
    looked = find_campaign(pen.ledger, campaign.name)
    opened = open_lists(pen.ledger, looked, go_on=body.go_on, who=pen.caller.who)
    found = whom_next(pen.ledger, campaign.name, current, most=MOST_NEXT, owner=None, opened=opened)
    return dict(plain(found.summary))


def stop(pen: Pen, name: str, body: StopBody) -> Told:
    """Stop a campaign, which frees its accounts for others."""
    refuse_confined(pen.caller, "the end of a campaign")
    stopped = stop_here(
        pen.ledger, pen.desk.settings, name=name, reason=body.reason, day=body.day, who=pen.caller.who
    )
    return dict(plain(stopped.summary))


def _start(pen: Pen, asked: Asked, frame: pd.DataFrame) -> Told:
    begun = begin_campaign(
        pen.ledger, asked, frame, settings=pen.desk.settings, day=today(pen.desk), who=pen.caller.who
    )
    return dict(plain(begun.summary))
