"""Signing in and out; users are added with ``standfast user add``, never here."""

import hmac
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from standfast.adapters.ledger_names import name_key
from standfast.adapters.ledger_sessions import end_session, start_session
from standfast.adapters.ledger_users import User, check_password
from standfast.errors import StandfastError
from standfast.service.door import COOKIE, address_of, refuse_to_wait
from standfast.service.page.render import render
from standfast.service.problems import Problem, away
from standfast.service.security import CSRF_FIELD
from standfast.service.state import Service, service_of

router = APIRouter(include_in_schema=False)
FORM_COOKIE = "standfast_form"
_SHORT = Form(max_length=500)
_TURNS = threading.BoundedSemaphore(4)
_MOST_SECONDS = 5


@router.get("/login")
def login_form(request: Request) -> Response:
    """Show the form; its word stands in a cookie, too, so that no other site can send it."""
    if request.scope.get("caller"):
        return RedirectResponse("/", 303)
    return _form(request, "")


@router.post("/login")
def sign_in(
    request: Request,
    name: Annotated[str, _SHORT],
    password: Annotated[str, _SHORT],
    csrf: Annotated[str, Form(alias=CSRF_FIELD)] = "",
) -> Response:
    """Start a session where name and password fit; the answer does not tell which of them did not."""
    service = service_of(request)
    _refuse_foreign(request, csrf)
    user = _user_of(service, request, name, password)
    if user is None:
        return _form(request, "Name and password do not fit.", status=401)
    hours = service.settings.service.session_hours
    token = start_session(service.door.ledger(), user, hours=hours)
    answer = RedirectResponse("/", 303)
    _set_cookie(answer, request, COOKIE, token, seconds=int(hours * 3600))
    answer.delete_cookie(FORM_COOKIE)
    return answer


@router.post("/logout")
def sign_out(request: Request) -> Response:
    """End the session, here and in the ledger."""
    service, token = service_of(request), request.cookies.get(COOKIE, "")
    end_session(service.door.ledger(), token)
    service.callers.forget(token)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


def _form(request: Request, told: str, *, status: int = 200) -> Response:
    word = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    page = render(request, "login.html", status=status, word=word, told=told)
    _set_cookie(page, request, FORM_COOKIE, word, seconds=3600)
    return page


def _refuse_foreign(request: Request, word: str) -> None:
    kept = request.cookies.get(FORM_COOKIE, "")
    if not kept or not hmac.compare_digest(word.encode(), kept.encode()):
        raise Problem(403, "this form is an old one; load /login again and repeat")


def _tries(service: Service, request: Request, name: str) -> list[tuple[tuple[str, ...], int]]:
    """Give whose failed attempts count, and how many each may have."""
    most, address = service.settings.service.login_attempts, address_of(request)
    lower = name_key(name)
    return [(("both", lower, address), most), (("address", address), 4 * most), (("name", lower), 10 * most)]


def _user_of(service: Service, request: Request, name: str, password: str) -> User | None:
    """Give the user whom name and password fit; who guesses has to wait, and few are checked at once."""
    tries = _tries(service, request, name)
    refuse_to_wait(service.failures.attempt(*tries))
    whos = [who for who, _ in tries]
    try:
        with _turn():
            user = check_password(service.door.ledger(), name, password)
    except (StandfastError, Problem):
        service.failures.take_back(*whos)
        raise
    if user is not None:
        service.failures.take_back(*whos)
        service.failures.forgive(whos[0])
    return user


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one of the few turns: a hash takes memory and time on purpose."""
    if not _TURNS.acquire(timeout=_MOST_SECONDS):
        raise away("many people sign in just now; come again in a moment")
    try:
        yield
    finally:
        _TURNS.release()


def _set_cookie(answer: Response, request: Request, name: str, value: str, *, seconds: int) -> None:
    is_secure = service_of(request).settings.service.secure_cookies or request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=is_secure)
