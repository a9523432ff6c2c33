"""Style sheets and scripts of the page, served under names that change with their contents."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from fastapi import APIRouter
from fastapi.responses import Response

from standfast.service.guard import ASSETS
from standfast.service.problems import Problem

KINDS = MappingProxyType(
    {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
)
_PACKAGES = ("standfast.report", "standfast.service")
"""The report's style sheets are the page's, too, so that both look alike."""
FOR_EVER = "public, max-age=31536000, immutable"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Asset:
    """A file, its kind and the name it is served under."""

    body: bytes
    media_type: str
    served_as: str


@cache
def assets() -> dict[str, Asset]:
    """Give every asset by its own name, such as ``service.css``."""
    folders = [resources.files(package).joinpath("assets") for package in _PACKAGES]
    return {
        file.name: _asset(file.name, file.read_bytes())
        for folder in folders
        for file in folder.iterdir()
        if f".{file.name.rsplit('.', 1)[-1]}" in KINDS
    }


def asset_url(name: str) -> str:
    """Give the address of an asset; templates call it with the file's own name."""
    return f"{ASSETS}{assets()[name].served_as}"


@router.get(f"{ASSETS}{{served_as}}")
def asset(served_as: str) -> Response:
    """Give an asset; it may be kept for ever, since another content has another name."""
    found = next((one for one in assets().values() if one.served_as == served_as), None)
    if found is None:
        raise Problem(404, "there is no such asset; load the page again")
    return Response(found.body, media_type=found.media_type, headers={"Cache-Control": FOR_EVER})


def _asset(name: str, body: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    return Asset(body, KINDS[f".{ending}"], f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}")
