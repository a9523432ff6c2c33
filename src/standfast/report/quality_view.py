"""How good the models are, in words a leader can repeat, with the plots that show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from standfast.report.content import EvaluationView, PageLimits, ReportContent
from standfast.report.curve_plot import curve_picture
from standfast.report.fitness_words import fitness_line, fitness_listing
from standfast.report.listing import Listing
from standfast.report.pictures import Picture, evaluation_pictures, importance_picture
from standfast.report.wording import count, counted, figure, is_known, percent, spoken, times_in_100


@dataclass(frozen=True)
class Event:
    """How a page speaks of one label: what the model looks for, and who did and did not."""

    title: str
    one: str
    other: str
    happened: str
    many: str


EVENTS: dict[str, Event] = {
    "churned": Event("Who leaves", "one that left", "one that stayed", "left", "leavers"),
    "expanded": Event(
        "Who buys more", "one that bought more", "one that did not", "bought more", "expansions"
    ),
    "contracted": Event("Who buys less", "one that cut back", "one that did not", "cut back", "contractions"),
}
RUNGS = {
    "scorecard": "A rules scorecard",
    "logistic": "A regularised logistic model",
    "blend": "A blend of a logistic model and boosted trees",
}
HOW = {
    "out of time": "on later dates than any it learned from",
    "out of fold": "each scored by a model that had not seen it",
}
_SAME = {"churn": "churned", "upsell": "expanded", "expansion": "expanded", "contraction": "contracted"}


@dataclass(frozen=True)
class Quality:
    """All the page says about one model."""

    anchor: str
    title: str
    grade: str
    grade_sentence: str
    basis: str
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    metrics: tuple[tuple[str, str, str], ...]
    pictures: tuple[Picture, ...]
    analyst_pictures: tuple[Picture, ...]
    groups_told: str
    groups: Listing
    dates: Listing


def event_of(target: str) -> Event:
    """Give the words for a label; one the page has no words for is called by its own name."""
    name = _SAME.get(target, target)
    said = spoken(name)
    return EVENTS.get(
        name, Event(said.capitalize(), f"one with {said}", "one without", said, f"cases of {said}")
    )


def qualities(content: ReportContent, *, limits: PageLimits) -> list[Quality]:
    """Give one entry per target that has a model or an evaluation: leaving first, then growth."""
    evaluations = {_SAME.get(view.target, view.target): view for view in content.evaluations}
    models = {_SAME.get(str(model["target"]), str(model["target"])): model for model in content.models}
    met = dict.fromkeys([*models, *evaluations])
    known = [target for target in EVENTS if target in met]
    in_order = [*known, *(target for target in met if target not in EVENTS)]
    return [_quality(target, models.get(target, {}), evaluations.get(target), limits) for target in in_order]


def _quality(
    target: str, model: Mapping[str, Any], view: EvaluationView | None, limits: PageLimits
) -> Quality:
    event = event_of(target)
    anchor = f"model-{''.join(letter if letter.isalnum() else '-' for letter in target)}"
    told, analyst = evaluation_pictures(view, anchor=anchor, event=event.title) if view else ((), ())
    features = [(spoken(label), share) for label, share in model.get("top_features") or ()]
    importance = importance_picture(features[: limits.features_shown], anchor=anchor, event=event.title)
    return Quality(
        anchor=anchor,
        title=event.title,
        grade=f"Grade {model['grade']}" if is_known(model.get("grade")) else "",
        grade_sentence=_verdict(model),
        basis=_basis(view, model, event),
        sentences=sentences(view, event) if view else (),
        warnings=tuple(map(str, model.get("warnings") or ())),
        metrics=_metrics(view) if view else (),
        pictures=(*told, *importance),
        analyst_pictures=(*analyst, *curve_picture(_curve(model), anchor=anchor, event=event.title)),
        groups_told=fitness_line(model["fitness"]) if model.get("fitness") else "",
        groups=fitness_listing(model["fitness"]) if model.get("fitness") else Listing((), ()),
        dates=date_levels(view.by_date if view else ()),
    )


def date_levels(by_date: Sequence[Mapping[str, Any]]) -> Listing:
    """Put what was promised and what came side by side for each test date; nothing of an older model."""
    rows = tuple(
        (
            str(day["date"]),
            count(day["n"]),
            count(day["events"]),
            percent(day["mean_probability"]),
            percent(day["event_rate"]),
            f"{percent(day['rate_low'])} to {percent(day['rate_high'])}",
            figure(day["auc"], 2),
            figure(day["ece"]),
            "within" if day["ece"] <= day["ece_noise"] else "beyond",
        )
        for day in by_date
        if is_known(day.get("ece"))
    )
    columns = ("Date", "Rows", "Events", "Promised", "Came", "Between", "AUC", "Calibration error", "Chance")
    return Listing(columns, rows)


def _curve(model: Mapping[str, Any]) -> Mapping[str, Any] | None:
    curve: Mapping[str, Any] | None = (model.get("fitness") or {}).get("curve")
    return curve


def _verdict(model: Mapping[str, Any]) -> str:
    """Give what the grade means; its letter stands beside, and its figures are worded below."""
    told = str(model.get("grade_sentence") or "").removeprefix(f"{model.get('grade')}: ")
    return told.split(". ")[0]


def _basis(view: EvaluationView | None, model: Mapping[str, Any], event: Event) -> str:
    rung = RUNGS.get(str(model.get("rung")), "A model")
    if view is None:
        learned = counted(model.get("n_events"), "event")
        return f"{rung} learned from {learned}; it was not tested on rows it had not seen."
    period = f" ({view.period})" if is_known(view.period) else ""
    tested = f"{counted(view.n_rows, 'row')} of {counted(view.n_accounts, 'account')}"
    return (
        f"{rung}, tested on {tested}, {HOW.get(view.how, view.how)}{period}. "
        f"Of these rows, {count(view.n_events)} {event.happened}: {percent(view.base_rate)}."
    )


def sentences(view: EvaluationView, event: Event) -> tuple[str, ...]:
    """Word the figures: pairs told apart, the top tenth, calibration, what is gained over the base rate."""
    found = (_pair(view, event), _lift(view, event), *_calibrated(view, event), _skill(view))
    return tuple(text for text in found if text)


def _pair(view: EvaluationView, event: Event) -> str:
    value, low, high = view.metrics.get("auc", (None, None, None))
    if not is_known(value):
        return ""
    between = (
        f" (between {times_in_100(low)} and {times_in_100(high)})" if is_known(low) and is_known(high) else ""
    )
    return (
        f"Shown two accounts, {event.one} and {event.other}, it tells which is which "
        f"{times_in_100(value)} times in 100{between}; tossing a coin gives 50."
    )


def _lift(view: EvaluationView, event: Event) -> str:
    value, low, high = view.metrics.get("lift_at_10", (None, None, None))
    if not is_known(value):
        return ""
    between = f" ({figure(low, 1)} to {figure(high, 1)})" if is_known(low) and is_known(high) else ""
    return (
        f"The tenth of accounts it puts first holds {figure(value, 1)} times{between} as many {event.many} "
        f"as a tenth drawn at random."
    )


def _calibrated(view: EvaluationView, event: Event) -> list[str]:
    curve = view.curves.get("calibration", {})
    predicted = np.asarray(curve.get("predicted", ()), dtype=float)
    observed = np.asarray(curve.get("observed", ()), dtype=float)
    known = np.isfinite(predicted) & np.isfinite(observed)
    rising = np.argsort(predicted[known], kind="stable")
    predicted, observed = predicted[known][rising], observed[known][rising]
    if not len(predicted):
        return []
    shown = dict.fromkeys([len(predicted) - 1, (len(predicted) - 1) // 2])
    parts = [
        f"of those given about {percent(predicted[place])}, {percent(observed[place])} {event.happened}"
        for place in shown
    ]
    return [f"What it promises and what came: {'; '.join(parts)}.{_noise(view)}"]


def _noise(view: EvaluationView) -> str:
    """Say whether the calibration error is one that true probabilities might show on as many accounts."""
    error = view.metrics.get("ece", (None,))[0]
    expected, _, high = view.metrics.get("ece_noise", (None, None, None))
    if not is_known(error) or not is_known(expected) or not is_known(high):
        return ""
    found = "within the noise floor" if error <= high else "beyond the noise floor"
    return (
        f" The calibration error of {figure(error)} is {found}: by chance alone, true probabilities would "
        f"show {figure(expected)} on such a sample, and up to {figure(high)}."
    )


def _skill(view: EvaluationView) -> str:
    value, low, high = view.metrics.get("skill", (None, None, None))
    if not is_known(value):
        return ""
    between = f" ({percent(low)} to {percent(high)})" if is_known(low) and is_known(high) else ""
    if value <= 0:
        return f"Its probabilities are no better than giving all the base rate of {percent(view.base_rate)}."
    return (
        f"Its probabilities carry {percent(value)}{between} less error (log loss) than giving all the "
        f"base rate of {percent(view.base_rate)}."
    )


METRIC_NAMES = {
    "auc": "AUC (pairs told apart)",
    "average_precision": "Average precision",
    "log_loss": "Log loss (lower is better)",
    "base_log_loss": "Log loss of the base rate",
    "brier": "Brier score (lower is better)",
    "ece": "Calibration error (lower is better)",
    "ece_noise": "Calibration error of true probabilities",
    "lift_at_10": "Lift in the first tenth",
    "skill": "Skill over the base rate",
}


def _metrics(view: EvaluationView) -> tuple[tuple[str, str, str], ...]:
    """Name, value and interval of each metric there is."""
    known = [(name, view.metrics[name]) for name in METRIC_NAMES if name in view.metrics]
    return tuple(
        (METRIC_NAMES[name], figure(value), _between(low, high)) for name, (value, low, high) in known
    )


def _between(low: float, high: float) -> str:
    return f"{figure(low)} to {figure(high)}" if is_known(low) and is_known(high) else ""


def weak_models(models: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Name the models that learned from fewer than 100 events, and from how many."""
    counts = [(event_of(str(m["target"])).title, m.get("n_events")) for m in models]
    return [(title, int(n)) for title, n in counts if is_known(n) and n < 100]
