"""What went wrong, as a page: what, with which value, and the way back."""

from fastapi import Request
from fastapi.responses import Response

from standfast.service.page.render import render
from standfast.service.problems import Problem

TITLES = {
    401: "Say who you are",
    403: "That is not yours to do",
    404: "There is no such page or account",
    409: "That cannot be done now",
    422: "Something in the form cannot be",
    429: "Too many requests",
    503: "Not there now",
}


def show_problem(request: Request, problem: Problem) -> Response:
    """Give the page of a problem; what it says is escaped as all text is."""
    fields = [
        {**error, "field": str(error["field"]).split(".", 1)[-1].replace("_", " ")}
        for error in problem.errors
    ]
    page = render(
        request, "problem.html", status=problem.status,
        title=TITLES.get(problem.status, "That did not work"), detail=problem.detail, fields=fields,
    )  # fmt: skip
    page.headers.update(problem.headers)
    return page
