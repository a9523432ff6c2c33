"""What leads do on the Campaigns page: start one, look who is next, stop one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from standfast.service.bodies import CampaignBody, LookBody, Name, StopBody
from standfast.service.campaign_acts import look, starting, stop
from standfast.service.page.forms import back_to
from standfast.service.security import Writer
from standfast.service.state import desk_of
from standfast.service.writes import write

router = APIRouter(include_in_schema=False)
_PAGE = "/campaigns"


class StartForm(CampaignBody):
    """A campaign to start."""

    csrf: str = ""


class LookForm(LookBody):
    """A look at who is next."""

    campaign: Name
    csrf: str = ""


class StopForm(StopBody):
    """The end of a campaign."""

    campaign: Name
    csrf: str = ""


@router.post("/write/campaign")
def start_campaign(request: Request, caller: Writer, form: Annotated[StartForm, Form()]) -> Response:
    """Start a campaign."""
    body = CampaignBody(**form.model_dump(exclude={"csrf"}))
    write(request, starting(caller, desk_of(request), body))
    return back_to(_PAGE, "campaign")


@router.post("/write/campaign-next")
def look_who_is_next(request: Request, caller: Writer, form: Annotated[LookForm, Form()]) -> Response:
    """Look again, and open the lists whose turn has come."""
    told = write(request, lambda pen: look(pen, form.campaign, LookBody(go_on=form.go_on)))
    return back_to(_PAGE, "campaign-opened" if told["opened"] else "campaign-looked")


@router.post("/write/campaign-stop")
def stop_campaign(request: Request, caller: Writer, form: Annotated[StopForm, Form()]) -> Response:
    """Stop a campaign."""
    write(request, lambda pen: stop(pen, form.campaign, StopBody(reason=form.reason)))
    return back_to(_PAGE, "campaign-stopped")
