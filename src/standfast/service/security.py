"""What routes ask of a request: who it is, what they may do, and that a form is one of ours."""

import hmac
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request

from standfast.service.callers import Caller, Scope
from standfast.service.door import SAFE
from standfast.service.guard import UPLOADS
from standfast.service.problems import Problem
from standfast.service.rights import refuse_without

CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def current_user(request: Request) -> Caller:
    """Give who asks; the door has let nobody else through."""
    caller: Caller | None = request.scope.get("caller")
    if caller is None:
        raise Problem(401, "say who you are: sign in at /login, or send Authorization: Bearer YOUR_KEY")
    return caller


def need(scope: Scope) -> Callable[[Request], Coroutine[Any, Any, Caller]]:
    """Give the dependency of routes that need a right."""

    async def caller_with(request: Request) -> Caller:  # it waits for nothing; a plain one costs a thread
        caller = current_user(request)
        refuse_without(caller, scope)
        return caller

    return caller_with


async def refuse_foreign_form(request: Request) -> None:
    """Refuse a write by a session that does not bring the session's own word along (CSRF)."""
    caller: Caller | None = request.scope.get("caller")
    if request.method in SAFE or caller is None or caller.kind != "user":
        return
    if not hmac.compare_digest(await _word(request), caller.csrf):
        raise Problem(403, "this form is not of your session, or an old one; load the page again and repeat")


async def _word(request: Request) -> str:
    told = request.headers.get(CSRF_HEADER)
    is_form = request.headers.get("content-type", "").startswith(_FORMS)
    if told is None and is_form and request.url.path not in UPLOADS:  # whose bodies are not kept in memory
        field = (await request.form()).get(CSRF_FIELD, "")
        told = field if isinstance(field, str) else ""
    return (told or "").encode("ascii", "replace").decode()


Dependency = Callable[..., Coroutine[Any, Any, None]]
Reader = Annotated[Caller, Depends(need("read"))]
Scoring = Annotated[Caller, Depends(need("score"))]
Writer = Annotated[Caller, Depends(need("write"))]
Admin = Annotated[Caller, Depends(need("admin"))]
