"""What typing a table's rows told: how many are used, why others were set aside, how times are written."""

from collections.abc import Iterator, Mapping

from standfast.adapters import cell_money
from standfast.adapters.book_cells import KIND_WORDS, quoted
from standfast.adapters.book_typing import Remark, Typing, remark_of
from standfast.features.findings import Finding
from standfast.features.read_findings import zone_findings
from standfast.schema import Column

_MOMENTS = ("date", "time")
_HINTED = (Remark.OTHER_ORDER, Remark.COUNT)
_MOST_HOURS = 24
_IS_ZONED = f">= {Remark.ZONED - _MOST_HOURS}"


def figures(typing: Typing) -> dict[str, str]:
    """Give, by name, the SQL of each figure about the typed rows; ``reasons`` and ``remarks`` read them."""
    wanted = {"rows": "count(*)", "used": f"count(*) FILTER ({is_used(typing)})"}
    for column in typing.known:
        if column.needed:
            lack = _first_lack(typing, column.name)
            wanted[f"lack {column.name}"] = f"count(*) FILTER ({lack})"
            for remark in _HINTED if column.kind in _MOMENTS else ():
                wanted[f"lack {column.name} {remark:d}"] = (
                    f"count(*) FILTER ({lack} AND {_has(column, remark)})"
                )
        elif column.kind != "text":
            for remark in (Remark.UNREADABLE, Remark.NO_UNIT, *_HINTED):
                wanted[f"{column.name} {remark:d}"] = f"count(*) FILTER ({_has(column, remark)})"
        if column.kind in _MOMENTS and typing.is_told_in_text(column):
            wanted |= _zone_figures(column)
    return wanted


def reasons(typing: Typing, counts: Mapping[str, int]) -> dict[str, int]:
    """Say why rows were set aside (each once, at its first lack) and which other cells could not be read."""
    told = [*_rows_set_aside(typing, counts), *_cells_left_empty(typing, counts)]
    return {reason: n for reason, n in told if n}


def remarks(typing: Typing, counts: Mapping[str, int]) -> Iterator[Finding]:
    """Say which columns hold times of several zones, or times with a zone and without."""
    for column in typing.known:
        if f"{column.name} zoned" in counts:
            yield from zone_findings(
                typing.table.name,
                column.name,
                n_zoned=counts[f"{column.name} zoned"],
                n_bare=counts[f"{column.name} bare"],
                hours=(counts[f"{column.name} west"] or 0, counts[f"{column.name} east"] or 0),
                time_zone=typing.reading.policy.time_zone,
            )


def is_used(typing: Typing) -> str:
    """Give SQL that tells whether a typed row has all that the table cannot do without."""
    return " AND ".join(f"{quoted(name)} IS NOT NULL" for name in typing.table.needed)


def _rows_set_aside(typing: Typing, counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    hints = _hints(typing)
    for name in typing.table.needed:
        hinted = {remark: counts.get(f"lack {name} {remark:d}", 0) for remark in _HINTED}
        yield f"row set aside: no readable {name}", counts[f"lack {name}"] - sum(hinted.values())
        for remark, n_rows in hinted.items():
            yield f"row set aside: {name} is {hints[remark]}", n_rows


def _cells_left_empty(typing: Typing, counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    hints = _hints(typing)
    unit = f"without a known {cell_money.what_it_needs(typing.reading)}"
    for column in typing.checked:
        told = {
            Remark.UNREADABLE: f"not of the form {KIND_WORDS[column.kind]}",
            Remark.NO_UNIT: unit,
            **hints,
        }
        for remark, reason in told.items():
            n_cells = counts.get(f"{column.name} {remark:d}", 0)
            yield f"cell left empty: {typing.taken[column.name]} is {reason}", n_cells


def _hints(typing: Typing) -> dict[Remark, str]:
    """Say how a cell is written that could be read if the settings said so."""
    section = f"[read.{typing.table.name}]"
    order = typing.reading.policy.date_order
    way_out = (
        f"say date_order under {section}" if order == "year_first" else f"not {order}, as {section} says"
    )
    return {
        Remark.OTHER_ORDER: f"written like 27/07/2023 ({way_out})",
        Remark.COUNT: f'written like 1690416000 (say timestamps = "unix" under {section})',
    }


def _zone_figures(column: Column) -> dict[str, str]:
    remark, zoned = quoted(remark_of(column.name)), f"FILTER ({quoted(remark_of(column.name))} {_IS_ZONED})"
    return {
        f"{column.name} zoned": f"count(*) {zoned}",
        f"{column.name} bare": f"count(*) FILTER ({_has(column, Remark.NO_ZONE)})",
        f"{column.name} west": f"min({remark} - {Remark.ZONED:d}) {zoned}",
        f"{column.name} east": f"max({remark} - {Remark.ZONED:d}) {zoned}",
    }


def _has(column: Column, remark: Remark) -> str:
    return f"{quoted(remark_of(column.name))} = {remark:d}"


def _first_lack(typing: Typing, name: str) -> str:
    """Give SQL for: this needed value is the first one the row lacks."""
    needed = typing.table.needed
    before = needed[: needed.index(name)]
    return " AND ".join([*(f"{quoted(other)} IS NOT NULL" for other in before), f"{quoted(name)} IS NULL"])
