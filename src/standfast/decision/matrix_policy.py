"""What a team may change of the matrix: its tiers, and what each cell is called and given (R3, R4)."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Annotated, Literal

from annotated_types import Ge
from typing_extensions import Doc

from standfast.decision.alert_policy import Function
from standfast.decision.matrix import CELLS, Ceiling, Cell, Matrix
from standfast.errors import InputError
from standfast.schema import RISK_TIERS, VALUE_TIERS

Tier = Literal["high", "medium", "low"]
CEILINGS = tuple(part.name for part in fields(Ceiling))


@dataclass(frozen=True, kw_only=True)
class CellChange:
    """What a team changes of one cell; what is None stays as it is."""

    segment: Annotated[str | None, Doc("the name of the cell's segment, everywhere")] = None
    priority: Annotated[int | None, Ge(1), Doc("the cell's place in the order of attention, 1 first")] = None
    sla_days: Annotated[int | None, Ge(0), Doc("days until the first touch is due")] = None
    owner_function: Annotated[Function | None, Doc("CS, sales, finance or executive")] = None
    contact_cap: Annotated[float | None, Ge(0), Doc("most contacts in a horizon; a visit counts two")] = None
    visits: Annotated[int | None, Ge(0), Doc("most visits in a horizon")] = None
    reviews: Annotated[int | None, Ge(0), Doc("most business reviews in a horizon")] = None
    calls: Annotated[int | None, Ge(0), Doc("most calls in a horizon")] = None
    emails: Annotated[int | None, Ge(0), Doc("most personal e-mails in a horizon")] = None
    digital: Annotated[int | None, Ge(0), Doc("most automated messages in a horizon")] = None
    words: Annotated[str | None, Doc("who is in it and what is done, for the glossary")] = None

    @property
    def given(self) -> dict[str, object]:
        """What is changed."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class MatrixPolicy:
    """Which tiers the matrix has, and what is changed of its cells."""

    risk_tiers: Annotated[
        tuple[Tier, ...], Doc('tiers of risk; ["high", "low"] calls all below high low')
    ] = RISK_TIERS  # type: ignore[assignment]
    value_tiers: Annotated[
        tuple[Tier, ...], Doc('tiers of value; ["high", "low"] calls all below high low')
    ] = VALUE_TIERS  # type: ignore[assignment]
    cells: Annotated[
        Mapping[str, CellChange],
        Doc("[matrix.cells.Save] and so on: what you change of a cell; config/matrix.toml shows all of them"),
    ] = field(default_factory=dict)


def build_matrix(policy: MatrixPolicy) -> Matrix:
    """Return a team's matrix: those of the nine cells whose tiers it keeps, with what it changes of them.

    Raises
    ------
    InputError
        The tiers lack high or low, a cell is unknown or not kept, or the priorities break the matrix's law.

    Examples
    --------
    >>> two_by_two = MatrixPolicy(risk_tiers=("high", "low"), value_tiers=("high", "low"))
    >>> [(cell.priority, cell.segment) for cell in build_matrix(two_by_two).cells]
    [(1, 'Save'), (2, 'Protect & grow'), (3, 'Rescue by program'), (4, 'Maintain')]
    """
    _check_tiers("risk_tiers", policy.risk_tiers)
    _check_tiers("value_tiers", policy.value_tiers)
    kept = [c for c in CELLS if c.risk_tier in policy.risk_tiers and c.value_tier in policy.value_tiers]
    _check_cells(policy, [cell.segment for cell in kept])
    ordered = _in_order(kept, policy.cells)
    return Matrix(
        tuple(
            _changed(replace(cell, priority=place), policy.cells.get(cell.segment, CellChange()))
            for place, cell in enumerate(ordered, start=1)
        )
    )


def _check_tiers(key: str, tiers: tuple[str, ...]) -> None:
    if len(set(tiers)) != len(tiers) or not {"high", "low"} <= set(tiers):
        raise InputError(
            f'[matrix] {key} = {list(tiers)} is impossible; it holds "high" and "low", and "medium" or not, '
            "each once"
        )


def _check_cells(policy: MatrixPolicy, kept: list[str]) -> None:
    """Refuse changes of cells that are not there."""
    default = {cell.segment: cell for cell in CELLS}
    for name, change in policy.cells.items():
        if name not in kept:
            near = difflib.get_close_matches(name, kept, n=1, cutoff=0.0)[0]
            why = (
                f"is {default[name].name}, which this matrix does not have"
                if name in default
                else "is unknown"
            )
            raise InputError(f'[matrix.cells."{name}"] {why}; the nearest of its cells is {near!r}')
        if change.segment is not None and not change.segment.strip():
            raise InputError(f'[matrix.cells."{name}"] segment = {change.segment!r} is no name; write one')


def _in_order(kept: list[Cell], changes: Mapping[str, CellChange]) -> list[Cell]:
    """Put cells with a priority of their own there, and the others around them in their known order."""
    asked: dict[int, Cell] = {}
    for cell in kept:
        place = changes[cell.segment].priority if cell.segment in changes else None
        if place is None:
            continue
        if place > len(kept):
            raise InputError(
                f'[matrix.cells."{cell.segment}"] priority = {place} is impossible; this matrix has '
                f"{len(kept)} cells"
            )
        if place in asked:
            raise InputError(
                f"[matrix.cells] gives {asked[place].segment!r} and {cell.segment!r} the same "
                f"priority {place}; "
                "give each its own"
            )
        asked[place] = cell
    others = iter(cell for cell in kept if cell not in asked.values())
    return [asked.get(place) or next(others) for place in range(1, len(kept) + 1)]


def _changed(cell: Cell, change: CellChange) -> Cell:
    """Return the cell with what is changed of it."""
    given = {name: value for name, value in change.given.items() if name != "priority"}
    ceiling = {name: given.pop(name) for name in CEILINGS if name in given}
    return replace(cell, ceiling=replace(cell.ceiling, **ceiling), **given)  # type: ignore[arg-type]
