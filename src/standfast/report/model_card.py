"""The card of a model version: what it learned from, how good it is, where it is weak, how to use it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from standfast.report.gate_view import gate_listing
from standfast.report.listing import Listing
from standfast.report.quality_view import RUNGS
from standfast.report.wording import figure, percent

FIGURES = {
    "auc": "AUC", "log_loss": "log loss", "base_log_loss": "log loss of the base rate",
    "brier": "Brier score", "ece": "calibration error", "lift_at_10": "lift in the top tenth",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CardModel:
    """One propensity on the card.

    Parameters
    ----------
    groups
        group, n, events, rate, said, auc [value, low, high] of each part of the book with enough events.
    """

    word: str
    rung: str
    grade: str
    how: str
    period: str
    n_rows: int
    n_accounts: int
    n_events: int
    base_rate: float
    metrics: Mapping[str, tuple[float, float, float]]
    warnings: Sequence[str] = ()
    groups: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, kw_only=True)
class ModelCard:
    """Everything the card says."""

    book: str
    standfast: str
    data: Mapping[str, Any]
    horizon_days: int
    lead_days: int
    models: Sequence[CardModel]
    notes: Sequence[str] = ()
    gate: Sequence[Mapping[str, Any]] = ()
    columns: Sequence[str] = field(default_factory=tuple)


def card_markdown(card: ModelCard) -> str:
    """Give the card as Markdown; the same training gives the same bytes."""
    parts = [
        f"# Model card: {_safe(card.book)}",
        _about(card),
        *(_model(model) for model in card.models),
        _gate(card),
        _limits(card),
        _use(card),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(card: ModelCard) -> str:
    data = card.data
    period = (
        f"{data['n_dates']} observation dates from {data['first_date']} to {data['last_date']}"
        if data["first_date"]
        else "one flat table, without dates"
    )
    return (
        f"Made by standfast {card.standfast}. Learned from {data['n_rows']:,} rows of {data['n_accounts']:,} "
        f"accounts: {period}. Data fingerprint `{data['fingerprint']}`.\n\n"
        f"Each probability is of the {card.horizon_days} days that begin {card.lead_days} days after the "
        f"observation date. {len(card.columns)} columns are features."
    )


def _model(model: CardModel) -> str:
    lines = [
        f"## {model.word}: grade {model.grade}",
        _judged(model),
        _table(("figure", "value", "interval"), [
            (FIGURES[name], figure(value, 4), _ends(name, low, high))
            for name, (value, low, high) in model.metrics.items() if name in FIGURES
        ]),
        *(f"- {_safe(warning)}" for warning in model.warnings),
        _groups(model),
    ]  # fmt: skip
    return "\n\n".join(line for line in lines if line)


def _ends(name: str, low: float, high: float) -> str:
    """Give the interval; drawing accounts anew only adds calibration error, so there it would mislead."""
    return "see the gate's noise floor" if name == "ece" else f"{figure(low, 4)} to {figure(high, 4)}"


def _judged(model: CardModel) -> str:
    period = f" on {model.period}" if model.period else ""
    return (
        f"{RUNGS.get(model.rung, 'A model')}, learned from {model.n_events:,} accounts of the rarer outcome, "
        f"judged {model.how}{period} on {model.n_rows:,} rows of {model.n_accounts:,} accounts, of which "
        f"{percent(model.base_rate)} came true."
    )


def _groups(model: CardModel) -> str:
    if not model.groups:
        return "No part of the book has enough events to be judged by itself."
    rows = [
        (
            _safe(group["group"]), f"{group['n']:,}", f"{group['events']:,}", percent(group["rate"]),
            percent(group["said"]), "{} ({} to {})".format(*(figure(end, 3) for end in group["auc"])),
        )
        for group in model.groups
    ]  # fmt: skip
    table = _table(("part of the book", "rows", "events", "came true", "promised", "AUC"), rows)
    return f"By part of the book:\n\n{table}"


def _gate(card: ModelCard) -> str:
    if not card.gate:
        return ""
    listing: Listing = gate_listing(card.gate)
    said = [
        f"- {one['model']}, {one['question']}: {_safe(one['sentence'])}"
        for one in card.gate
        if one["answer"] != "pass"
    ]
    table = _table(listing.columns, listing.rows)
    return "\n\n".join(["## What the gate heard", table, *(["\n".join(said)] if said else [])])


def _limits(card: ModelCard) -> str:
    lines = [
        "Probabilities hold under past practice: they do not say what a call would change.",
        "It knows the columns of this book alone; on another book, label or horizon it is refused.",
        "Intervals are over accounts of the past; a change of the times is not in them.",
        *card.notes,
    ]
    return "## Limits\n\n" + "\n".join(f"- {_safe(line)}" for line in lines)


def _use(card: ModelCard) -> str:
    grades = ", ".join(f"{model.word} {model.grade}" for model in card.models)
    return (
        f"## How to use it\n\nGrades: {grades}. A: plan with the probabilities; B: with their intervals; "
        "C: to order accounts, not to budget; D: not at all.\n\n"
        "- `standfast score -o scores.parquet` and `standfast plan` use the champion.\n"
        '- `mlflow.pyfunc.load_model("models:/standfast@champion").predict(features)` gives the same '
        "numbers; nothing in it is pickled.\n"
        "- `standfast models` lists the versions; `standfast models rollback --reason WHY` goes back."
    )


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _safe(text: Any) -> str:
    """Keep a table a table and a user's text no markup."""
    return str(text).replace("\n", " ").replace("|", "\\|").replace("<", "&lt;").replace("`", "'")
