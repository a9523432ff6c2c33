"""The models: grade in plain words, calibration, what they look at, which there were."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from standfast.pipelines.desk import Desk
from standfast.pipelines.models import KnownModel, known_models
from standfast.report.content import PageLimits
from standfast.report.gate_view import gate_lines, gate_listing
from standfast.report.listing import Listing
from standfast.report.quality_view import Quality, event_of, qualities
from standfast.report.wording import figure
from standfast.service.page.kept import kept, kept_content
from standfast.service.page.render import render
from standfast.service.security import Reader
from standfast.service.state import desk_of, service_of

router = APIRouter(include_in_schema=False)
MOST = 20


@dataclass(frozen=True, eq=False)
class ModelsView:
    """What the page says of the models in use."""

    qualities: list[Quality]
    gate: Listing
    gate_lines: list[str]


@router.get("/models")
def models(request: Request, caller: Reader) -> Response:
    """Show how good the model in use is, and which there were."""
    desk = desk_of(request)
    settings = service_of(request).settings
    known = known_models(settings)
    return render(
        request, "models.html",
        view=kept(desk, "models", lambda: models_view(desk)),
        history=[_line(one) for one in known.models[:MOST]], n_more=max(0, len(known.models) - MOST),
        notes=known.notes, mlflow=settings.service.mlflow_address,
    )  # fmt: skip


def models_view(desk: Desk) -> ModelsView:
    """Word and draw the models of a desk."""
    content = kept_content(desk)
    return ModelsView(
        qualities=qualities(content, limits=PageLimits()),
        gate=gate_listing(content.gate),
        gate_lines=gate_lines(content.gate),
    )


def _line(one: KnownModel) -> Mapping[str, Any]:
    """Word a version: when, of what book, how good, where it stands and why."""
    return {
        "version": one.version,
        "recorded": one.recorded[:10],
        "book": one.book,
        "until": one.learned_until,
        "standing": one.standing,
        "is_champion": one.is_champion,
        "reason": one.reason,
        "figures": "; ".join(_figures(target, told) for target, told in one.figures.items()),
    }


def _figures(target: str, told: Mapping[str, Any]) -> str:
    """Word the figures of one model: its grade, and how often it tells a pair apart, with the interval."""
    auc = told["auc"]
    between = f"{figure(auc['low'], 2)} to {figure(auc['high'], 2)}"
    return (
        f"{event_of(target).title.lower()}: grade {told['grade']}, AUC {figure(auc['value'], 2)} ({between})"
    )
