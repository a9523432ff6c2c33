"""Templates of the page: strict, escaping, with the house's words, navigation and the form's word."""

from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from standfast.report import wording
from standfast.service.assets import asset_url
from standfast.service.callers import Caller
from standfast.service.page.drawings import without_styles
from standfast.service.rights import has
from standfast.service.state import service_of

SAID = {
    "touch": "Kept: what you did is in the ledger, and off your list.",
    "touch-known": "That was in the ledger already; it is kept once.",
    "snooze": "Put off; it comes back on its day.",
    "outcome": "Kept: the outcome is in the ledger.",
    "override": "Kept: your word stands beside the model's until its last day.",
    "override-ended": "Ended; that it was stays in the ledger.",
    "override-earlier": "Ended; the word before it was not, and stands again: end it, too, if it is wrong.",
    "result": "Kept: the campaign's result is in the ledger.",
    "campaign": "Begun: the campaign's lists stand below.",
    "campaign-opened": "Looked again, and the next list is open.",
    "campaign-looked": "Looked again: who is next stands below; no other list is open yet.",
    "campaign-stopped": "Stopped: its accounts are free for others; late results may still be recorded.",
}
"""What a page says after a form was sent; the address holds the key alone."""


def render(request: Request, template: str, *, status: int = 200, **content: Any) -> HTMLResponse:
    """Give a page; every template extends ``base.html`` and may use what ``_shared`` gives.

    Examples
    --------
    ``return render(request, "book.html", cells=cells)``
    """
    page = environment().get_template(template).render(**_shared(request), **content)
    return HTMLResponse(page, status)


@cache
def environment() -> Environment:
    """Give the templates of the service."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader("standfast.service"), PackageLoader("standfast.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=wording.as_text,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = (wording.money, wording.percent, wording.count, wording.hours, wording.day, wording.sentence)
    made.filters |= {word.__name__: word for word in (*words, wording.plain, wording.figure, without_styles)}
    made.globals |= {"asset": asset_url}
    return made


def _shared(request: Request) -> dict[str, Any]:
    """Give what every page shows: who is signed in, where to go, what the figures are of."""
    from standfast.service.page import PAGES  # noqa: PLC0415  (which lists the pages that render by this)

    service = service_of(request)
    caller: Caller | None = request.scope.get("caller")
    desk = service.keeper.desk
    return {
        "caller": caller,
        "csrf": caller.csrf if caller else "",
        "may_write": caller is not None and has(caller, "write"),
        "may_lead": caller is not None and has(caller, "write") and not caller.is_confined,
        "pages": [page for page in PAGES if page.title],
        "here": request.url.path,
        "said": SAID.get(request.query_params.get("said", ""), ""),
        "book_name": service.settings.book_name,
        "currency": service.settings.units.currency,
        "facts": desk.facts if desk else None,
        "stale": service.keeper.problem,
    }
