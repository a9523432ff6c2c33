"""The OpenAPI document: problems, ways to sign in, and limits that every operation shares."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from standfast.service.problems import MEDIA_TYPE, ProblemBody

_OPEN = {"/health", "/ready"}
_WORDS: Mapping[str, str] = {
    "400": "The request cannot be read.",
    "401": "Nobody is signed in.",
    "403": "Not allowed to this caller.",
    "404": "Not there.",
    "408": "The body stood still.",
    "409": "Not possible as things stand.",
    "413": "The body is too large.",
    "415": "The body is of another kind.",
    "422": "A field cannot be what it is.",
    "429": "Too many requests; Retry-After says when to come again.",
    "500": "An error that nobody foresaw.",
    "503": "Not now; Retry-After says when to come again.",
    "507": "No room on the disk.",
}


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """Give the document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
        _add_shared(document)
        app.openapi_schema = document
    return app.openapi_schema


def _add_shared(document: dict[str, Any]) -> None:
    parts = document.setdefault("components", {})
    shapes = parts.setdefault("schemas", {})
    problem = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    shapes |= problem.pop("$defs", {}) | {"ProblemBody": problem}
    for name in ("HTTPValidationError", "ValidationError"):
        shapes.pop(name, None)
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "standfast key add NAME --scope read"},
        "session": {"type": "apiKey", "in": "cookie", "name": "standfast_session"},
    }
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["security"] = [] if path in _OPEN else [{"key": []}, {"session": []}]
            _add_problems(operation["responses"])


def _add_problems(responses: dict[str, Any]) -> None:
    for status, text in _WORDS.items():
        shape = {"schema": {"$ref": "#/components/schemas/ProblemBody"}, "example": _example(status, text)}
        told = responses.get(status, {})
        if status == "503" and "application/json" in told.get("content", {}):
            continue
        responses[status] = {"description": text, "content": {MEDIA_TYPE: shape}}


def _example(status: str, text: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": text.rstrip("."),
        "status": int(status),
        "detail": text,
        "errors": [],
    }
