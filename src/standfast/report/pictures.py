"""The plots as they stand on the page: inline SVG, a caption, and words for those who cannot see it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from matplotlib.figure import Figure

from standfast.report import plots
from standfast.report.content import EvaluationView
from standfast.report.ink import to_svg
from standfast.report.wording import as_text, figure, hours, is_known, percent


@dataclass(frozen=True)
class Picture:
    """One drawn plot and the line below it."""

    svg: Markup
    caption: str


def draw(drawn: Figure, *, name: str, title: str, description: str, caption: str) -> Picture:
    """Turn a figure into a picture; ``name`` is unique on the page."""
    svg = to_svg(drawn, name=name, title=title, description=description)
    return Picture(Markup(svg), caption)  # noqa: S704  # matplotlib escapes the texts it draws, to_svg the words


@dataclass(frozen=True)
class _Kind:
    curve: str
    draw: Callable[[EvaluationView], Figure]
    title: str
    caption: str


_TOLD = (
    _Kind("gain", plots.plot_gain, "How early the list finds them",
          "Working down the list from the top, how many of the events are found."),
    _Kind("calibration", plots.plot_calibration, "Do the probabilities come true",
          "Each dot is a group of accounts; on the dashed line what was promised came. Bars: 90 % interval."),
)  # fmt: skip
_ANALYST = (
    _Kind("roc", plots.plot_roc, "ROC curve", "Events found against others wrongly flagged."),
    _Kind("precision_recall", plots.plot_precision_recall, "Precision and recall",
          "How right the flags are as more of the events are found."),
)  # fmt: skip


def evaluation_pictures(
    view: EvaluationView, *, anchor: str, event: str
) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """Give the plots everyone reads, and those for the analyst; one without points is left out."""
    told = tuple(_curve(view, kind, anchor, event) for kind in _TOLD if _has_points(view, kind.curve))
    analyst = tuple(_curve(view, kind, anchor, event) for kind in _ANALYST if _has_points(view, kind.curve))
    dates = [line for line in view.by_date if is_known(line.get("auc"))]
    if len(dates) > 1:
        analyst += (_by_date(view, dates, anchor, event),)
    return told, analyst


def _has_points(view: EvaluationView, curve: str) -> bool:
    return any(len(points) for points in view.curves.get(curve, {}).values())


def _curve(view: EvaluationView, kind: _Kind, anchor: str, event: str) -> Picture:
    auc = view.metrics.get("auc", (None,))[0]
    described = f"{kind.caption} Base rate {percent(view.base_rate)}, AUC {figure(auc)}."
    return draw(
        kind.draw(view), name=f"{anchor}-{kind.curve}", title=f"{event}: {kind.title}",
        description=described, caption=f"{kind.title}. {kind.caption}",
    )  # fmt: skip


def _by_date(view: EvaluationView, dates: Sequence[Mapping[str, Any]], anchor: str, event: str) -> Picture:
    told = "; ".join(f"{line['date']}: {figure(line['auc'], 2)}" for line in dates)
    return draw(
        plots.plot_metric_by_date(view),
        name=f"{anchor}-dates",
        title=f"{event}: AUC at each test date",
        description=f"AUC at each test date. {told}.",
        caption="AUC at each test date, with its number of events.",
    )


def importance_picture(
    features: Sequence[tuple[str, float]], *, anchor: str, event: str
) -> tuple[Picture, ...]:
    """Give the plot of what the model looks at, or nothing where it names no feature."""
    known = [(label, share) for label, share in features if is_known(share)]
    if not known:
        return ()
    picture = draw(
        plots.plot_importance(known),
        name=f"{anchor}-importance",
        title=f"{event}: what the model looks at",
        description="; ".join(f"{label} {percent(share)}" for label, share in known),
        caption="What the model looks at: each column's share of its decisions. A sign, not a cause.",
    )
    return (picture,)


def hours_picture(by_owner: Sequence[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """Give the plot of planned hours inside each owner's capacity, where there is more than one."""
    if len(by_owner) < 2:
        return ()
    told = [
        f"{as_text(line.get('owner'))}: {hours((line.get('fixed') or 0) + (line.get('used') or 0))} of "
        f"{hours(line.get('capacity'))}"
        for line in by_owner
    ]
    picture = draw(
        plots.plot_hours(by_owner),
        name="hours",
        title="Planned hours inside each owner's capacity",
        description="; ".join(told),
        caption="Blue: outreach. Grey: fixed work, planned first. Pale: hours there are.",
    )
    return (picture,)
