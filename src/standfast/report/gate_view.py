"""What the gate asked and heard, as a short table: one line per criterion, one column per model."""

from collections.abc import Mapping, Sequence
from typing import Any

from standfast.report.listing import Listing
from standfast.report.wording import UNKNOWN

Answers = Sequence[Mapping[str, Any]]


def gate_listing(gate: Answers) -> Listing:
    """Give one row per criterion that was asked, with each model's answer."""
    models = list(dict.fromkeys(str(one["model"]) for one in gate))
    questions = dict.fromkeys(str(one["question"]) for one in gate)
    heard = {(str(one["question"]), str(one["model"])): str(one["answer"]) for one in gate}
    rows = tuple(
        (question, *(heard.get((question, model), UNKNOWN) for model in models)) for question in questions
    )
    return Listing(("the gate asks", *models), rows)


def gate_lines(gate: Answers) -> list[str]:
    """Say of each criterion that failed what was found."""
    return [
        f"{one['model']} fails: {one['question']} ({one['sentence']})"
        for one in gate
        if one["answer"] == "fail"
    ]


def gate_markdown(gate: Answers, verdict: str) -> str:
    """Give the verdict with every answer, its figure and interval, as Markdown."""
    head = ["# The gate", "", f"**{verdict}**", "", "| model | criterion | answer | what was found |"]
    lines = [
        f"| {one['model']} | {one['question']} | {one['answer']} | {_cell(one['sentence'])} |" for one in gate
    ]
    return "\n".join([*head, "| --- | --- | --- | --- |", *lines, ""])


def _cell(text: Any) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")
