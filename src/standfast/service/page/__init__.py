"""The pages: one router per file; PAGES lists them, in the order of the navigation."""

from dataclasses import dataclass

from fastapi import APIRouter

from standfast.service.page import book, login


@dataclass(frozen=True)
class Page:
    """A router of pages, and how the navigation calls it; without a title it is not in there."""

    router: APIRouter
    path: str = ""
    title: str = ""


PAGES = (Page(login.router), Page(book.router, "/", "Book"))
