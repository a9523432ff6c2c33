"""What people write on a page: forms, checked as the API checks bodies, and the way back afterwards."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from standfast.service.acts import (
    add_outcomes,
    add_result,
    add_touches,
    make_override,
    put_off,
    stop_override,
)
from standfast.service.bodies import Name, OutcomeBody, OverrideBody, ResultBody, SnoozeBody, TouchBody
from standfast.service.security import Writer
from standfast.service.writes import write

router = APIRouter(include_in_schema=False)
_BESIDE = {"csrf", "back", "campaign"}
_Back = Annotated[str, Field(max_length=2000)]


class TouchForm(TouchBody):
    """A touch, and where to go back to."""

    csrf: str = ""
    back: _Back = "/worklist"


class SnoozeForm(SnoozeBody):
    """A snooze, and where to go back to."""

    csrf: str = ""
    back: _Back = "/worklist"


class OutcomeForm(OutcomeBody):
    """An outcome, and where to go back to."""

    csrf: str = ""
    back: _Back = "/worklist"


class OverrideForm(OverrideBody):
    """An override, and where to go back to."""

    csrf: str = ""
    back: _Back = "/worklist"


class ResultForm(ResultBody):
    """A campaign's result, and where to go back to."""

    campaign: Name
    csrf: str = ""
    back: _Back = "/campaigns"


@router.post("/write/touch")
def write_touch(request: Request, caller: Writer, form: Annotated[TouchForm, Form()]) -> Response:
    """Keep what was done."""
    body = TouchBody(**form.model_dump(exclude=_BESIDE))
    told = write(request, lambda pen: add_touches(pen, [body]))
    return back_to(form.back, "touch" if told["n_new"] else "touch-known")


@router.post("/write/snooze")
def write_snooze(request: Request, caller: Writer, form: Annotated[SnoozeForm, Form()]) -> Response:
    """Put an account off."""
    body = SnoozeBody(**form.model_dump(exclude=_BESIDE))
    write(request, lambda pen: put_off(pen, body))
    return back_to(form.back, "snooze")


@router.post("/write/outcome")
def write_outcome(request: Request, caller: Writer, form: Annotated[OutcomeForm, Form()]) -> Response:
    """Keep what became of an account."""
    body = OutcomeBody(**form.model_dump(exclude=_BESIDE))
    write(request, lambda pen: add_outcomes(pen, [body]))
    return back_to(form.back, "outcome")


@router.post("/write/override")
def write_override(request: Request, caller: Writer, form: Annotated[OverrideForm, Form()]) -> Response:
    """Keep what a person knows better."""
    body = OverrideBody(**form.model_dump(exclude=_BESIDE))
    write(request, lambda pen: make_override(pen, body))
    return back_to(form.back, "override")


@router.post("/write/override-end")
def end_override(
    request: Request,
    caller: Writer,
    override_id: Annotated[int, Form(ge=1, le=2**31 - 1)],
    back: Annotated[str, Form(max_length=2000)] = "/worklist",
) -> Response:
    """Let an override stand no more."""
    told = write(request, lambda pen: stop_override(pen, override_id))
    return back_to(back, "override-ended" if told["stands_now"] is None else "override-earlier")


@router.post("/write/result")
def write_result(request: Request, caller: Writer, form: Annotated[ResultForm, Form()]) -> Response:
    """Keep what came of a campaign's contact."""
    body = ResultBody(**form.model_dump(exclude=_BESIDE))
    write(request, lambda pen: add_result(pen, form.campaign, body))
    return back_to(form.back, "result")


def back_to(address: str, said: str) -> Response:
    """Go back to a page of this service, and to no other, with word of what was done."""
    parts = urlsplit(address)
    is_own = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in address
    is_own = is_own and not parts.path.startswith("//")
    asked = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "said"]
    query = urlencode([*(asked if is_own else []), ("said", said)])
    return RedirectResponse(f"{parts.path if is_own else '/'}?{query}", 303)
