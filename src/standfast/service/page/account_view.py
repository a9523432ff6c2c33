"""One account as a person reads it: what the trail tells, worded and measured for drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from standfast.propensity.reasons import SMALL
from standfast.report.reason_words import told
from standfast.report.wording import MINUS, as_text, hours, is_known, money, percent

MOST_REASONS = 5
MOST_MOVES = 6
HALF = 50.0
FACTS = {
    "usage": "Usage",
    "product": "Product and seats",
    "support": "Tickets and surveys",
    "relationship": "People and touches",
    "commercial": "Contract and money",
}


@dataclass(frozen=True)
class Bar:
    """A signed effect as a bar from the middle, in percent of the width."""

    x: float
    width: float
    is_more: bool
    figure: str


@dataclass(frozen=True)
class ReasonLine:
    """A reason: what, its value, and which way it moves the probability."""

    feature: str
    value: str
    bar: Bar


@dataclass(frozen=True)
class Family:
    """The reasons of one family, the strongest first, and what the rest add."""

    name: str
    bar: Bar
    lines: tuple[ReasonLine, ...]
    n_more: int


def families_of(summary: Mapping[str, Any], *, currency: str) -> list[Family]:
    """Give the reasons by family, the weightiest family first."""
    every = summary["reasons"]
    sums = summary["families"]
    widest = max([abs(effect) for effect in sums.values()] + [abs(one["effect"]) for one in every] + [1e-9])
    ordered = sorted(sums, key=lambda name: -abs(sums[name]))
    return [_family(name, sums[name], every, widest, currency) for name in ordered]


def _family(
    name: str, effect: float, every: Sequence[Mapping[str, Any]], widest: float, currency: str
) -> Family:
    own = sorted((one for one in every if one["family"] == name), key=lambda one: -abs(one["effect"]))
    lines = tuple(
        ReasonLine(one["feature"], _value(one, currency), bar_of(one["effect"], widest))
        for one in own[:MOST_REASONS]
        if abs(one["effect"]) >= SMALL
    )
    return Family(FACTS.get(name, name.capitalize()), bar_of(effect, widest), lines, len(own) - len(lines))


def _value(one: Mapping[str, Any], currency: str) -> str:
    value = told(one["value"], one["unit"], currency)
    peers = one.get("peers")
    return value if peers is None else f"{value} (peers {told(peers, one['unit'], currency)})"


def bar_of(effect: float, widest: float) -> Bar:
    """Give the bar of an effect; the widest one of the page reaches the edge."""
    width = round(HALF * min(1.0, abs(effect) / widest), 1)
    sign = MINUS if effect < 0 else "+"
    return Bar(HALF if effect > 0 else HALF - width, width, effect > 0, f"{sign}{abs(effect):.2f}")


def moves_of(summary: Mapping[str, Any], *, currency: str) -> list[tuple[str, str, str]]:
    """Give what moved the probability since the earlier date: feature, then and now, by how much."""
    every = (summary["moves"] or {}).get("every", ())
    rows = []
    for one in every[:MOST_MOVES]:
        was, now = (told(one[name], one["unit"], currency) for name in ("then", "now"))
        change = f"{MINUS if one['change'] < 0 else '+'}{abs(one['change']):.2f}"
        rows.append((one["feature"], f"{was}, now {now}" if was != now else f"{now} as before", change))
    return rows


def facts_of(summary: Mapping[str, Any], *, currency: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give all that is known of the account by subject; what is not known says so."""
    every = sorted(summary["reasons"], key=lambda one: str(one["feature"]))
    found = {
        title: [
            (str(one["feature"]), told(one["value"], one["unit"], currency))
            for one in every
            if one["family"] == family
        ]
        for family, title in FACTS.items()
    }
    return [(title, rows) for title, rows in found.items() if rows]


def bundles_of(considered: pd.DataFrame | None, *, currency: str) -> list[Mapping[str, Any]]:
    """Give the bundles that were weighed; of each what it takes, brings, and why not it."""
    if considered is None:
        return []
    return [_bundle(row, currency) for row in considered.to_dict("records")]


def _bundle(row: Mapping[Any, Any], currency: str) -> Mapping[str, Any]:
    step = row["marginal_per_hour"]
    if is_known(row["not_allowed"]):
        remark = f"not allowed: {row['not_allowed']}"
    elif is_known(step):
        remark = f"{money(step, currency)} an hour more"
    else:
        remark = "costs more than it brings" if row["value"] < 0 else "another earns more in that time"
    return {
        "touches": row["touches"] or "nothing",
        "hours": hours(row["hours"]),
        "value": money(row["value"], currency),
        "remark": remark,
        "passes": bool(row["passes"]),
    }


def chances_of(chances: Mapping[str, Any]) -> str:
    """Word the chances that are known."""
    known = [f"{name} {percent(chance)}" for name, chance in chances.items() if is_known(chance)]
    return ", ".join(known) or "unknown without models of contraction and expansion"


def history_of(scores: pd.DataFrame, now: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the probability of leaving by day: the runs that the ledger keeps, and today's."""
    names = {"value": "churn_probability", "low": "churn_low", "high": "churn_high"}
    points: list[Mapping[str, Any]] = [
        {
            "day": row["as_of"],
            **{name: row[column] for name, column in names.items()},
            "model": row["model_version"],
        }
        for row in scores.to_dict("records")
    ]
    day = now.get("observation_date")
    if not is_known(day):
        return points
    day = pd.Timestamp(day).normalize()
    before = [point for point in points if pd.Timestamp(point["day"]) < day]
    today = {"day": day, **{name: now.get(column) for name, column in names.items()}}
    return [*before, {**today, "model": as_text(now.get("model_version"))}]
