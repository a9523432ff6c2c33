"""The risk against reward matrix as data: its cells, each with segment, priority and ceilings (R3)."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np
import pandas as pd

from standfast.decision.columns import Floats, Ints, codes_of, numbers, texts
from standfast.errors import InputError
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


@dataclass(frozen=True)
class Matrix:
    """Cells in order of priority, one for each pair of the matrix's risk and value tiers.

    Raises
    ------
    InputError
        Two cells share a segment's name, or one comes after another that is neither riskier nor worth more.
    """

    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        """Hold the laws: every pair of tiers has a cell; more risk or more value never waits longer."""
        pairs = [(cell.risk_tier, cell.value_tier) for cell in self.cells]
        if sorted(pairs) != sorted(product(self.risk_tiers, self.value_tiers)):
            raise ValueError(f"a matrix has one cell for each pair of its tiers, not {pairs}")
        if [cell.priority for cell in self.cells] != list(range(1, len(self.cells) + 1)):
            raise ValueError("the cells of a matrix come in order of priority, 1 first")
        for ahead, behind in combinations(self.cells, 2):
            if ahead.segment == behind.segment:
                raise InputError(
                    f"the cells {ahead.name!r} and {behind.name!r} are both called {ahead.segment!r}; "
                    "give each a name of its own under [matrix.cells]"
                )
            if _is_below(ahead, behind):
                raise InputError(
                    f"{behind.segment!r} ({behind.name}) would come after {ahead.segment!r} ({ahead.name}), "
                    "although its risk or its value is higher and neither is lower; change their priority "
                    "under [matrix.cells]"
                )

    @cached_property
    def risk_tiers(self) -> tuple[str, ...]:
        """The tiers of risk, high first."""
        return tuple(tier for tier in RISK_TIERS if tier in {cell.risk_tier for cell in self.cells})

    @cached_property
    def value_tiers(self) -> tuple[str, ...]:
        """The tiers of value, high first."""
        return tuple(tier for tier in VALUE_TIERS if tier in {cell.value_tier for cell in self.cells})

    @cached_property
    def cell_names(self) -> tuple[str, ...]:
        """Each cell's place in words, such as ``high risk, high value``."""
        return tuple(cell.name for cell in self.cells)

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Each cell's segment."""
        return tuple(cell.segment for cell in self.cells)

    @cached_property
    def places(self) -> Ints:
        """Each cell's place in ``cells`` by risk and value tier; the last row and column are empty."""
        places = np.full((len(self.risk_tiers) + 1, len(self.value_tiers) + 1), -1, dtype=np.int64)
        for place, cell in enumerate(self.cells):
            places[self.risk_tiers.index(cell.risk_tier), self.value_tiers.index(cell.value_tier)] = place
        return places


def _is_below(cell: Cell, other: Cell) -> bool:
    """Say whether a cell is neither riskier nor worth more than another."""
    return RISK_TIERS.index(cell.risk_tier) >= RISK_TIERS.index(other.risk_tier) and VALUE_TIERS.index(
        cell.value_tier
    ) >= VALUE_TIERS.index(other.value_tier)


MATRIX = Matrix(CELLS)
"""The matrix of the documented defaults: three tiers of risk by three of value."""
CELL_NAMES = MATRIX.cell_names
SEGMENTS = MATRIX.segments


def place_in_matrix(scores: pd.DataFrame, *, matrix: Matrix = MATRIX) -> pd.DataFrame:
    """Return the scores with ``cell``, ``segment`` and ``priority``; empty where a tier is empty.

    Examples
    --------
    >>> book = pd.DataFrame({"risk_tier": ["high", "low"], "value_tier": ["high", "medium"]})
    >>> place_in_matrix(book)[["cell", "segment", "priority"]].values.tolist()
    [['high risk, high value', 'Save', 1], ['low risk, medium value', 'Nurture', 6]]
    """
    risk = codes_of(scores, "risk_tier", matrix.risk_tiers)
    place = matrix.places[risk, codes_of(scores, "value_tier", matrix.value_tiers)]
    priority = pd.array(np.where(place < 0, 0, place + 1), dtype="Int64")
    priority[place < 0] = pd.NA
    return scores.assign(
        cell=texts(matrix.cell_names, place, scores.index),
        segment=texts(matrix.segments, place, scores.index),
        priority=pd.Series(priority, index=scores.index),
    )


def refuse_other_matrix(scores: pd.DataFrame, *, matrix: Matrix) -> None:
    """Refuse scores that were placed by another matrix: what one calls a cell is another's other cell.

    Raises
    ------
    InputError
        Shows a cell as the scores have it and as the matrix has it.
    """
    met = scores[["cell", "segment", "priority"]].dropna(subset="cell").drop_duplicates()
    known = {cell.name: (cell.segment, cell.priority) for cell in matrix.cells}
    for name, segment, priority in sorted(met.astype(str).itertuples(index=False, name=None)):
        there, rank = known.get(name), priority.removesuffix(".0")
        if there is None or (segment, rank) != (there[0], str(there[1])):
            ours = f"is {there[0]!r} with priority {there[1]}" if there else "does not exist"
            raise InputError(
                f"the scores were placed by another matrix: {name!r} is {segment!r} with priority {rank} "
                f"there, and in the matrix of the settings it {ours}; score again under these settings, or "
                "take the columns cell, segment and priority out to have the accounts placed anew"
            )


def summarise_matrix(scores: pd.DataFrame, *, matrix: Matrix = MATRIX) -> pd.DataFrame:
    """Return one row per cell, all of them in order of priority, with its accounts and its money."""
    place = codes_of(scores, "cell", matrix.cell_names)
    money = ("annual_revenue", "revenue_at_risk", "expected_upsell")
    return pd.DataFrame(
        {
            "cell": matrix.cell_names,
            "segment": matrix.segments,
            "priority": [cell.priority for cell in matrix.cells],
            "n_accounts": np.bincount(place[place >= 0], minlength=len(matrix.cells)),
            **{name: _sum_by_cell(place, numbers(scores, name), matrix) for name in money},
        }
    )


def _sum_by_cell(place: Ints, money: Floats, matrix: Matrix) -> Floats:
    """Add up what is known in each cell."""
    known = (place >= 0) & ~np.isnan(money)
    return np.bincount(place[known], weights=money[known], minlength=len(matrix.cells)).astype(np.float64)
