"""What monitoring found, in the terminal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from standfast.report.monitor_words import by_urgency, headline_lines
from standfast.terminal.show import print_lines, print_table

if TYPE_CHECKING:
    from standfast.pipelines.monitor import Monitored


def show_monitor(found: "Monitored") -> None:
    """Print the verdict, what to do, and every check."""
    told = found.summary
    print_lines(headline_lines(told))
    checks = by_urgency(told["checks"])
    if checks:
        print_table("What was looked at", ("step", "check", "found"), [_row(check) for check in checks])
    print_lines([f"note: {note}" for note in told["notes"]])
    if told["retrained"]:
        print_lines([f"trained: {told['retrained']['sentence']}"])
    print_lines([f"to do: {told['next_step']}"])


def _row(check: Mapping[str, Any]) -> tuple[str, str, str]:
    step = check["step"] if check["is_judged"] else "not judged"
    return step, check["kind"], check["sentence"]
