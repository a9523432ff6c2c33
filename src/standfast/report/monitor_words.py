"""What monitoring found, in the words that terminal, report and page share."""

from collections.abc import Mapping, Sequence
from typing import Any

from standfast.learning.check import STEPS

Told = Mapping[str, Any]


def headline_lines(told: Told) -> list[str]:
    """Give the verdict, and what it speaks of."""
    lines = [told["sentence"]]
    when = f"as of {told['as_of']}, " if told["as_of"] else ""
    matured = told.get("matured") or []
    labels = (
        f"; judged on labels of {len(matured)} months new to it, {matured[0]} to {matured[-1]}"
        if matured
        else ""
    )
    lines.append(f"{when}model {told['champion']}{labels}")
    return lines


def by_urgency(checks: Sequence[Told]) -> list[Told]:
    """Give the checks, those that ask for most first; what could not be judged last."""
    return sorted(checks, key=lambda one: (-STEPS.index(one["step"]), not one["is_judged"]))
