"""The matrix as a grid a person reads: a row for each tier of risk, a column for each of value."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from standfast.report.wording import GLUE, UNKNOWN, as_text, count, counted, is_known, money
from standfast.schema import RISK_TIERS, VALUE_TIERS


@dataclass(frozen=True)
class GridCell:
    """One cell, worded; ``bar`` is its share, in percent, of the largest revenue at risk."""

    segment: str
    priority: str
    accounts: str
    revenue: str
    at_risk: str
    tone: str
    bar: int
    is_empty: bool


@dataclass(frozen=True)
class GridRow:
    """One level of risk with its cells, high value first."""

    risk: str
    cells: tuple[GridCell, ...]


def grid(matrix: pd.DataFrame) -> list[GridRow]:
    """Give the cells by row, or nothing where the book has no matrix."""
    if not len(matrix):
        return []
    records = matrix.to_dict("records")
    by_tier = {(cell["risk_tier"], cell["value_tier"]): cell for cell in records}
    risks, values = tiers_of(matrix)
    worst = max((cell["revenue_at_risk"] for cell in records if is_known(cell["revenue_at_risk"])), default=0)
    return [
        GridRow(risk, tuple(_cell(by_tier[risk, value], risk, value, worst) for value in values))
        for risk in risks
    ]


def tiers_of(matrix: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the tiers of risk and of value that a matrix has, high first."""
    risks, values = set(matrix["risk_tier"]), set(matrix["value_tier"])
    return tuple(t for t in RISK_TIERS if t in risks), tuple(t for t in VALUE_TIERS if t in values)


def _cell(cell: Mapping[Hashable, Any], risk: str, value: str, worst: float) -> GridCell:
    n_accounts = cell.get("n_accounts")
    is_empty = not is_known(n_accounts) or n_accounts == 0
    at_risk = 0.0 if is_empty or not is_known(cell.get("revenue_at_risk")) else float(cell["revenue_at_risk"])
    return GridCell(
        segment=str(as_text(cell.get("segment"))),
        priority=count(cell.get("priority")),
        accounts="no accounts" if is_empty else counted(n_accounts, "account").replace(GLUE, " "),
        revenue=UNKNOWN if is_empty else money(cell.get("annual_revenue")),
        at_risk=UNKNOWN if is_empty else money(cell.get("revenue_at_risk")),
        tone=f"tone-{risk}-{value}",
        bar=round(100 * at_risk / worst) if worst > 0 else 0,
        is_empty=is_empty,
    )


def risk_rows(scores: pd.DataFrame) -> list[tuple[str, str]]:
    """Count the accounts of each risk tier, for a book whose value is unknown."""
    if "risk_tier" not in scores or not scores["risk_tier"].notna().any():
        return []
    tiers = scores["risk_tier"].astype("object").value_counts()
    known = [tier for tier in RISK_TIERS if tier != "medium" or tier in tiers]
    return [(tier, count(tiers.get(tier, 0))) for tier in known]
