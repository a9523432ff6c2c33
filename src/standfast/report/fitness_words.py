"""How fit a model is for each group of accounts: in a sentence, as a table, as markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from standfast.report.listing import Listing
from standfast.report.wording import count, counted, figure, is_known, percent, plain, spoken

ALIKE = "as elsewhere, within chance"
NOISY = "level and order as elsewhere; calibration error beyond chance"
TOO_FEW = "too few"


def fitness_line(told: Mapping[str, Any]) -> str:
    """Say what was judged and what came of it."""
    groups = told["groups"]
    few = [one for one in groups if TOO_FEW in one["findings"]]
    wrong = [one for one in groups if set(one["findings"]) - {TOO_FEW}]
    kinds = ", ".join(dict.fromkeys(spoken(one["dimension"]) for one in groups))
    absent = ", ".join(map(spoken, told["absent"]))
    if not groups:
        return "not judged by group: the book has none of the columns that [fitness] by names"
    n_judged = len(groups) - len(few)
    found = "1 of them errs" if len(wrong) == 1 else f"{len(wrong) or 'none'} of them err"
    judged = (
        f"judged in {counted(n_judged, 'group')} of accounts by {kinds}: {found} more than the rest beyond "
        f"chance ({percent(told['confidence'])}, corrected for {counted(told['n_tests'], 'comparison')})"
    )
    small = (
        f"{counted(len(few), 'group')} too small to judge (under {told['least_events']} accounts of the "
        "rarer outcome)"
    )
    unknown = f"not by {absent}, which the book does not tell"
    return "; ".join([judged, *([small] if few else ()), *([unknown] if absent else ())])


def group_warning(one: Mapping[str, Any]) -> str:
    """Say of one group where the model errs more than elsewhere, with the figures."""
    told = {
        "promises too little": _level(one),
        "promises too much": _level(one),
        "orders worse": f"AUC {_between(one['auc'], 2)} against {figure(one['auc_of_rest'], 2)} of the rest",
    }
    parts = [f"it {name} ({told[name]})" for name in one["findings"] if name in told]
    return f"{name_of(one)}, {counted(one['n_accounts'], 'account')}: {' and '.join(parts)}"


def name_of(one: Mapping[str, Any]) -> str:
    """Say which group it is."""
    return f"{spoken(one['dimension'])} {plain(one['group'])}"


def fitness_listing(told: Mapping[str, Any]) -> Listing:
    """Put the groups below each other, the dimensions in their order."""
    columns = ("Group", "Accounts", "Events", "Promised", "Came", "Between", "AUC", "Between", "Verdict")
    return Listing(columns, tuple(_row(one) for one in told["groups"]))


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    low, high = (_share(one["mean_probability"] + (one["level"][end] or 0.0)) for end in ("low", "high"))
    ends = (one["auc"]["low"], one["auc"]["high"])
    return (
        name_of(one),
        count(one["n_accounts"]),
        count(one["n_events"]),
        percent(one["mean_probability"]),
        percent(one["event_rate"]),
        f"{percent(low)} to {percent(high)}",
        figure(one["auc"]["value"], 2),
        f"{figure(ends[0], 2)} to {figure(ends[1], 2)}" if all(map(is_known, ends)) else "",
        verdict(one),
    )


def verdict(one: Mapping[str, Any]) -> str:
    """Say in a few words what was found of a group."""
    if TOO_FEW in one["findings"]:
        return "too few events to judge"
    wrong = ", ".join(one["findings"])
    noisy = is_known(one["ece"]) and is_known(one["ece_noise"]) and one["ece"] > one["ece_noise"]
    return wrong or (NOISY if noisy else ALIKE)


def fitness_markdown(named: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Give the tables of all models as markdown, each under its name."""
    return "\n\n".join(_section(word, told) for word, told in named) + "\n"


def fitness_csv(named: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Give every figure of every group as CSV, to be compared across runs."""
    parts = [pd.json_normalize(told["groups"]).assign(model=word) for word, told in named if told["groups"]]
    if not parts:
        return ""
    table = pd.concat(parts, ignore_index=True)
    table["findings"] = table["findings"].map("; ".join)
    return str(table[["model", *table.columns.drop("model")]].to_csv(index=False, lineterminator="\n"))


def _section(word: str, told: Mapping[str, Any]) -> str:
    listing = fitness_listing(told)
    lines = [f"## {word}", "", f"{fitness_line(told)}.", "", _line(listing.columns)]
    return "\n".join([*lines, _line(["---"] * len(listing.columns)), *map(_line, listing.rows)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/').replace(chr(10), ' ') for cell in cells)} |"


def _level(one: Mapping[str, Any]) -> str:
    low, high = (_share(one["mean_probability"] + one["level"][end]) for end in ("low", "high"))
    came = f"{percent(one['event_rate'])} came ({percent(low)} to {percent(high)})"
    return f"{percent(one['mean_probability'])} promised, {came}"


def _between(figures: Mapping[str, Any], digits: int) -> str:
    value, low, high = (figure(figures[end], digits) for end in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))
