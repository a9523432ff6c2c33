"""The risk against reward matrix as data: nine cells, each with its segment, priority and ceilings (R3)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, Ints, codes_of, numbers, texts
from standfast.schema import RISK_TIERS, VALUE_TIERS


@dataclass(frozen=True, kw_only=True)
class Ceiling:
    """The most touches of each channel that a cell allows in one horizon."""

    visits: int
    reviews: int
    calls: int
    emails: int
    digital: int = 3


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of the matrix: what it is called, how soon and how much it is cared for, and by whom."""

    risk_tier: str
    value_tier: str
    segment: str
    priority: int
    sla_days: int
    owner_function: str
    contact_cap: int
    ceiling: Ceiling
    words: str

    @property
    def name(self) -> str:
        """The cell's place in words, such as ``high risk, high value``."""
        return f"{self.risk_tier} risk, {self.value_tier} value"


CELLS: tuple[Cell, ...] = (
    Cell(
        risk_tier="high", value_tier="high", segment="Save", priority=1, sla_days=2,
        owner_function="executive", contact_cap=10, ceiling=Ceiling(visits=2, reviews=1, calls=6, emails=3),
        words="Large accounts likely to leave: first call on everyone's time, an executive sponsor included.",
    ),
    Cell(
        risk_tier="high", value_tier="medium", segment="Rescue", priority=2, sla_days=5,
        owner_function="CS", contact_cap=6, ceiling=Ceiling(visits=1, reviews=1, calls=6, emails=3),
        words="Mid-sized accounts likely to leave: a CSM finds the cause and agrees a plan.",
    ),
    Cell(
        risk_tier="medium", value_tier="high", segment="Steer", priority=3, sla_days=5,
        owner_function="CS", contact_cap=6, ceiling=Ceiling(visits=1, reviews=1, calls=6, emails=3),
        words="Large accounts that drift: close guidance before drift becomes risk.",
    ),
    Cell(
        risk_tier="low", value_tier="high", segment="Protect & grow", priority=4, sla_days=10,
        owner_function="sales", contact_cap=6, ceiling=Ceiling(visits=1, reviews=1, calls=4, emails=3),
        words="Large and loyal accounts: keep the value visible and open the next step of growth.",
    ),
    Cell(
        risk_tier="medium", value_tier="medium", segment="Watch", priority=5, sla_days=10,
        owner_function="CS", contact_cap=6, ceiling=Ceiling(visits=0, reviews=1, calls=4, emails=3),
        words="Mid-sized accounts at the book's usual risk or above: regular check-ins, quick answers.",
    ),
    Cell(
        risk_tier="low", value_tier="medium", segment="Nurture", priority=6, sla_days=20,
        owner_function="sales", contact_cap=6, ceiling=Ceiling(visits=0, reviews=1, calls=3, emails=3),
        words="Mid-sized and loyal accounts: light contact, aimed at growth.",
    ),
    Cell(
        risk_tier="high", value_tier="low", segment="Rescue by program", priority=7, sla_days=14,
        owner_function="CS", contact_cap=6, ceiling=Ceiling(visits=0, reviews=0, calls=3, emails=2),
        words="Small accounts likely to leave: one program for all, with a pooled call where it pays.",
    ),
    Cell(
        risk_tier="medium", value_tier="low", segment="Monitor", priority=8, sla_days=30,
        owner_function="CS", contact_cap=6, ceiling=Ceiling(visits=0, reviews=0, calls=2, emails=2),
        words="Small accounts at the book's usual risk or above: automated messages and alerts.",
    ),
    Cell(
        risk_tier="low", value_tier="low", segment="Maintain", priority=9, sla_days=30,
        owner_function="finance", contact_cap=6, ceiling=Ceiling(visits=0, reviews=0, calls=1, emails=1),
        words="Small and loyal accounts: self-service, automated messages, no routine hours.",
    ),
)  # fmt: skip
"""All nine cells in order of priority; days, caps and ceilings are per horizon and our own judgement."""

CELL_NAMES = tuple(cell.name for cell in CELLS)
SEGMENTS = tuple(cell.segment for cell in CELLS)


def _places() -> Ints:
    """Return each cell's place in ``CELLS`` by risk and value tier; the last row and column are empty."""
    places = np.full((len(RISK_TIERS) + 1, len(VALUE_TIERS) + 1), -1, dtype=np.int64)
    for place, cell in enumerate(CELLS):
        places[RISK_TIERS.index(cell.risk_tier), VALUE_TIERS.index(cell.value_tier)] = place
    return places


_PLACES = _places()


def place_in_matrix(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with ``cell``, ``segment`` and ``priority``; empty where a tier is empty.

    Examples
    --------
    >>> book = pd.DataFrame({"risk_tier": ["high", "low"], "value_tier": ["high", "medium"]})
    >>> place_in_matrix(book)[["cell", "segment", "priority"]].values.tolist()
    [['high risk, high value', 'Save', 1], ['low risk, medium value', 'Nurture', 6]]
    """
    place = _PLACES[codes_of(scores, "risk_tier", RISK_TIERS), codes_of(scores, "value_tier", VALUE_TIERS)]
    priority = pd.array(np.where(place < 0, 0, place + 1), dtype="Int64")
    priority[place < 0] = pd.NA
    return scores.assign(
        cell=texts(CELL_NAMES, place, scores.index),
        segment=texts(SEGMENTS, place, scores.index),
        priority=pd.Series(priority, index=scores.index),
    )


def summarise_matrix(scores: pd.DataFrame) -> pd.DataFrame:
    """Return one row per cell, all nine in order of priority, with its accounts and its money."""
    place = codes_of(scores, "cell", CELL_NAMES)
    return pd.DataFrame(
        {
            "cell": CELL_NAMES,
            "segment": SEGMENTS,
            "priority": [cell.priority for cell in CELLS],
            "n_accounts": np.bincount(place[place >= 0], minlength=len(CELLS)),
            **{
                name: _sum_by_cell(place, numbers(scores, name))
                for name in ("annual_revenue", "revenue_at_risk", "expected_upsell")
            },
        }
    )


def _sum_by_cell(place: Ints, money: Floats) -> Floats:
    """Add up what is known in each cell."""
    known = (place >= 0) & ~np.isnan(money)
    return np.bincount(place[known], weights=money[known], minlength=len(CELLS)).astype(np.float64)
