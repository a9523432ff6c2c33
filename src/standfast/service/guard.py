"""What stands before every request: an id, headers, limits of body and time, a log line without persons."""

import asyncio
import contextlib
import logging
import re
import time
import uuid
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from standfast.service.metrics import Metrics
from standfast.service.problems import Problem, answer_problem, away, problem_of
from standfast.settings.service_policy import ServicePolicy

UPLOADS = frozenset({"/api/v1/score/table"})
"""Paths that take a table; they have a larger limit, and no time-out but that of a body standing still."""
ASSETS = "/assets/"
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LOG = logging.getLogger("standfast.service")


class Guard:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp, *, policy: ServicePolicy, metrics: Metrics) -> None:
        self._app = app
        self._policy = policy
        self._metrics = metrics
        self._hosts = {host.lower() for host in policy.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; other kinds of traffic go through as they are."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        headers = Headers(scope=scope)
        scope["request_id"] = _id_of(headers)
        answer = _Answer(scope, send)
        body = _Body(receive, self._most_bytes(scope), self._policy.body_timeout_seconds)
        try:
            refusal = self._refusal(headers, body)
            if refusal is not None:
                await answer_problem(refusal)(scope, receive, answer.send)
            elif scope["path"] in UPLOADS:
                await self._app(scope, body.receive, answer.send)
            else:
                await self._in_time(scope, body.receive, answer)
        except ClientDisconnect:
            pass
        except Exception as error:  # noqa: BLE001  (told as a problem, and in the log)
            _LOG.error("unforeseen", exc_info=error, extra={"request_id": scope["request_id"]})
            if not answer.status:
                await answer_problem(problem_of(error))(scope, receive, answer.send)
        finally:
            self._note(scope, answer.status, time.perf_counter() - start)

    def _most_bytes(self, scope: Scope) -> int:
        policy = self._policy
        return policy.upload_mb * 1_000_000 if scope["path"] in UPLOADS else policy.body_kb * 1_000

    def _refusal(self, headers: Headers, body: "_Body") -> Problem | None:
        host = headers.get("host", "").rsplit(":", 1)[0].lower()
        if "*" not in self._hosts and host not in self._hosts:
            return Problem(421, f"this service is not called {host!r}; see [service] hosts")
        told = headers.get("content-length", "0")
        return body.too_large() if told.isdecimal() and int(told) > body.most else None

    async def _in_time(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let the application answer, or say after some time that it will not."""
        task = asyncio.ensure_future(self._app(scope, receive, answer.send))
        try:
            await asyncio.wait({task}, timeout=self._policy.timeout_seconds)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            task.result()
            return
        task.cancel()
        late = away(f"no answer within {self._policy.timeout_seconds:g} seconds; come again later")
        if not answer.status:
            await answer_problem(late)(scope, receive, answer.take_over())

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """Count and log a request by its route, never by its path, which may name an account."""
        route = getattr(scope.get("route"), "path", "") or "none"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.note(method, route, status, seconds)
        _LOG.info(
            "request",
            extra={
                "request_id": scope["request_id"], "method": method, "route": route, "status": status,
                "ms": round(seconds * 1000, 1), "caller": getattr(scope.get("caller"), "id", None),
            },
        )  # fmt: skip


class _Body:
    """A body that is counted as it comes, and given up where it stands still."""

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self.most = most
        self._receive, self._seconds = receive, seconds
        self._n_bytes, self._is_whole = 0, False

    def too_large(self) -> Problem:
        return Problem(413, f"the body is larger than {self.most:,} bytes; send less at a time")

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._seconds):  # wait_for makes a task of it
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, f"the body stood still for {self._seconds:g} seconds") from None
        if message["type"] == "http.request":
            self._n_bytes += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
            if self._n_bytes > self.most:
                raise HTTPException(413, self.too_large().detail)
        return message


class _Answer:
    """An answer on its way: its status, and the headers all answers have."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.status = 0
        self._scope, self._send = scope, send
        self._owner = object()

    async def send(self, message: Message) -> None:
        if self._owner is not None:
            await self._pass(message)

    def take_over(self) -> Send:
        """Give what sends from now on; what the application still sends is lost."""
        self._owner = None
        return self._pass

    async def _pass(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._add_headers(MutableHeaders(scope=message))
        with contextlib.suppress(OSError):
            await self._send(message)

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers["x-request-id"] = self._scope["request_id"]
        if self._scope.get("scheme") == "https":
            headers["strict-transport-security"] = HSTS
        if not self._scope["path"].startswith(ASSETS):
            headers.setdefault("cache-control", "no-store")


def _id_of(headers: Headers) -> str:
    told: Any = headers.get("x-request-id", "")
    return told if _ID.fullmatch(told) else uuid.uuid4().hex
