"""The door: whoever cannot say who they are comes no further, whatever a route forgot to ask."""

import math

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from standfast.errors import StandfastError
from standfast.service.callers import Caller
from standfast.service.guard import ASSETS
from standfast.service.problems import Problem, answer_problem, away, is_for_a_page
from standfast.service.state import Service

COOKIE = "standfast_session"
OPEN = frozenset({"/health", "/ready", "/login"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ATTEMPTS_OF_ADDRESS = 4


class Door:
    """Finds out who asks, and puts the caller into the scope."""

    def __init__(self, app: ASGIApp, *, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through that is open to all, or whose caller is known and within limits."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        try:
            refusal = await self._refusal(asked)
        except StandfastError as problem:
            refusal = answer_problem(away(str(problem)))
        except Problem as problem:
            refusal = answer_problem(problem)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _refusal(self, asked: HTTPConnection) -> Response | None:
        """Give what is answered instead, and note the caller otherwise."""
        path: str = asked.scope["path"]
        is_open = path in OPEN or path.startswith(ASSETS)
        caller = await self._caller(asked, must=not is_open)
        asked.scope["caller"] = caller
        self._refuse_too_many(asked, caller)
        if is_open or caller is not None:
            return None
        if is_for_a_page(path, asked.headers.get("accept", "")):
            return RedirectResponse("/login", 303)
        raise Problem(
            401, "say who you are: sign in at /login, or send Authorization: Bearer YOUR_KEY",
            headers={"WWW-Authenticate": 'Bearer realm="standfast"'},
        )  # fmt: skip

    async def _caller(self, asked: HTTPConnection, *, must: bool) -> Caller | None:
        """Give the caller by key or by session; where nobody has to be known, an away ledger is no matter."""
        kind, _, key = asked.headers.get("authorization", "").partition(" ")
        is_key = kind.lower() == "bearer" and bool(key.strip())
        token = key.strip() if is_key else asked.cookies.get(COOKIE, "")
        if not token:
            return None
        callers, address = self._service.callers, address_of(asked)
        known = callers.remembered(token)
        if known is not None:
            return known
        refuse_to_wait(self._service.allowance.wait_of(("address", address)))
        try:
            found = await run_in_threadpool(callers.find, token, is_key=is_key)
        except StandfastError:
            if must:
                raise
            return None
        if found is None and is_key:
            self._refuse_guessing(address)
        return found

    def _refuse_guessing(self, address: str) -> None:
        """Note a key that is none, and slow down who sends many; good keys are let in all the same."""
        self._service.failures.add(("keys of", address))
        most = self._service.settings.service.login_attempts * _ATTEMPTS_OF_ADDRESS
        refuse_to_wait(self._service.failures.wait_of(("keys of", address), most=most))

    def _refuse_too_many(self, asked: HTTPConnection, caller: Caller | None) -> None:
        who = caller.id if caller else ("address", address_of(asked))
        refuse_to_wait(self._service.allowance.wait_of(who))


def refuse_to_wait(seconds: float) -> None:
    """Refuse a request that comes too soon, and say when to come again."""
    if seconds > 0:
        told = str(math.ceil(seconds))
        raise Problem(429, f"too many requests; come again in {told} seconds", headers={"Retry-After": told})


def address_of(asked: HTTPConnection) -> str:
    """Give the address a request comes from, as the reverse proxies tell it."""
    return asked.client.host if asked.client else "unknown"
