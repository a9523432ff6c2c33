"""Users and keys, for admins: who there is, and how to shut somebody out at once."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from standfast.adapters.ledger_keys import list_keys, revoke_key
from standfast.adapters.ledger_users import change_user, list_users
from standfast.service.acts import Act, Pen, Told
from standfast.service.api.told import API, Idempotency, example
from standfast.service.problems import Problem
from standfast.service.rows import rows_of
from standfast.service.security import Admin
from standfast.service.state import service_of
from standfast.service.writes import write_once

router = APIRouter(prefix=API, tags=["people"])
_KEY = {"key_id": 1, "name": "nightly", "scopes": "read score", "owner": None, "revoked_at": None}
_USER = {"user_id": 1, "name": "ann", "role": "csm", "owner": "ann", "is_active": True}
PersonName = Annotated[
    str, Path(min_length=1, max_length=200, openapi_examples={"one": {"value": "nightly"}})
]


@router.get("/keys", summary="Keys there are", responses=example({"rows": [_KEY]}))
def keys(request: Request, caller: Admin) -> Response:
    """Give every key, the revoked ones too; nobody has their tokens."""
    return JSONResponse({"rows": rows_of(list_keys(service_of(request).door.ledger()))})


@router.delete(
    "/keys/{name:path}", summary="Revoke a key", responses=example({"name": "nightly", "revoked": True})
)
def delete_key(request: Request, name: PersonName, caller: Admin, key: Idempotency = None) -> Response:
    """Let a key open nothing any more: here at once, on other instances within five seconds."""

    def revoke(pen: Pen) -> Told:
        revoke_key(pen.ledger, name, who=pen.caller.who)
        return {"name": name, "revoked": True}

    return _shut_out(request, revoke)


@router.get("/users", summary="Users there are", responses=example({"rows": [_USER]}))
def users(request: Request, caller: Admin) -> Response:
    """Give every user, without passwords."""
    return JSONResponse({"rows": rows_of(list_users(service_of(request).door.ledger()))})


@router.post(
    "/users/{name:path}/lock", summary="Lock a user", responses=example({"name": "ann", "is_active": False})
)
def lock_user(request: Request, name: PersonName, caller: Admin, key: Idempotency = None) -> Response:
    """Sign a user out everywhere and let them in no more, until ``standfast user change`` does."""
    if caller.kind == "user" and caller.name.casefold() == name.strip().casefold():
        raise Problem(409, "you cannot lock yourself; another admin can")

    def lock(pen: Pen) -> Told:
        locked = change_user(pen.ledger, name, is_active=False, who=pen.caller.who)
        return {"name": locked.name, "is_active": locked.is_active}

    return _shut_out(request, lock)


def _shut_out(request: Request, act: Act) -> Response:
    """Do an act, and ask the ledger anew who anybody is."""
    answer = write_once(request, act, status=200)
    service_of(request).callers.forget_all()
    return answer
