"""Writes as a whole: what is written, its audit entry and its kept answer are one transaction, or nothing."""

import hashlib
import json
import re

from fastapi import Request
from fastapi.responses import Response

from standfast.adapters.ledger_answers import Answer, keep_answer, kept_answer
from standfast.report.plain_values import plain
from standfast.service.acts import Act, Pen, Told
from standfast.service.problems import Problem
from standfast.service.security import current_user
from standfast.service.state import desk_of, service_of

KEY_HEADER = "idempotency-key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def write(request: Request, act: Act) -> Told:
    """Do an act for a page: all of it or nothing, and give what it tells."""
    with service_of(request).door.ledger().together() as ledger:
        return act(Pen(ledger, current_user(request), desk_of(request)))


def write_once(request: Request, act: Act, *, asked: object = None, status: int = 201) -> Response:
    """Do an act for the API; with an ``Idempotency-Key`` once, however often it is asked for.

    Parameters
    ----------
    asked
        What the request says: the same key with another request is an error.
    """
    key = request.headers.get(KEY_HEADER)
    caller, desk = current_user(request), desk_of(request)
    who, fingerprint = caller.id, _fingerprint(request, asked)
    with service_of(request).door.ledger().together() as ledger:
        if key is not None:
            before = kept_answer(ledger, who=who, key=_checked(key), fingerprint=fingerprint)
            if before is not None:
                return Response(
                    before.body, before.status, {"Idempotent-Replayed": "true"}, before.media_type
                )
        told = act(Pen(ledger, caller, desk))
        body = json.dumps(plain(told), ensure_ascii=False, allow_nan=False).encode()
        answer = Answer(status, "application/json", body)
        if key is not None:
            keep_answer(ledger, answer, who=who, key=key, fingerprint=fingerprint)
    return Response(answer.body, answer.status, media_type=answer.media_type)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise Problem(
            400, f"Idempotency-Key: {key[:50]!r} cannot be; send 1 to 200 visible characters",
            errors=[{"field": "header.Idempotency-Key", "value": key[:50], "message": "1 to 200 characters"}],
        )  # fmt: skip
    return key


def _fingerprint(request: Request, asked: object) -> str:
    told = json.dumps([request.method, request.url.path, plain(asked)], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()
