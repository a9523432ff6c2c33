"""What the commands on models and runs say to a person."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from standfast.report.wording import figure
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.pipelines.models import Decided, KnownModels
    from standfast.pipelines.runs import RunLine


def show_models(known: "KnownModels") -> None:
    """List the versions there are, the champion first."""
    if not known.models:
        print_lines(["there is no model yet; train one with: standfast train"])
    else:
        print_table(
            "Models, the champion first",
            ("", "version", "recorded (UTC)", "learned until", "models, grade and AUC", "standing, and why"),
            [
                (
                    "*" if one.is_champion else "",
                    one.version,
                    one.recorded,
                    one.learned_until,
                    _graded(one.figures),
                    f"{one.standing}: {one.reason}" if one.reason else one.standing,
                )
                for one in known.models
            ],
        )
    print_lines([f"note: {note}" for note in known.notes])


def show_decided(decided: "Decided") -> None:
    """Say what was decided and what is in use now."""
    one = decided.decision
    said = {
        "promote": f"{one.version} is champion now, in place of {one.before or 'none'}",
        "rollback": f"rolled back: {one.version} is champion again, in place of {one.before}",
        "refuse": f"{one.version} is refused; the champion stays {decided.champion or 'none'}",
    }[one.action]
    print_lines([said, f"reason: {one.reason}", *(f"careful: {note}" for note in decided.notes)])


def show_runs(lines: "Sequence[RunLine]") -> None:
    """Print the trainings side by side."""
    if not lines:
        print_lines(["no training is recorded yet; make one with: standfast train"])
        return
    print_table(
        "Trainings, the newest first",
        ("when (UTC)", "version", "gate", "model", "grade", "AUC", "log loss", "calibration error"),
        [
            (
                *((line.at, line.version or "none kept", line.gate) if first else ("", "", "")),
                word,
                found["grade"],
                _between(found["auc"]),
                _between(found["log_loss"]),
                figure(found["ece"]["value"], 4),
            )
            for line in lines
            for first, word, found in _models(line.models)
        ],
    )
    print_lines(["plots, cards and every figure: make ui"])


def _models(models: Mapping[str, Any]) -> list[tuple[bool, str, Mapping[str, Any]]]:
    return [(place == 0, word, found) for place, (word, found) in enumerate(models.items())]


def _graded(figures: Mapping[str, Mapping[str, Any]]) -> str:
    return "; ".join(
        f"{word} {found['grade']} {figure(found['auc']['value'], 3)}" for word, found in figures.items()
    )


def _between(found: Mapping[str, Any]) -> str:
    value, low, high = (figure(found[end], 3) for end in ("value", "low", "high"))
    return f"{value} ({low} to {high})"
