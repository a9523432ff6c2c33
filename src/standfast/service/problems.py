"""What went wrong, as application/problem+json (RFC 9457): what, where, with which value, and the way out."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from standfast.errors import AwayError, InputError, StandfastError, StateError, TakenError, UnknownNameError
from standfast.report.plain_values import plain

MEDIA_TYPE = "application/problem+json"
_SHOWN = 200


class FieldProblem(BaseModel):
    """One field that cannot be what it is."""

    field: str = Field(examples=["body.until"])
    value: Any = Field(default=None, examples=["tomorrow"])
    message: str = Field(examples=["Input should be a valid date"])


class ProblemBody(BaseModel):
    """What went wrong."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["until: 'tomorrow' cannot be: Input should be a valid date"])
    errors: list[FieldProblem] = []


class Problem(Exception):  # noqa: N818  (RFC 9457 calls it so)
    """An answer that says what went wrong."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, dict(headers or {})


def answer_problem(problem: Problem) -> Response:
    """Give a problem as the answer."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "errors": [plain(error) for error in problem.errors],
    }
    return JSONResponse(body, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def away(detail: str, *, seconds: float = 5) -> Problem:
    """Give the problem of what is not there now and will be again."""
    return Problem(503, detail, headers={"Retry-After": str(max(1, round(seconds)))})


def add_handlers(app: FastAPI) -> None:
    """Let every error be answered as a problem."""
    app.add_exception_handler(Problem, _answer)
    app.add_exception_handler(StandfastError, _answer)
    app.add_exception_handler(HTTPException, _answer)
    app.add_exception_handler(RequestValidationError, _answer)


def problem_of(error: Exception) -> Problem:  # noqa: PLR0911  (one answer per kind of error)
    """Give what to say of an error; of one that nobody foresaw only that it was one."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return Problem(error.status_code, str(error.detail), headers=error.headers)
        case UnknownNameError():
            return Problem(404, str(error))
        case TakenError():
            return Problem(409, str(error))
        case InputError():
            return Problem(422, str(error))
        case AwayError():
            return away(str(error))
        case StateError():
            return Problem(409, str(error))
        case StandfastError():
            return Problem(422, str(error))
        case _:
            return Problem(
                500, "an error that nobody foresaw; the log of the service tells it by X-Request-ID"
            )


async def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if is_for_a_page(request.url.path, request.headers.get("accept", "")):
        from standfast.service.page.problem import show_problem  # noqa: PLC0415  (which needs this module)

        return await run_in_threadpool(show_problem, request, problem)
    return answer_problem(problem)


def is_for_a_page(path: str, accept: str) -> bool:
    """Say whether a person looks at the answer in a browser."""
    return "text/html" in accept and not path.startswith("/api/")


def _invalid(error: RequestValidationError) -> Problem:
    """Name each field that cannot be, and show its value."""
    errors = [
        {
            "field": ".".join(str(part) for part in one["loc"]),
            "value": _short(one.get("input")),
            "message": one["msg"],
        }
        for one in error.errors()
    ]
    first = errors[0]
    return Problem(422, f"{first['field']}: {first['value']!r} cannot be: {first['message']}", errors=errors)


def _short(value: Any) -> Any:
    told = plain(value)
    return told if len(str(told)) <= _SHOWN else f"{str(told)[:_SHOWN]} ..."
